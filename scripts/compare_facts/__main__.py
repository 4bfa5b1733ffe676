"""The command line: `scripts/compare-facts --help`."""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.compare_facts import ours
from scripts.compare_facts.comparison import MEASURES, Comparison, Explanation
from scripts.compare_facts.definition import MissingError
from scripts.compare_facts.kept import kept_findings
from scripts.compare_facts.report import differing_files, reasons, table
from scripts.compare_facts.sources import Source, cache_folder, fetch, files_of, sources_of

from codeanvil.facts.text import decode

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """Compare, print, and say by the exit code whether every language is good enough: 0 yes, 1 no, 2 wrong usage."""
    known = tomllib.loads((HERE / "languages.toml").read_text("utf-8"))
    options = _parser(known).parse_args(arguments)
    if unknown := sorted(set(options.languages) - known.keys()):
        print(f"compare-facts: {unknown[0]} has no peer; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    results: dict[str, Comparison] = {}
    titles: dict[str, list[str]] = {}
    code = 0
    for language in options.languages or known:
        try:
            sources = [Source("folder", str(options.folder))] if options.folder else sources_of(language)
            titles[language] = [source.title for source in sources]
            results[language] = compare(language, known[language]["peer"], sources, fresh=options.fresh)
        except MissingError as missing:
            print(f"compare-facts: {language}: {missing}", file=sys.stderr)
            code = 1
    failed = [(name, result) for name, result in results.items() if not good_enough(result, known[name])]
    if options.json:
        print(json.dumps({name: _as_json(result, titles[name], known[name]) for name, result in results.items()}))
    else:
        print(table(results, titles, known))
        for name, result in results.items():
            print(reasons(name, result))
            print(differing_files(name, result, options.files))
    for name, result in failed:
        print(f"compare-facts: {name} is below its bound: {_shortfall(result, known[name])}.", file=sys.stderr)
    return 1 if failed else code


def compare(language: str, peer_module: str, sources: list[Source], *, fresh: bool = False) -> Comparison:
    """Both sides over all sources of a language. Raises MissingError."""
    peer = import_module(f"scripts.compare_facts.{peer_module}")
    explanations = explanations_of(language)
    comparison = Comparison()
    for source in sources:
        root = Path(source.package).resolve() if source.registry == "folder" else fetch(source)
        paths = list(files_of(root, source, language))
        if not paths:
            raise MissingError(f"{source.title} holds no {language}; mend its entry in scripts/compare_facts/sources.")
        print(f"compare-facts: {language}: {source.title}, {len(paths)} files", file=sys.stderr)

        @lru_cache(maxsize=8)
        def lines_of(path: str, root: Path = root) -> list[str]:
            return decode((root / path).read_bytes()).splitlines()

        mine = ours.found(root, paths, language)
        theirs = kept_findings(peer, source, root, paths, language, fresh=fresh)
        comparison.add(paths, mine.definitions, theirs, explanations, lines_of)
    return comparison


def explanations_of(language: str) -> list[Explanation]:
    """The explained differences of a language, in the order in which they are tried."""
    file = HERE / "explained" / f"{language}.toml"
    entries = tomllib.loads(file.read_text("utf-8")).get("difference", []) if file.is_file() else []
    return [Explanation(**entry) for entry in entries]


def good_enough(result: Comparison, bounds: Mapping[str, Any]) -> bool:
    """Whether each figure, differences put aside left out, reaches its bound."""
    return not _shortfall(result, bounds)


def _shortfall(result: Comparison, bounds: Mapping[str, Any]) -> str:
    below = []
    for measure in MEASURES:
        score = result.fair[measure]
        least = min(score.recall, score.precision)
        if least < bounds[measure]:
            below.append(f"{measure} {least:.2f} of {bounds[measure]}")
    return ", ".join(below)


def _as_json(result: Comparison, titles: list[str], bounds: Mapping[str, Any]) -> dict[str, Any]:
    def figures(scores: Mapping[Any, Any]) -> dict[str, Any]:
        return {
            name: asdict(score) | {"recall": score.recall, "precision": score.precision}
            for name, score in scores.items()
        }

    return {
        "peer": bounds["called"],
        "sources": titles,
        "files": result.files,
        "definitions": result.definitions,
        "scores": figures(result.scores),
        "without_what_is_put_aside": figures(result.fair),
        "bounds": {measure: bounds[measure] for measure in MEASURES},
        "good_enough": good_enough(result, bounds),
        "unread_by_peer": dict(result.unread),
        "notes": dict(result.notes),
        "differences": [asdict(difference) for difference in result.differences],
    }


def _parser(known: Mapping[str, Any]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/compare-facts",
        description="Measure CodeAnvil's facts against independent parsers on real sources from the registries.",
        epilog="Exit code 1 where a figure is below its bound (scripts/compare_facts/languages.toml) or a tool lacks. "
        f"Sources are kept in {cache_folder()}; XDG_CACHE_HOME moves that.",
    )
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help=f"of {', '.join(known)}; without one, all")
    parser.add_argument("--json", action="store_true", help="one JSON document with every difference")
    parser.add_argument("--files", type=int, default=20, metavar="N", help="list at most N files that differ (20)")
    parser.add_argument("--fresh", action="store_true", help="ask the peers anew, as after an update of one")
    parser.add_argument("--folder", type=Path, help="compare this folder instead of fetched sources")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
