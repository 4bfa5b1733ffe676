"""Every sentence of every wording file, as a reader would check it by eye."""

import re
from collections import defaultdict

import pytest

from codeanvil.samples.grammar import fields, relaxed
from codeanvil.samples.phrasing import answer_template, capacity, kinds, naming, questions, wordings

SLOTS = {
    "it": "the Foo class", "name": "Foo", "kind": "class", "akind": "a class", "path": "src/foo.h", "file": "foo.h",
    "folder": "src", "owner": "Foo", "method": "bar", "member": "bar", "other": "Base", "target": "app",
    "option": "WITH_X", "dependency": "zlib", "system": "CMake", "part": "2", "topic": "setting up",
}  # fmt: skip
NAMINGS = ("type", "function", "member", "method", "file", "build", "part", "project", "document", "readme", "setting")
CATEGORIES = {
    "where", "methods", "inheritance", "purpose", "build", "stack", "signature", "negative", "contains", "code",
    "relation", "users", "docs", "changes", "configuration",
}  # fmt: skip
TYPE_KINDS = {
    "where",
    "methods",
    "bases",
    "derived",
    "purpose",
    "about",
    "exists",
    "constructor",
    "code",
    "relation",
    "users",
    "uses",
}
FILE_KINDS = {"contains", "file", "code", "uses", "docs"}


def sentences(kind, part):
    return [template for entry in getattr(wordings(kind), part) for template in entry]


def plain(template):
    """A sentence without what does not tell two sentences apart."""
    return re.sub(r"[^a-z%()]+", " ", template.lower()).strip()


@pytest.mark.parametrize("kind", kinds())
def test_sentences_are_clean_in_all_expansions(kind):
    for template in sentences(kind, "train") + sentences(kind, "heldout"):
        for text in (template % SLOTS, relaxed(template) % SLOTS):
            assert not re.search(r"[{}|<>]", text), text
            assert not re.search(r"%\(", text), text
            assert not re.search(r"\b(an?|the) (an?|the)\b", text, re.IGNORECASE), text
            assert not re.search(r"\s\s|^\s|\s$|\s[?.,;:]", text), text
        assert template, kind


@pytest.mark.parametrize("sort", NAMINGS)
def test_namings_are_clean(sort):
    for call in naming(sort).plain + naming(sort).placed:
        text = call % SLOTS
        assert not re.search(r"[{}|<>]|\s\s|^\s|\s$", text), text
        assert not re.search(r"\b(an?|the) (an?|the)\b", text), text


def test_placed_names_say_where():
    for sort in ("type", "function", "member"):
        assert all("path" in fields(call) for call in naming(sort).placed)


def test_heldout_sentences_are_used_for_no_training_question_of_any_kind():
    trained = {plain(template): kind for kind in kinds() for template in sentences(kind, "train")}
    shared = {t: kind for kind in kinds() for t in sentences(kind, "heldout") if plain(t) in trained}
    assert shared == {}


def test_no_sentence_is_there_twice_in_a_kind():
    for kind in kinds():
        both = sentences(kind, "train") + sentences(kind, "heldout")
        assert len(both) == len(set(both)), kind


@pytest.mark.parametrize("group", [TYPE_KINDS, FILE_KINDS])
def test_no_sentence_asks_for_two_kinds_of_fact_about_the_same_thing(group):
    owners = defaultdict(set)
    for kind in group:
        for template in sentences(kind, "train"):
            owners[plain(template)].add(kind)
    assert {text: found for text, found in owners.items() if len(found) > 1} == {}


def test_no_sentence_about_the_project_asks_for_two_kinds_of_fact():
    owners = defaultdict(set)
    for kind in kinds():
        if wordings(kind).category in {"build", "stack"}:
            for template in sentences(kind, "train"):
                owners[plain(template)].add(kind)
    assert {text: found for text, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_category_and_heldout_sentences(kind):
    assert wordings(kind).category in CATEGORIES
    assert wordings(kind).heldout


@pytest.mark.parametrize(
    ("kind", "sort", "least"),
    [
        *((kind, "type", 130) for kind in ("where", "methods", "bases", "derived", "purpose", "about", "constructor")),
        ("signature", "function", 130), ("signature", "member", 130), ("owner", "method", 130),
        ("contains", "file", 130), ("file", "file", 130), ("build", "build", 130), ("test", "build", 130),
        ("run", "build", 130), ("dependencies", "build", 130), ("languages", "project", 130),
        ("architecture", "project", 130), ("exists", "type", 90), ("relation", "type", 130),
        ("users", "type", 130), ("uses", "type", 130),
        ("docs", "readme", 130), ("users", "function", 130), ("uses", "file", 130),
    ],
)  # fmt: skip
def test_there_are_many_ways_to_ask(kind, sort, least):
    assert capacity(kind, sort, placed=False) >= least


def test_there_are_ten_phrasings_and_more_of_how_to_build():
    assert len(wordings("build").train) >= 10


def test_questions_are_different_and_the_same_for_the_same_seed():
    first = list(questions("where", "train", 24, SLOTS, sort="type", placed=False, seed="a"))
    assert len(set(first)) == 24
    assert first == list(questions("where", "train", 24, SLOTS, sort="type", placed=False, seed="a"))
    assert first != list(questions("where", "train", 24, SLOTS, sort="type", placed=False, seed="b"))


def test_more_questions_of_a_fact_keep_the_first_ones():
    few = list(questions("where", "train", 4, SLOTS, sort="type", placed=False, seed="a"))
    many = list(questions("where", "train", 12, SLOTS, sort="type", placed=False, seed="a"))
    assert many[:4] == few


def test_questions_are_spread_over_the_grammar():
    asked = list(questions("where", "train", len(wordings("where").train), SLOTS, sort="type", placed=False, seed="a"))
    starts = {text.split()[0].lower() for text in asked}
    assert len(starts) >= 12


def test_placed_questions_always_name_the_file():
    asked = list(questions("methods", "train", 24, SLOTS, sort="type", placed=True, seed="a"))
    assert len(asked) == 24
    assert all("src/foo.h" in text for text in asked)


def test_unknown_answers_are_an_error():
    with pytest.raises(KeyError):
        answer_template("no such answer")
