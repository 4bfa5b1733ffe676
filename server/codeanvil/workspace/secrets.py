"""Secrets are kept out of the store, and with it out of training data: weights cannot forget.

Whole files by name; within other files what detect-secrets' plugins find, used as a library. Lines are first sifted
by one expression that lets through every line a plugin could answer to, since most lines hold nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from re import Match, Pattern
from typing import Any

PLACEHOLDER = "<secret>"
PRIVATE_KEY = "Private Key"

_SECRET_NAMES = re.compile(
    r"""\.env(\..+)? | .+\.env | .+\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|ovpn|tfstate|tfvars)
    | id_(rsa|dsa|ecdsa|ed25519)(_sk)?(\.pub)? | \.?(netrc|pgpass|npmrc|pypirc|htpasswd|git-credentials|dockercfg)
    | (aws_)?credentials(\.(json|ya?ml|toml|ini|csv))? | (client_)?secrets?\.(json|ya?ml|toml|ini)
    | service[-_]account.*\.json""",
    re.VERBOSE | re.IGNORECASE,
)

_SIGNS = tuple(
    b"db_pass dbpass database_pass databasepass key_pass keypass passw pwd secret contrase "
    b"apikey api_key authkey auth_key servicekey service_key accountkey account_key dbkey db_key databasekey "
    b"database_key privkey priv_key privatekey private_key clientkey client_key "
    b"a3t abia acca akia asia akc cloudant softlayer hooks.slack xox sq0csp k_live_ sk- sg. -us eyj _authtoken pypi-a "
    b"ghp_ gho_ ghu_ ghs_ ghr_ glpat- gldt- glft- glsoat- glrt- gr1348941 glcbt- glimt- glptt- glagent- gloas-".split()
)
"""One of these, in lower case, is in every line that holds a secret of the kinds that begin with a fixed word."""

_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rb"""['"][A-Za-z0-9+/\\_=-]{20,}['"]""",
        rb"""['"][0-9a-fA-F]{16,}['"]""",
        rb"://[^\s/]*:[^\s/]*@",
        rb"AP[\dA-F][a-zA-Z0-9]{8}",
        rb"AC[a-z0-9]{32}",
        rb"SK[a-z0-9]{32}",
        rb"[MNO][a-zA-Z\d_-]{23,25}\.",
        rb":[0-9A-Za-z_-]{35}",
    )
)
"""The shapes of the others."""

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----.{0,20000}?-----END [A-Z0-9 ]*PRIVATE KEY", re.DOTALL
)
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=]{16,}")

_NO_VALUES = frozenset({"true", "false", "none", "null", "nil", "yes", "no"})
_TOKEN_LENGTH = 16
"""Characters from which on a part of a match is a token by itself, wherever in the match it stands."""
_LONGEST_PIECE = 1_000
_PIECE_OVERLAP = 200


@dataclass(frozen=True, slots=True)
class Screened:
    """Text without secrets: as many lines as before. `hidden`: the file's name alone says that none of it is shown."""

    text: str
    kinds: Counter[str] = field(default_factory=Counter)
    hidden: bool = False


def is_secret_file(path: str) -> bool:
    """Whether a file is for secrets by its name: `.env`, keys, credential stores."""
    return _SECRET_NAMES.fullmatch(PurePosixPath(path).name) is not None


def screen(path: str, text: str) -> Screened:
    """`text` with each secret replaced by `<secret>`, and how many there were by detect-secrets' kind."""
    if is_secret_file(path):
        return Screened("", hidden=True)
    kinds: Counter[str] = Counter()

    def without_key(block: Match[str]) -> str:
        body, count = _KEY_BODY.subn(PLACEHOLDER, block[0])
        kinds[PRIVATE_KEY] += count > 0
        return body

    if "PRIVATE KEY" in text:
        text = _KEY_BLOCK.sub(without_key, text)
    lines = text.split("\n")
    for number in _lines_to_look_at(text):
        lines[number] = _screen_line(path, lines[number], kinds)
    return Screened("\n".join(lines), +kinds)


def _lines_to_look_at(text: str) -> Iterator[int]:
    """Numbers, from 0, of the lines that the sift lets through. In bytes, finding fixed words costs next to nothing."""
    source = text.encode(errors="surrogatepass")
    lower = source.lower()
    hits = {match.start() for shape in _SHAPES for match in shape.finditer(source)}
    for sign in _SIGNS:
        at = lower.find(sign)
        while at >= 0:
            hits.add(at)
            at = lower.find(sign, at + 1)
    number, counted, last = 0, 0, -1
    for hit in sorted(hits):
        number += source.count(b"\n", counted, hit)
        counted = hit
        if number != last:
            yield number
            last = number


