"""Values that are given to something whose name says that it is a secret: `db_password = "..."`, `--token ...`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from codeanvil.workspace.expressions import Expression, Match, compiled, whole
from codeanvil.workspace.secrets.found import Found
from codeanvil.workspace.secrets.prose import in_prose
from codeanvil.workspace.secrets.randomness import entropy, is_camel_case, kind_of

KEYWORD = "Secret Keyword"
HEADER = "Authorization Header"

# Names whose every value is secret, and names of which only a value is that looks like a key.
_SURE = (
    r"pass(?:word|wd|phrase)|pwd|secret|credentials?|contrase(?:n|ñ)a"
    r"|(?:db|database|user|admin|root|key|login|smtp|mysql|pg|postgres|redis|ftp|ldap|mail|sudo)[_-]?pass"
)
_LIKELY = (
    r"tokens?|bearer|sas|salt|passcode|nonce|psk|auth|(?:api|app|access|auth|account|private|priv|client|service|signing"
    r"|sign|encryption|encrypt|crypto|master|admin|deploy|storage|shared|subscription|iam|db|database|licen[cs]e|aws"
    r"|webhook|cookie|session|hmac|aes|jwt|ssh|rsa|consumer|publish|write|read|activation)[_. -]?keys?"
)
_SUFFIXES = (
    r"(?:[_.-]?(?:default|prod(?:uction)?|dev|test|staging|live|value|val|str(?:ing)?|text|plain|raw|b(?:ase)?64|hex|old"
    r"|new|key|token|access[_-]?key|id|base|[0-9]{1,3}))*"
)
_NAME = rf"(?i:({_SURE})|{_LIKELY})(?i:{_SUFFIXES})"
_TYPE = r"(?:\[\w*\])?(?:\s*:\s*&?(?:'static )?[\w.<>\[\]?| ]{1,40}|\s+[\w.\[\]*]{1,20})?"
_QUOTED = "|".join(rf"{quote}((?:[^{quote}\\\n]|\\.){{3,}}){quote}" for quote in ('"', "'", "`"))
_BARE = r"""([^\s"'`<>&;,(){}\[\]|\\]{4,})"""

_PLACEHOLDER = whole(r"[$%]\w+%?|.*(?:\$[{(]|\{\{|#\{|%\(|<|>|\{\w*\}|%[sdv]\b|@\w+@|\.\.\.).*|[*.:x#_-]+|x+|X+|0+")
_WORDS = whole(r"[A-Za-z_][A-Za-z_.:/@ -]*")
_SAYS_SO = compiled(
    r"(?i)pass|pwd|secret|token|cred|key|auth|bearer|user|login|env|your|example|config|enter|here|none|null|true|false"
    r"|nil|undefined|default|string|varchar|text|required|optional|hidden|type|field|value|inherit|prompt|include|omit|same-origin|anonymous|function|object|boolean"
)
_PATH = whole(
    r"(?:[A-Za-z]:)?[~.]{0,2}[/\\][\w./\\~ -]*|https?://[^@\s]*|[\w-]+(?:/[\w.-]+){2,}|[\w-]+(?:\.[a-z]\w*){2,}"
)
_KEY = whole(r"[A-Za-z0-9+/=_.:~-]+")
_PART = r"(?:(?:[A-Za-z]{2,}\d{0,4})+|[A-Za-z]?\d{1,4}\w?|[A-Za-z])"
_NAME_LIKE = whole(rf"{_PART}(?:[_.:/ -]+{_PART})+")
"""Words and short numbers with something between them: `types-auth0-python`, `X509_V3`."""
_UUID = whole(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LETTER = compiled(r"[A-Za-z]")
_MIXED_IN = compiled(r"[0-9!@#$%^&*+~?]")
_HUMP = compiled(r"[a-z][A-Z]")


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to give a value. The groups of `expression` where the name is a sure one, and where the value is."""

    expression: str
    sure: tuple[int, ...]
    value: tuple[int, ...]
    beside: int = -1
    """The group that took part where the value stands beside the name and may be about something else."""
    apart: int = -1
    """As `beside`, but in code only."""
    quoted: bool = True
    kind: str = KEYWORD


_FORMS = (
    _Form(
        (
            rf"""{_NAME}["'\])]{{0,3}}"""
            rf"""(?:{_TYPE}\s*(?::=|=>|={{1,3}}|!={{1,2}}|:|\?\?=?|\|\|)|\s+value\s*=|(\s*[,({{])|([ \t]))\s*\(?\s*"""
            rf"""(?:(?:new\s+)?[A-Z]\w{{0,40}}(?:(?:::|\.)(?:from|new|of|parse))?\()?[bBrRuUfFL@$]{{0,2}}(?:{_QUOTED})"""
        ),
        sure=(1,),
        beside=2,
        apart=3,
        value=(4, 5, 6),
    ),
    _Form(
        (
            rf"""(?:{_NAME}["']?[ \t]*(?::=|[:=])[ \t]*|\b(?i:env|arg|set|setx|export)[ \t(]+\w*{_NAME}[ \t]+"""
            rf"""|--[\w-]*{_NAME}[ \t=]["']?|\$\{{\w*{_NAME}:?[-=]){_BARE}"""
        ),
        sure=(1, 2, 3, 4),
        value=(5,),
        quoted=False,
    ),
    _Form(rf"<[\w:.-]*{_NAME}>\s*([^<>\s]{{3,}})\s*</", sure=(1,), value=(2,)),
    _Form(
        (
            r"""(?:(?i:authorization)["'\])]{0,3}\s*[:=,(]\s*["'`]?(?i:bearer|basic|token|apikey|digest)[ \t]+"""
            r"""|\b(?i:bearer)[ \t]+|\bcurl\b[^\n]{0,200}[ \t](?:-u|--user)[ \t=]*["']?[^\s:"'$]+:)"""
            r"""([A-Za-z0-9._~+/=!@#%^*-]{4,})"""
        ),
        sure=(0,),
        beside=0,
        value=(1,),
        kind=HEADER,
    ),
)


def assigned_secrets(data: bytes, *, is_code: bool) -> Iterator[Found]:
    """Values in `data` that something named as a secret gets.

    In code (`is_code`) a value without quotes is an expression, unless it stands in a comment or a string.
    """
    any_form, forms = _compiled()
    if any_form.search(data) is None:
        return
    for expression, form in forms:
        for match in expression.finditer(data):
            start, end = next(match.span(group) for group in form.value if _took_part(match, group))
            if not form.quoted:
                end = start + len(data[start:end].rstrip(b".:"))
            bare = is_code and not form.quoted
            if bare and not in_prose(data, start):
                continue
            beside = bare or _took_part(match, form.beside) or (is_code and _took_part(match, form.apart))
            sure = any(_took_part(match, group) for group in form.sure)
            if _is_secret(data[start:end], sure=sure, beside=beside):
                yield Found(start, end, form.kind)


@cache
def _compiled() -> tuple[Expression, tuple[tuple[Expression, _Form], ...]]:
    """All forms in one expression, which most files have no match of, and each by itself."""
    any_form = "|".join(form.expression for form in _FORMS)
    return compiled(any_form, never_capture=True), tuple((compiled(form.expression), form) for form in _FORMS)


def _took_part(match: Match, group: int) -> bool:
    return group >= 0 and match.start(group) >= 0


def _is_secret(value: bytes, *, sure: bool, beside: bool) -> bool:
    """Whether a value is worth hiding. `sure`: its name says so. `beside`: it may not be the value of that name."""
    if _PLACEHOLDER.search(value) or _PATH.search(value) or b" " in value:
        return False
    if not sure:
        return len(value) >= 12 and (_UUID.search(value) is not None or _looks_like_a_key(value))
    if beside:
        return len(value) >= 6 and _is_mixed(value) and not _is_name(value)
    return not (_WORDS.search(value) and _SAYS_SO.search(value))


def _looks_like_a_key(value: bytes) -> bool:
    if not _KEY.search(value) or _NAME_LIKE.search(value):
        return False
    return bool(kind_of(value, words=8)) or (_is_mixed(value) and entropy(value) >= 3)


def _is_name(value: bytes) -> bool:
    return bool(_NAME_LIKE.search(value)) or (is_camel_case(value) and bool(_HUMP.search(value)))


def _is_mixed(value: bytes) -> bool:
    """Whether letters stand among digits or signs, as in hardly any word."""
    return bool(_LETTER.search(value) and _MIXED_IN.search(value))
