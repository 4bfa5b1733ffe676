"""Documents as sections: Markdown, reStructuredText and AsciiDoc."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.documents import format_of, read_sections
from codeanvil.facts.documents.sections import MOST_LEAD, MOST_TEXT


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("README.md", "markdown"), ("docs/Guide.MARKDOWN", "markdown"), ("README", "markdown"),
        ("INSTALL.txt", "markdown"), ("docs/index.rst", "rst"), ("README.adoc", "asciidoc"), ("notes.txt", None),
        ("md", None), (".md", None), ("src/readme.py", None), ("data.json", None),
    ],
)  # fmt: skip
def test_documents_are_told_by_their_names(path: str, form: str | None) -> None:
    assert format_of(path) == form


MARKDOWN = """\
---
title: not said
---
<p align="center"><img src="logo.png"></p>

[![build](https://x/badge.svg)](https://x) ![cover](c.svg)

# Harbor `hb` [docs](https://x)

Moves ships.

Setup
-----

Install it:

```sh
# not a title
pip install harbor
```

Then sail.

### On *Windows*

Use the installer.

## Licence

<!-- hidden -->

## Usage ##

Run `hb`.
"""

RST = """\
.. image:: logo.png

======
Harbor
======

|build| |cover|_

Moves :class:`ships <Ship>`.

Setup
=====

Install it::

    pip install harbor

.. note:: Needs Python.

On ``Windows``
--------------

Use the installer.

Usage
=====

Not a title
  ----
"""

ASCIIDOC = """\
= Harbor
:toc: left

Moves ships.

== Setup

[source,sh]
----
== not a title
pip install harbor
----

=== On *Windows*

Use the installer.

// hidden
== Usage

Run link:https://x[it].
"""


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (
            "README.md",
            MARKDOWN,
            [
                (8, ("Harbor hb docs",), "Moves ships."),
                (12, ("Harbor hb docs", "Setup"),
                 "Install it:\n\n```sh\n# not a title\npip install harbor\n```\n\nThen sail."),
                (24, ("Harbor hb docs", "Setup", "On Windows"), "Use the installer."),
                (32, ("Harbor hb docs", "Usage"), "Run `hb`."),
            ],
        ),
        (
            "README.rst",
            RST,
            [
                (3, ("Harbor",), "Moves :class:`ships <Ship>`."),
                (11, ("Harbor", "Setup"), "Install it::\n\n    pip install harbor\n\n.. note:: Needs Python."),
                (20, ("Harbor", "Setup", "On Windows"), "Use the installer."),
                (25, ("Harbor", "Usage"), "Not a title\n  ----"),
            ],
        ),
        (
            "README.adoc",
            ASCIIDOC,
            [
                (1, ("Harbor",), "Moves ships."),
                (6, ("Harbor", "Setup"), "----\n== not a title\npip install harbor\n----"),
                (14, ("Harbor", "Setup", "On Windows"), "Use the installer."),
                (19, ("Harbor", "Usage"), "Run link:https://x[it]."),
            ],
        ),
        ("README", "Before any title.\n\nHarbor\n======\n\nShips.\n",
         [(1, (), "Before any title."), (3, ("Harbor",), "Ships.")]),
        ("a.md", "", []),
        ("a.md", "# Title alone\n", []),
        ("a.md", "\r\n# One\r\n\r\ntext\r\n", [(2, ("One",), "text")]),
        ("a.md", "# A\n\n### C\n\nc\n\n## B\n\nb\n\n# D\n\nd\n",
         [(3, ("A", "C"), "c"), (7, ("A", "B"), "b"), (11, ("D",), "d")]),
        ("a.rst", "A\n=\n\nno title: too short\n\nB\n===\n\nb\n", [(1, (), "A\n=\n\nno title: too short"), (6, ("B",), "b")]),
    ],
    ids=["markdown", "rst", "asciidoc", "before titles", "empty", "title alone", "line ends", "levels", "short adornment"],
)  # fmt: skip
def test_sections_have_their_titles_lines_and_text(path: str, text: str, told: list[object]) -> None:
    form = format_of(path)
    assert form
    sections = read_sections(path, text, form)
    assert [(section.line, section.titles, section.text) for section in sections] == told
    assert all(section.lead == section.text for section in sections)


def test_a_long_section_is_told_in_parts_that_lose_nothing() -> None:
    text = "# Long\n\n" + "".join(f"Paragraph {n} is here, and it says something.\n\n" for n in range(200))
    sections = read_sections("a.md", text, "markdown")
    assert [section.part for section in sections] == list(range(1, len(sections) + 1))
    assert len(sections) > 2
    assert {section.titles for section in sections} == {("Long",)}
    assert all(len(section.text) <= MOST_TEXT for section in sections)
    said = "\n\n".join(section.text for section in sections)
    assert [f"Paragraph {n} is here" in said for n in range(200)] == [True] * 200
    lines = text.split("\n")
    assert all(section.text.startswith(lines[section.line - 1]) for section in sections[1:])


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("One sentence is here. " * 60, None),
        ("word" * 400 + " end", None),
        ("```\n" + "line of code\n" * 90 + "```\n", None),
        ("Do this:\n\n```\n" + "x" * 480 + "\n```\n\nAnd more.", "Do this:\n\n```\n" + "x" * 480 + "\n```"),
        ("Short.\n\n" + "Long. " * 90, "Short."),
    ],
)
def test_a_lead_is_short_and_whole(text: str, lead: str | None) -> None:
    (section,) = read_sections("a.md", f"# T\n\n{text}", "markdown")
    assert len(section.lead) <= 2 * MOST_LEAD
    assert section.lead.count("```") % 2 == 0
    if lead is not None:
        assert section.lead == lead


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["# a", "==", "--", "----", "text", "  in", "", "```", "|===", ".. x::", "=== b", "\0", "* c"])),
    st.sampled_from(["markdown", "rst", "asciidoc"]),
)  # fmt: skip
def test_any_lines_come_to_sections_within_the_document(lines: list[str], form: str) -> None:
    sections = read_sections("a", "\n".join(lines), form)
    for section in sections:
        assert 1 <= section.line <= section.end <= len(lines)
        assert section.text.strip()
        assert section.lead.strip()


def test_our_own_documents_are_read() -> None:
    readme = Path(__file__).parents[2] / "README.md"
    titles = {section.title for section in read_sections("README.md", readme.read_text("utf-8"), "markdown")}
    assert {"Two commands", "Privacy", "Settings"} <= titles
