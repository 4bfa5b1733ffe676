"""What looks random is hidden; names, addresses and versions are not."""

import pytest
from tests.workspace.secrets.fakes import KEY, hexadecimal

from codeanvil.workspace.secrets import screen

HASH = hexadecimal(40)

KEPT = [
    ("a.py", 'names = ["Wav2Vec2ConformerForPreTraining", "Qwen3OmniMoeCode2WavTransformerModel"]'),
    ("a.py", '"sodium_crypto_pwhash_scryptsalsa208sha256_str_verify"'),
    ("a.py", "message_id = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'"),
    ("a.py", 'uid = "1.2.840.10008.5.1.4.1.1.2"'),
    ("a.py", 'ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"'),
    ("a.py", '"https://docs.example/en/latest/reference/2024/05/Overview1.html"'),
    ("a.py", 'symbol = "_ZN4core3fmt9Formatter9write_str17h0a1b2c3d4e5f6a7bE"'),
    ("a.py", f'commit = "{HASH}"'),
    ("a.go", "var GetA1B2C3D4E5F6G7H8J9K0L1M2N3P4Q5R6 = 1"),
    ("a.c", "#define MASK 0x9e3779b97f4a7c15f39cc0605cedc834"),
    ("ci.yml", f"uses: actions/checkout@{HASH}"),
    ("Dockerfile", f"FROM python@sha256:{HASH}{HASH[:24]}"),
    ("CMakeLists.txt", f"GIT_TAG {HASH}"),
    ("Cargo.toml", f'rev = "{HASH}"'),
    ("WORKSPACE", f'sha256 = "{HASH}{HASH[:24]}"'),
    ("a.sh", "=" * 80),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), KEPT)
def test_names_addresses_and_versions_stay(path: str, text: str) -> None:
    assert screen(path, text).text == text


@pytest.mark.parametrize("value", [KEY, KEY.lower() + "a1b2", HASH, KEY + "=="])
@pytest.mark.parametrize("text", ['x = "{}"', "# {}\nx = 1", "x = f('{}')"])
def test_random_strings_go(value: str, text: str) -> None:
    assert screen("a.py", text.format(value)).text == text.format("<secret>")
