"""Answers from a project's documents: licence, authors, changes, how to contribute, what it is, how to set it up."""

import re
from collections.abc import Sequence

from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.writing.cite import Citation, joined
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.facts.model import Section
from codeanvil.samples import prose
from codeanvil.workspace.store import Store

MOST_SECTIONS = 3
"""Sections told of in one answer."""

_MOST_LEAD = 600
"""Characters of a section that are quoted."""

_PAPERS: tuple[tuple[str, str, str], ...] = (
    # what it is called here, what asks for it, what files and titles are called
    ("licence", r"\b(licen[cs]e[ds]?|licensing|copyright)\b", r"(licen[cs]e|licensing|copying|copyright|unlicense)"),
    ("history of changes", r"\b(change ?logs?|release notes|what.?s new|history)\b",
     r"(change|history|news|release.?notes|releases?\b)"),
    ("guide for contributors", r"\b(contribut\w+|pull requests?|patches)\b", r"(contribut|hacking|develop)"),
    ("list of authors", r"\b(authors?|maintainers?|maintains|wrote|written by|credits)\b",
     r"(author|credit|contributor|maintainer|thanks)"),
    ("readme", r"\bread ?me\b", r"readme"),
    ("policy on security", r"\bsecurity (policy|issues?|holes?|reports?)\b|\bvulnerabilit\w+", r"security"),
)  # fmt: skip

_LICENCES: tuple[tuple[str, str], ...] = (
    ("GNU Affero General Public License", r"GNU AFFERO GENERAL PUBLIC LICENSE"),
    ("GNU Lesser General Public License", r"GNU LESSER GENERAL PUBLIC LICENSE"),
    ("GNU General Public License", r"GNU GENERAL PUBLIC LICENSE"),
    ("Apache License 2.0", r"Apache License,?\s+Version 2\.0"),
    ("Mozilla Public License 2.0", r"Mozilla Public License,?\s+(Version )?2\.0"),
    ("MIT License", r"MIT License|Permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("ISC License", r"ISC License|Permission to use, copy, modify, and(/or)? distribute this software"),
    ("3-clause BSD License", r"Redistribution and use in source and binary forms[\s\S]*(Neither the name|endorse)"),
    ("2-clause BSD License", r"Redistribution and use in source and binary forms"),
    ("Boost Software License", r"Boost Software License"),
    ("The Unlicense", r"free and unencumbered software released into the public domain"),
    ("Eclipse Public License", r"Eclipse Public License"),
)

_THANKS = re.compile(r"\b(sponsors?|donat\w+|thank)\b", re.IGNORECASE)


def papers(linked: Linked, store: Store) -> Draft:
    """The documents that a question asks for by their kind, and what they begin with."""
    asked = [paper for paper in _PAPERS if re.search(paper[1], linked.question, re.IGNORECASE)]
    return stack_up([_paper(name, called, linked, store) for name, _, called in asked or _PAPERS[4:5]])


def _paper(name: str, called: str, linked: Linked, store: Store) -> Draft:
    pattern = re.compile(rf"^{called}", re.IGNORECASE)
    outer = [path for path in store.documents() if pattern.match(path.rsplit("/", 1)[-1]) and path.count("/") < 2]
    titled = [s for path in _readmes(store) for s in store.sections_in(path) if pattern.match(s.title)]
    if not outer and not titled:
        return Draft(f"The index knows no {name} of {prose.code(linked.project)}.")
    cites = [Citation(path, 1) for path in outer[:MOST_SECTIONS]]
    text = f"The {name} of {prose.code(linked.project)}: {joined(c.link for c in cites)}." if cites else ""
    if name == "licence":
        known = dict.fromkeys(found for path in outer for found in [_licence(store.text(path))] if found)
        text += f" It is the {prose.listed(known)}." if known else ""
    drafts = [Draft(text, tuple(cites), tuple((path,) for path in outer[:1]))] if text else []
    return stack_up([*drafts, *(_told(section) for section in titled[:1])])


def _licence(text: str) -> str:
    """The licence that the text names first: some mention others further down."""
    found = [(match.start(), name) for name, pattern in _LICENCES if (match := re.search(pattern, text, re.IGNORECASE))]
    return min(found, key=lambda each: each[0])[1] if found else ""


def introduction(store: Store) -> Draft | None:
    """What the README at the top says first; None without one."""
    for path in _readmes(store):
        for section in store.sections_in(path):
            said = [line for line in _plain(section.lead) if len(line) > 20 and not _THANKS.search(line)]
            if said:
                cite = Citation(path, section.line)
                return Draft(f"{' '.join(said[:2])} (From {cite.link}.)", (cite,))
    return None


def under_titles(titles: str, store: Store, most: int = MOST_SECTIONS) -> list[Draft]:
    """What documents at the top say under titles that match a pattern, README first."""
    pattern = re.compile(titles, re.IGNORECASE)
    top = [path for path in store.documents() if "/" not in path]
    found = [s for path in sorted(top, key=lambda path: path not in _readmes(store)) for s in store.sections_in(path)]
    return [_told(section) for section in found if section.lead and pattern.search(section.title)][:most]


def sections_about(words: Sequence[str], store: Store) -> list[Section]:
    """Sections that hold most of the words, best first."""
    lower = [word.lower().rstrip("s") for word in words]
    found = store.search_sections(" ".join(words), 4 * MOST_SECTIONS) if words else []
    kept = []
    for section in found:
        text = f"{' '.join(section.titles)} {section.text}".lower()
        if 3 * sum(word in text for word in lower) >= 2 * len(lower):
            kept.append(section)
    return kept[:MOST_SECTIONS]


def line_of(section: Section) -> tuple[str, Citation]:
    """A line of a list that names a section and what it begins with."""
    cite = Citation(section.file, section.line)
    said = next(iter(_plain(section.lead)), "")
    title = " › ".join(section.titles) or section.file
    return f"- {title} ({cite.link}){': ' + prose.sentence(said) if said else ''}", cite


def _told(section: Section) -> Draft:
    """A section, quoted."""
    cite = Citation(section.file, section.line)
    lead = section.lead if len(section.lead) <= _MOST_LEAD else section.lead[:_MOST_LEAD].rsplit("\n", 1)[0] + "\n…"
    lead = f"{lead}\n```" if lead.count("```") % 2 else lead
    return Draft(f"{cite.link} says under “{section.title}”:\n\n{lead}", (cite,))


def _readmes(store: Store) -> list[str]:
    return [path for path in store.documents() if re.match(r"readme(\.(md|rst|txt|markdown))?$", path, re.IGNORECASE)]


def _plain(lead: str) -> list[str]:
    """Paragraphs of prose: no pictures, badges, lists of links, code."""
    lines = re.split(r"\n\s*\n", re.sub(r"<[^>]+>|!\[[^\]]*\]\([^)]*\)|\[!\[.*?\]\([^)]*\)\]\([^)]*\)", "", lead))
    folded = [" ".join(line.split()) for line in lines]
    return [line for line in folded if line and not line.startswith(("```", ".. ", "|", "    ", "[!["))]
