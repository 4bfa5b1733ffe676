"""Secrets do not get past the screen. The examples are put together here, so that none stands in this file."""

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.workspace.secrets import is_secret_file, screen

DIGEST = hashlib.sha512(b"x").digest()
ALNUM = base64.b64encode(DIGEST * 2).decode().replace("+", "a").replace("/", "b").replace("=", "")
HEX = DIGEST.hex()
UPPER = base64.b32encode(DIGEST).decode()

TOKENS = {
    "AWS Access Key": "AKIA" + UPPER[:16],
    "Artifactory Credentials": " AKC" + ALNUM[:20] + " ",
    "Azure Storage Account access key": "AccountKey=" + ALNUM[:88],
    "Basic Auth Credentials": "https://me:" + "swordfish" + "@example.org/x",
    "Discord Bot Token": "M" + ALNUM[:23] + "." + ALNUM[:6] + "." + ALNUM[:27],
    "GitHub Token": "ghp_" + ALNUM[:36],
    "GitLab Token": "glpat-" + ALNUM[:20],
    "IBM Cloud IAM Key": "ibm_cloud_iam_key = '" + ALNUM[:44] + "'",
    "JSON Web Token": "eyJ" + ALNUM[:20] + "." + ALNUM[20:50] + "." + ALNUM[50:70],
    "Mailchimp Access Key": HEX[:32] + "-us11",
    "NPM tokens": "//registry.example.org/:_authToken=" + "npm_" + ALNUM[:36],
    "OpenAI Token": "sk-" + ALNUM[:20] + "T3Blbk" + "FJ" + ALNUM[20:40],
    "PyPI Token": "pypi-AgEIcHlw" + "aS5vcmc" + ALNUM[:80],
    "SendGrid API Key": "SG." + ALNUM[:22] + "." + ALNUM[:43],
    "Slack Token": "xoxb-" + "123456789012-" + ALNUM[:24].lower(),
    "SoftLayer Credentials": "softlayer_api_key = '" + HEX[:64] + "'",
    "Square OAuth Secret": "sq0csp-" + ALNUM[:43],
    "Stripe Access Key": "sk_" + "live_" + ALNUM[:24],
    "Telegram Bot Token": "110201543:" + ALNUM[:35],
    "Twilio API Key": "SK" + HEX[:32],
    "Cloudant Credentials": "cloudant_password = '" + HEX[:64] + "'",
    "Base64 High Entropy String": "'" + base64.b64encode(DIGEST).decode() + "'",
    "Hex High Entropy String": "'" + HEX[:40] + "'",
    "Secret Keyword": 'db_pass = "' + "swordfish9" + '"',
}  # fmt: skip


@pytest.mark.parametrize("kind", TOKENS)
def test_every_kind_is_taken_out_and_counted(kind: str) -> None:
    token = TOKENS[kind]
    text = f"def before(): ...\n# see {token}\nvalue = 1\n"
    screened = screen("src/app.py", text)
    assert screened.kinds, text
    value = max(token.replace("'", " ").replace('"', " ").split(), key=len)
    assert value not in screened.text
    assert ALNUM[:20] not in screened.text
    assert screened.text.splitlines()[0::2] == text.splitlines()[0::2]


@pytest.mark.parametrize("path", ["a.py", "a.cpp", "a.c", "a.h", "pyproject.toml", "CMakeLists.txt", "a.yaml", "a.ini"])
def test_a_quoted_password_is_found_in_every_kind_of_file(path: str) -> None:
    assert "swordfish" not in screen(path, 'db_password = "' + 'swordfish7"').text


def test_passwords_handed_over_in_cpp_are_found() -> None:
    assert "swordfish" not in screen("a.cpp", 'std::string secret("' + 'swordfish7");').text


def test_a_private_key_goes_and_its_lines_stay() -> None:
    body = "\n".join(ALNUM[:64] for _ in range(5))
    text = f"KEY = '''-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----'''\nx = 1\n"
    screened = screen("a.py", text)
    assert ALNUM[:20] not in screened.text
    assert screened.kinds == {"Private Key": 1}
    assert screened.text.count("\n") == text.count("\n")


def test_names_around_a_secret_stay() -> None:
    screened = screen("a.py", 'def log_in(password="pass1"):\n    return password')
    assert screened.text == 'def log_in(password="<secret>"):\n    return password'


@pytest.mark.parametrize(
    "line",
    [
        'API_KEY_SOURCE = "apiKeySource"',
        'password = os.environ["DB_PASSWORD"]',
        'secret = "${SECRET}"',
        "password_enabled = True",
        "class APFrameBuffer : public APDisplaySurface {",
        'uid = "1.2.840.10008.5.1.4.1.1.2"',
        "message_id = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'",
        'dependencies = ["detect-secrets>=1.5,<2"]',
        'ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"',
    ],
)
def test_ordinary_code_is_left_alone(line: str) -> None:
    assert screen("a.py", line).text == line


def test_this_projects_own_settings_are_left_alone() -> None:
    path = Path(__file__).parents[2] / "pyproject.toml"
    text = path.read_text("utf-8")
    assert screen("pyproject.toml", text).text == text


@pytest.mark.parametrize(
    "path", [".env", "deploy/.env.local", "prod.env", "k/id_rsa", "id_ed25519", "server.pem", "tls.key", ".netrc",
             "credentials.json", "secrets.yaml", "a/b/.npmrc", "store.jks", "service-account-7.json"],
)  # fmt: skip
def test_files_for_secrets_are_hidden_whole(path: str) -> None:
    screened = screen(path, "HARMLESS=1")
    assert (screened.hidden, screened.text) == (True, "")


@pytest.mark.parametrize("path", ["secrets.py", "environment.py", "keys.cpp", "env/a.py", "token.h", "CMakeLists.txt"])
def test_sources_about_secrets_are_not_hidden(path: str) -> None:
    assert not is_secret_file(path)


@given(st.lists(st.sampled_from([*TOKENS.values(), "x = 1", "é\r", "ﬀİ", "\0", "\ud800", "'", '"']), max_size=8))
def test_screening_keeps_lines_and_screens_for_good(parts: list[str]) -> None:
    text = "\n".join(parts)
    screened = screen("a.py", text)
    assert screened.text.count("\n") == text.count("\n")
    assert not screen("a.py", screened.text).kinds


def test_a_secret_far_into_a_long_line_is_found() -> None:
    line = "x = [" + "1, " * 3_000 + "'" + "ghp_" + ALNUM[:36] + "'" + ", 2" * 3_000 + "]"
    assert "ghp_" not in screen("a.py", line).text
