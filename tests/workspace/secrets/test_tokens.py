"""Tokens of every kind, wherever in a file they stand."""

import pytest
from tests.workspace.secrets.fakes import KEY, TOKENS

from codeanvil.workspace.secrets import PLACEHOLDER, screen

PLACES = {
    "a string": ("app.py", 'KEY = "{}"\n'),
    "a comment": ("app.cpp", "int a;  // see {}\n"),
    "a docstring": ("app.py", '    """Ask with {} for more.\n    """\n'),
    "a raw string": ("app.go", "var key = `{}`\n"),
    "a template": ("app.js", "const url = `https://x.example/?k={}&a=1`;\n"),
    "a default value": ("app.py", 'def connect(key="{}", port=1): ...\n'),
    "YAML": ("compose.yaml", "      KEY: {}\n"),
    "an image's environment": ("Dockerfile", "ENV KEY={}\n"),
    "a command": ("Makefile", "\tdeploy --with {} now\n"),
    "JSON": ("package.json", '  "key": "{}",\n'),
    "XML": ("pom.xml", "<key>{}</key>\n"),
    "properties": ("gradle.properties", "key={}\n"),
    "CMake": ("CMakeLists.txt", 'option(KEY "{}" ON)\n'),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TOKENS)
def test_every_kind_is_taken_out_and_counted(kind: str, place: str) -> None:
    path, line = PLACES[place]
    screened = screen(path, line.format(TOKENS[kind]))
    assert screened.text == line.format(PLACEHOLDER)
    assert screened.kinds.total() == 1
    assert kind.partition(",")[0] in screened.kinds or place in {"a default value"}


@pytest.mark.parametrize("place", PLACES)
def test_what_looks_random_is_taken_out(place: str) -> None:
    path, line = PLACES[place]
    assert KEY not in screen(path, line.format(KEY)).text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("AccountName=x;AccountKey={};EndpointSuffix=y", "AccountName=x;AccountKey=<secret>;EndpointSuffix=y"),
        ("https://x.blob.example/c?sv=2020&sig={}%3D", "https://x.blob.example/c?sv=2020&sig=<secret>%3D"),
        ("https://hooks.slack.com/services/T0/B0/{}", "https://hooks.slack.com/services/<secret>"),
        ("https://discord.com/api/webhooks/123/{}", "https://discord.com/api/webhooks/123/<secret>"),
        ("//registry.example/:_authToken={}", "//registry.example/:_authToken=<secret>"),
        ("postgres://me:{}@db:5432/x", "postgres://me:<secret>@db:5432/x"),
    ],
)
def test_only_the_secret_part_of_an_address_goes(text: str, clean: str) -> None:
    screened = screen("ci.yml", text.format(KEY)).text
    assert KEY not in screened
    assert screened.replace("<secret>%3D", "<secret>").startswith(clean.partition("<secret>")[0])


def test_a_secret_goes_wherever_else_in_the_file_it_stands() -> None:
    text = f'password = "{KEY[:12]}"\n\ndef f():\n    """Not {KEY[:12]} again."""\n'
    assert KEY[:12] not in screen("a.py", text).text


def test_a_password_that_is_a_word_leaves_the_word_alone_elsewhere() -> None:
    text = 'import postgresql\n\npassword = "postgresql"\n'
    assert screen("a.py", text).text == 'import postgresql\n\npassword = "<secret>"\n'
