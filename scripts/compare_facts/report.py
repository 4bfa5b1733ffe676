"""The comparison as text: the table, the reasons, the files."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.compare_facts.comparison import Comparison, Difference, Score

_COLUMNS = ("language", "peer", "files", "definitions", "types", "bases", "methods", "functions", "bound")


def table(
    results: Mapping[str, Comparison], titles: Mapping[str, Sequence[str]], known: Mapping[str, Mapping[str, Any]]
) -> str:
    """One row a language, in Markdown. Two figures are recall / precision; below them, in brackets, the same with what
    is put aside left out, where that differs."""
    rows = [_COLUMNS, tuple("---" for _ in _COLUMNS)]
    for name, result in results.items():
        bounds = known[name]
        rows.append(
            (
                name,
                bounds["called"],
                f"{result.files:,}",
                f"{result.definitions:,}",
                _pair(result.scores["types"], result.fair["types"]),
                _single(result.scores["bases"], result.fair["bases"]),
                _single(result.scores["methods"], result.fair["methods"]),
                _pair(result.scores["functions"], result.fair["functions"]),
                " ".join(dict.fromkeys(str(bounds[measure]) for measure in ("types", "bases", "functions"))),
            )
        )
    sources = [f"{name}: {', '.join(titles[name])}" for name in results]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", "Sources. " + "; ".join(sources) + "."])


def reasons(name: str, result: Comparison) -> str:
    """How many differences each explanation covers, and how many none does, each with an example."""
    groups: dict[tuple[str, bool], list[Difference]] = defaultdict(list)
    for difference in result.differences:
        groups[difference.reason, difference.aside].append(difference)
    lines = [f"\n{name}: {len(result.differences):,} differences"]
    for (reason, aside), found in sorted(groups.items(), key=lambda item: -len(item[1])):
        files = len({difference.definition.file for difference in found})
        mark = " (put aside)" if aside else ""
        lines.append(f"  {len(found):,} in {files:,} files{mark}: {reason or 'unexplained'}")
        lines.append(f"      as {describe(found[0])}")
    lines += [f"  {number:,} of ours where the peer did not look: {why}" for why, number in result.unread.items()]
    lines += [f"  {number:,} {why}" for why, number in result.notes.items()]
    return "\n".join(lines)


def differing_files(name: str, result: Comparison, limit: int) -> str:
    """The files with most differences, and of what sort these are."""
    files: dict[str, Counter[str]] = defaultdict(Counter)
    for difference in result.differences:
        files[difference.definition.file][difference.reason or "unexplained"] += 1
    most = sorted(files.items(), key=lambda item: -item[1].total())
    lines = [f"{name}: {len(files):,} of {result.files:,} files differ" + (":" if files else ".")]
    for file, found in most[:limit]:
        lines.append(f"  {file}: " + "; ".join(f"{number} {reason}" for reason, number in found.most_common()))
    if len(most) > limit:
        lines.append(f"  and {len(most) - limit:,} more (--files, --json)")
    return "\n".join(lines)


def describe(difference: Difference) -> str:
    """One difference in a line."""
    definition = difference.definition
    name = f"{definition.scope}.{definition.name}" if definition.scope else definition.name
    who = {"peer": "only the peer has", "ours": "only we have", "both": difference.measure + " of"}[difference.side]
    detail = f": {difference.detail}" if difference.detail else ""
    return f"{definition.file}:{definition.line}, {who} {definition.group} {name}{detail}"


def _pair(score: Score, fair: Score) -> str:
    raw, best = (f"{one.recall:.2f} / {one.precision:.2f}" for one in (score, fair))
    return raw if raw == best else f"{raw} ({best})"


def _single(score: Score, fair: Score) -> str:
    if not score.same + score.missed + score.extra:
        return "-"
    raw, best = (f"{one.recall:.2f}" for one in (score, fair))
    return raw if raw == best else f"{raw} ({best})"
