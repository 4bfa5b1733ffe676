"""Text in any encoding and with any line ends, in every language: read, or a problem with the file's name."""

import re
from typing import Any

import pytest

from codeanvil.facts.languages import LANGUAGES

CLASSES = {
    "python": 'class Größe:\n    """Maß."""\n',
    "c": "/* Maß. */\nstruct Größe {\n  int a;\n};\n",
    "cpp": "/// Maß.\nclass Größe {\n};\n",
    "csharp": "/// <summary>Maß.</summary>\nclass Größe {\n}\n",
    "java": "/** Maß. */\nclass Größe {\n}\n",
    "kotlin": "/** Maß. */\nclass Größe {\n}\n",
    "scala": "/** Maß. */\nclass Größe {\n}\n",
    "javascript": "/** Maß. */\nclass Größe {\n}\n",
    "typescript": "/** Maß. */\nclass Größe {\n}\n",
    "tsx": "/** Maß. */\nclass Größe {\n}\n",
    "go": "package a\n\n// Größe is Maß.\ntype Größe struct {\n}\n",
    "rust": "/// Maß.\nstruct Größe {\n}\n",
    "php": "<?php\n/** Maß. */\nclass Größe {\n}\n",
    "ruby": "# Maß.\nclass Größe\nend\n",
    "swift": "/// Maß.\nclass Größe {\n}\n",
}

DECLARATION = re.compile(r"(class|struct|type) Größe")

ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 with its mark": lambda text: text.encode("utf-16"),
    "utf-16, the other way round": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "latin-1": lambda text: text.encode("latin-1"),
    "lines ended by CR LF": lambda text: text.replace("\n", "\r\n").encode(),
    "lines ended by CR": lambda text: text.replace("\n", "\r").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "form feeds": lambda text: ("\f" + text).encode(),
}


def test_every_language_has_an_example() -> None:
    assert set(CLASSES) == set(LANGUAGES)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_language_is_read_in_every_encoding(project: Any, encoding: str) -> None:
    paths = {lang: f"{lang}/size{LANGUAGES[lang].extensions[0]}" for lang in CLASSES}
    project.write({paths[lang]: ENCODINGS[encoding](text) for lang, text in CLASSES.items()})
    report = project.index()
    assert report.problems == {}
    assert report.left_out == {}
    with project.store() as store:
        found = {lang: [symbol for symbol in store.symbols_in(path) if symbol.is_type] for lang, path in paths.items()}
        texts = {path: store.text(path) for path in paths.values()}
    for lang, symbols in found.items():
        assert [symbol.name for symbol in symbols] == ["Größe"], lang
        declaration = CLASSES[lang].splitlines()[symbols[0].line - 1]
        assert DECLARATION.match(declaration), lang
        assert "Maß" in symbols[0].doc, lang
    assert all("Größe" in text and "\0" not in text for text in texts.values())


@pytest.mark.parametrize("lang", CLASSES)
def test_nul_bytes_are_told_or_left_out(project: Any, lang: str) -> None:
    suffix = LANGUAGES[lang].extensions[0]
    early, late = f"early{suffix}", f"late{suffix}"
    project.write({early: b"\0" + CLASSES[lang].encode(), late: CLASSES[lang].encode() * 400 + b"\0"})
    report = project.index()
    assert report.left_out == {"binary": 1}
    assert "holds binary data" in report.problems[late]
    assert early not in report.problems


def test_bytes_in_no_encoding_are_taken_for_latin_1(project: Any) -> None:
    project.write({"a.py": b"class Caf\xe9:\n    x = '\xff\xfe\x80'\n"})
    assert project.index().problems == {}
    assert project.names() == ["Café"]
