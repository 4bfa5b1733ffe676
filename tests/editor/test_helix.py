"""Helix can be had from no package registry, so its configuration in the README is held against what it documents."""

import tomllib

from tests.editor.support import configuration

SERVER_KEYS = {"command", "args", "config", "timeout", "environment", "required-root-patterns"}
"""Of `[language-server.NAME]`, in the chapter "Languages" of Helix' book."""

SERVERS = {"cpp": "clangd"}
"""What Helix itself starts for a language, and what must go on being started."""


def test_the_configuration_of_helix_says_what_helix_documents() -> None:
    written = tomllib.loads(configuration("Helix", "toml"))
    assert set(written) == {"language-server", "language"}
    (server,) = written["language-server"].items()
    assert server[0] == "codeanvil" and server[1]["command"] == "codeanvil-lsp" and set(server[1]) <= SERVER_KEYS
    for language in written["language"]:
        assert set(language) == {"name", "language-servers"}
        assert language["language-servers"] == [SERVERS[language["name"]], "codeanvil"]