def _screen_line(path: str, line: str, kinds: Counter[str]) -> str:
    for start in range(0, max(len(line) - _PIECE_OVERLAP, 1), _LONGEST_PIECE - _PIECE_OVERLAP):
        piece = line[start : start + _LONGEST_PIECE]  # the plugins' expressions are slow on long lines
        for kind, secret in list(_secrets(path, piece)):
            screened = _replaced(line, secret)
            if screened != line:
                kinds[kind] += 1
                line = screened
    return line


def _replaced(line: str, secret: str) -> str:
    """The line without the secret: in quotes if it stands there, else as a word, since a short password may also be
    a part of the names around it."""
    value = re.escape(secret)
    for whole in (rf"""(?<=['"]){value}(?=['"])""", rf"(?<!\w){value}(?!\w)"):
        screened, count = re.subn(whole, PLACEHOLDER, line)
        if count:
            return screened
    return line.replace(secret, PLACEHOLDER)


def _secrets(path: str, line: str) -> Iterator[tuple[str, str]]:
    """(kind, secret) of a line: what the plugins find, less what detect-secrets' heuristics call harmless."""
    from detect_secrets.plugins.high_entropy_strings import HighEntropyStringsPlugin

    for plugin in _plugins():
        found: Iterable[str]
        if isinstance(plugin, HighEntropyStringsPlugin):
            found = (
                text
                for text in plugin.analyze_string(line)
                if plugin.calculate_shannon_entropy(text) > plugin.entropy_limit
            )
        elif plugin.secret_type == "Secret Keyword":  # noqa: S105 (a plugin's name)
            found = plugin.analyze_string(line, _keyword_expressions(PurePosixPath(path).suffix))
        else:
            found = (_secret_of(match) for regex in plugin.denylist for match in regex.finditer(line))
        for secret in found:
            if not _is_harmless(secret, line, plugin):
                yield plugin.secret_type, secret


def _is_harmless(secret: str, line: str, plugin: Any) -> bool:
    from detect_secrets.filters import heuristic

    before = line.partition(secret)[0]
    return (
        heuristic.is_sequential_string(secret)
        or heuristic.is_potential_uuid(secret)
        or heuristic.is_templated_secret(secret)
        or heuristic.is_prefixed_with_dollar_sign(secret)
        or heuristic.is_not_alphanumeric_string(secret)
        or heuristic.is_likely_id_string(secret, line, plugin)
        or secret.lower() in _NO_VALUES
        # An enumeration names its values after themselves: API_KEY_SOURCE = "apiKeySource".
        or _letters(before).endswith(_letters(secret))
        # Letters alone, without quotes, are a name of the program and no token.
        or (secret.isalpha() and "://" not in before and not re.search(rf"""['"]{re.escape(secret)}""", line))
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower() or "-"


def _secret_of(match: Match[str]) -> str:
    """The part of a plugin's match that is the secret: its longest group, or all where that is but a token's prefix."""
    longest = max(range(match.re.groups + 1), key=lambda group: len(match[group] or "") if group else 0)
    is_value = match.end(longest) >= match.end() - 1 or len(match[longest] or "") >= _TOKEN_LENGTH
    return str(match[longest] if is_value else match[0]).strip(" \t\r=:'\"")


@cache
def _plugins() -> tuple[Any, ...]:
    """detect-secrets' plugins, less IP addresses, which are no secrets, and private keys, which are found as blocks."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    left_out = {"Public IP (ipv4)", PRIVATE_KEY}
    classes = get_mapping_from_secret_type_to_class()
    return tuple(classes[kind]() for kind in sorted(classes) if kind not in left_out)


@cache
def _keyword_expressions(suffix: str) -> dict[Pattern[str], int]:
    """What `password = "..."` looks like in files of this suffix; without quotes only where the language has such."""
    from detect_secrets.plugins import keyword
    from detect_secrets.util.filetype import FileType, determine_file_type

    quoted: dict[Pattern[str], int] = dict(keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP)
    kind = determine_file_type(f"x{suffix}")
    return quoted if kind is FileType.TOML else quoted | keyword.REGEX_BY_FILETYPE.get(kind, {})
