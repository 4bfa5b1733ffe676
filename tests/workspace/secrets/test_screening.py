"""The screen as a whole: what is replaced, what stays, and that nothing comes of it twice."""

import ast
import io
import sysconfig
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workspace.secrets.fakes import KEY, PASSWORD, TOKENS, drawn

from codeanvil.workspace.secrets import is_secret_file, screen

BODY = "\n".join(drawn(64) for _ in range(5))


@pytest.mark.parametrize("kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
@pytest.mark.parametrize("text", ["KEY = '''{}'''\nx = 1\n", "/* {} */\nint x;\n", "{}\n"])
def test_a_private_key_goes_and_its_lines_stay(kind: str, text: str) -> None:
    text = text.format(f"-----BEGIN {kind}-----\n{BODY}\n-----END {kind}-----")
    screened = screen("a.py", text)
    assert not [line for line in BODY.split("\n") if line[:20] in screened.text]
    assert screened.kinds == {"Private Key": 1}
    assert screened.text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "KEY = '-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----\\n'",
        "key: |\n  -----BEGIN EC PRIVATE KEY-----\n  {}\n",
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n{}\n",
    ],
)
def test_a_private_key_in_one_line_cut_short_or_of_putty_goes_too(text: str) -> None:
    screened = screen("a.yaml", text.format(BODY.split("\n")[0]))
    assert BODY[:20] not in screened.text
    assert "Private Key" in screened.kinds


def test_code_that_reads_private_keys_stays() -> None:
    text = 'if line == "-----BEGIN RSA PRIVATE KEY-----":\n    self.read_encrypted_private_key_block_from_file(line)\n'
    assert screen("a.py", text).text == text


@pytest.mark.parametrize("package", ["asyncio", "email", "http", "json", "logging", "unittest", "xml"])
def test_no_name_of_the_standard_library_is_taken_for_a_secret(package: str) -> None:
    for path in Path(sysconfig.get_path("stdlib"), package).rglob("*.py"):
        text = path.read_text("utf-8")
        assert names(screen(path.name, text).text) == names(text), path


def names(text: str) -> list[str]:
    return [
        token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.NAME
    ]


def test_what_was_screened_is_still_python() -> None:
    text = f'def f(a="{KEY}", *, password="{PASSWORD}"):\n    """See {TOKENS["GitHub Token"]}."""\n    return "{KEY}"\n'
    (function,) = ast.parse(screen("a.py", text).text).body
    assert isinstance(function, ast.FunctionDef)
    assert ast.get_docstring(function) == "See <secret>."
    assert [ast.literal_eval(each) for each in (*function.args.defaults, *function.args.kw_defaults) if each] == [
        "<secret>",
        "<secret>",
    ]


def test_this_projects_own_settings_are_left_alone() -> None:
    text = (Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8")
    assert screen("pyproject.toml", text).text == text


@pytest.mark.parametrize(
    "path", [".env", "deploy/.env.local", "prod.env", "k/id_rsa", "id_ed25519", "server.pem", "tls.key", ".netrc",
             "credentials.json", "secrets.yaml", "a/b/.npmrc", "store.jks", "service-account-7.json", ".ssh/config",
             "app.p8", "prod.tfvars", "home/.aws/config.py"],
)  # fmt: skip
def test_files_for_secrets_are_hidden_whole(path: str) -> None:
    screened = screen(path, "HARMLESS=1")
    assert (screened.hidden, screened.text) == (True, "")


@pytest.mark.parametrize("path", ["secrets.py", "environment.py", "keys.cpp", "env/a.py", "token.h", "CMakeLists.txt"])
def test_sources_about_secrets_are_not_hidden(path: str) -> None:
    assert not is_secret_file(path)


PARTS = [*TOKENS.values(), f'password = "{PASSWORD}"', "x = 1", "é\r", "ﬀİ", "\0", "\ud800", "'", '"', "key="]


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.sampled_from(["a.py", "a.yaml"]))
def test_screening_keeps_lines_and_screens_for_good(parts: list[str], path: str) -> None:
    text = "\n".join(parts)
    screened = screen(path, text)
    assert screened.text.count("\n") == text.count("\n")
    assert not [token for token in TOKENS.values() if token in screened.text]
    assert not screen(path, screened.text).kinds


def test_a_secret_far_into_a_long_line_is_found() -> None:
    line = "x = [" + "1, " * 3_000 + "'" + TOKENS["GitHub Token"] + "'" + ", 2" * 3_000 + "]"
    assert screen("a.py", line).text == line.replace(TOKENS["GitHub Token"], "<secret>")


@pytest.mark.parametrize(
    "piece", ['password = "', "curl -u a:", "://a:", "A-", "a_", "x1.", '"""', "-----BEGIN PRIVATE KEY-----"]
)
def test_no_text_makes_screening_slow(piece: str) -> None:
    screen("a.py", piece * (1_000_000 // len(piece)))
