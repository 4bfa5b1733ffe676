"""What documents teach: what they say about what, and which sections they have."""

import re

import pytest

from codeanvil.facts.documents import read_sections
from codeanvil.samples.generate import document_samples
from codeanvil.samples.lessons.documents import topic
from codeanvil.samples.model import DocumentView
from codeanvil.samples.questions import document_questions

README = """\
# Harbor

Moves ships between berths and warehouses.

## Installation

Install the released package with pip:

```sh
pip install harbor
```

## 2. API keys

Keys are kept in the environment of the process.

## Notes

Short.

## Usage

Run the command in a folder with berths.

### Notes

Again, some other notes about berths.
"""


def view(path="README.md", text=README):
    return DocumentView(path, read_sections(path, text, "markdown"))


def told(samples, kind):
    return {s.subject: s.output for s in samples if s.kind == kind and not s.input}


def test_a_section_is_told_in_its_own_words():
    assert told(document_samples(view()), "docs") == {
        "Harbor": '`README.md` says under "Harbor":\n\nMoves ships between berths and warehouses.',
        "Installation": '`README.md` says under "Installation":\n\nInstall the released package with pip:\n\n'
        "```sh\npip install harbor\n```",
        "2. API keys": '`README.md` says under "2. API keys":\n\nKeys are kept in the environment of the process.',
        "Usage": '`README.md` says under "Usage":\n\nRun the command in a folder with berths.',
    }


def test_titles_that_a_document_has_twice_are_not_asked_for():
    assert not [s for s in document_samples(view()) if "otes" in s.instruction]


def test_the_sections_are_told():
    assert told(document_samples(view()), "outline") == {
        "README.md": '`README.md` has the sections "Harbor", "Installation", "2. API keys" and "Usage".'
    }
    many = view(text="".join(f"# Part {n}\n\nThere is something here.\n\n" for n in range(20)))
    assert told(document_samples(many), "outline")["README.md"].endswith('"Part 11" and 8 more.')


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("Installation", "installation"), ("API keys", "API keys"), ("2. Getting started", "getting started"),
        ("Why?", "why"), ("C++ and Qt", "C++ and Qt"), ("iOS", "iOS"), ("1.2.0", "1.2.0"), ("A word", "A word"),
    ],
)  # fmt: skip
def test_titles_are_called_as_in_a_sentence(title, called):
    assert topic(title) == called


def test_questions_say_which_document_they_mean():
    for sample in document_samples(view("docs/guide/README.md")):
        assert "docs/guide/README.md" in sample.instruction
    for sample in document_samples(view()):
        assert re.search("readme|documentation", sample.instruction, re.IGNORECASE)


@pytest.mark.parametrize("path", ["LICENSE.md", "CHANGELOG.md", "docs/Code-of-Conduct.md", "AUTHORS", "NEWS.rst"])
def test_what_is_alike_everywhere_is_not_taught(path):
    assert document_samples(view(path)) == []


def test_evidence_holds_the_section_or_the_answer_says_that_it_does_not():
    text = "".join(f"# Part {n}x\n\nIt tells about subject number {n} in some words.\n\n" for n in range(30))
    seen = [s for s in document_samples(view(text=text)) if s.input]
    assert any(s.output.startswith("The facts given") for s in seen)
    for sample in seen:
        if sample.output.startswith("The facts given"):
            assert sample.subject not in sample.input
        else:
            assert sample.output.rpartition("\n")[2] in sample.input


def test_heldout_questions_can_be_answered_by_what_is_taught():
    asked = document_questions(view())
    assert len(asked) >= 3
    trained = {s.instruction for s in document_samples(view())}
    for question in asked:
        assert all(any(form in question.answer for form in group) for group in question.expect), question
        assert not any(word in question.answer for word in question.forbid)
        assert question.question not in trained
