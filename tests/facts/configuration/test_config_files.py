"""Files of configuration: which ones are the project's, and their keys."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.configuration.files import MOST_KEYS, read_config
from codeanvil.facts.configuration.names import is_config_file


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("config.yaml", "yaml"), ("settings.toml", "toml"), ("src/application-dev.yml", "yaml"), ("a/app.ini", "ini"),
        ("appsettings.Development.json", "json"), ("config/harbour.json", "json"), ("conf/log.properties", "properties"),
        ("config.example.toml", "toml"), ("defaults.cfg", "ini"), ("package.json", None), ("pyproject.toml", None),
        ("data/ships.json", None), (".circleci/config.yml", None), (".vscode/settings.json", None), ("config.py", None),
        ("jest.config.json", None), ("config/locales/en.yml", None), ("notes.yaml", None),
    ],
)  # fmt: skip
def test_files_of_configuration_are_told_by_their_names(path, form):
    assert is_config_file(path) == form


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("config.yaml", "# All of it.\nserver:\n  port: 80  # the one port\n  password: x\nlog: info\nberths: [1, 2]\n",
         [("server.port", 3, "80", "the one port"), ("server.password", 4, "", ""), ("log", 5, "info", ""), ("berths", 6, "", "")]),
        ("settings.toml", 'depth = 3\n\n[tide]\n# How often it is read.\nevery = "5m"\nsafe = true\n',
         [("depth", 1, "3", ""), ("tide.every", 5, "5m", "How often it is read."), ("tide.safe", 6, "true", "")]),
        ("config/x.json", '{"a": {"b": 1},\n "c": true, "api_key": "zz"}', [("a.b", 1, "1", ""), ("c", 2, "true", ""), ("api_key", 2, "", "")]),
        ("app.ini", "[DEFAULT]\nlevel=2\n[db]\nhost = h\n", [("db.host", 4, "h", "")]),
        ("app.properties", "# About it.\nserver.port=80\n\nname: x\n", [("server.port", 2, "80", "About it."), ("name", 4, "x", "")]),
        ("config.yaml", "a: [", []),
        ("app.conf", "server {\n  listen 80;\n}\n", []),
        ("config.json", "[1, 2]", []),
    ],
)  # fmt: skip
def test_keys_are_told_with_their_lines_and_values(path, source, expected):
    assert [(s.name, s.line, s.default, s.doc) for s in read_config(path, source.encode())] == expected
    assert all(s.kind == "key" for s in read_config(path, source.encode()))


def test_a_file_of_very_many_keys_is_told_by_the_first():
    found = read_config("config.toml", "".join(f"key{i} = {i}\n" for i in range(MOST_KEYS + 9)).encode())
    assert [s.name for s in found] == [f"key{i}" for i in range(MOST_KEYS)]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["config.yaml", "config.toml", "config.json", "config.ini", "config.properties"]),
    st.one_of(
        st.binary(max_size=60),
        st.lists(st.sampled_from(["a: ", "a = ", "[s]", "{", "}", "\n", "  ", "- ", '"', "# x", "&a", "*a", "1", "\t", "..."]), max_size=20)
        .map(lambda parts: "".join(parts).encode()),
    ),
)  # fmt: skip
def test_any_bytes_are_keys_or_none(path, source):
    assert all(s.line >= 1 and s.name for s in read_config(path, source))
