"""Makes C and C++ fit for a parser that does not run the preprocessor.

Three things break such a parser: macros among declarations (`class EXPORT_API Foo`), conditionals that cut through a
declaration or unbalance its braces, and dead code under `#if 0`. They are overwritten with blanks, so that every
position stays what it is in the source. What is a macro is seen from its place and from how the field writes macros:
in capitals.
"""

import re

from codeanvil.facts.conditionals import Directive, resolve

_OPAQUE = re.compile(
    rb"""//(?:[^\\\n]|\\.)*+                                                 # comments
      |/\*.*?(?:\*/|\Z)
      |\b(?:u8|[uUL])?R"(?P<raw>[^()\\\s]{0,16})\(.*?\)(?P=raw)"             # raw strings
      |"(?:[^"\\\n]|\\.)*+"                                                  # strings
      |(?:\b(?:u8|[uUL])|(?<!\w))'(?:[^'\\\n]|\\.)++'                        # characters, but not 1'000'000
      |^[ \t]*\#[ \t]*(?P<directive>[a-z_]+)(?P<rest>(?:[^\\\n/]|\\.|/(?!\*))*+)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_CONDITIONAL = frozenset({b"if", b"ifdef", b"ifndef", b"elif", b"elifdef", b"elifndef", b"else", b"endif"})
_BLANKS = bytes(char if char == 10 else 32 for char in range(256))

_CALL = rb"(?:\s*\((?:[^(){};]|\((?:[^(){};]|\([^(){};]*+\))*+\))*+\))"
_NAME = rb"(?:[A-Za-z_]\w*+(?:\s*::\s*~?[A-Za-z_]\w*+)*+)"
_HEAD = re.compile(
    rb"\b(class|struct|union|enum(?:\s+(?:class|struct))?)\b((?:\s+(?:\[\[[^\]]*\]\]\s*)?"
    + _NAME
    + _CALL
    + rb"?){2,6})"
    rb"(?=\s*[:{;<])"
)
_HEAD_WORD = re.compile(rb"(" + _NAME + rb")(" + _CALL + rb"?)")
_CAPITALS = re.compile(rb"_*[A-Z][A-Z0-9_]+\Z")
_EXPORT = re.compile(rb"\w*(?:export|api|decl|dll|visib|public|attr|abi)\w*\Z", re.IGNORECASE)

_BIT_FIELD = re.compile(rb":\s*\d")

_CANDIDATE = re.compile(rb"\b(_*[A-Z][A-Z0-9_]+|__[a-z]\w*+)\b(" + _CALL + rb")?")
_MACRO = rb"(?:\b(?:_*[A-Z][A-Z0-9_]+|__[a-z]\w*+)\b" + _CALL + rb"?\s*)"
_ENDS_HEAD = re.compile(rb"\s*" + _MACRO + rb"*(?:[;{=]|->|\b(?:override|const|noexcept|final|requires)\b)")
_OPENS_NAMESPACE = re.compile(rb"\s*\{")
_IN_NAMESPACE = re.compile(rb"\bnamespace\s+" + _NAME + rb"\s*\Z")
_GOES_ON = re.compile(rb"\s*[\[{(;=,.)+\-*/<>?|&:%^]")
_LINE_ENDS = re.compile(rb"[ \t\r]*(?:\n|\Z)")
_CALLS = re.compile(rb"\s*(?!_*[A-Z][A-Z0-9_]+\b)\w+\s*\(")
_NOT_A_TYPE = (
    rb"(?:return|new|delete|else|case|goto|throw|typedef|struct|class|union|enum|namespace|using|operator|sizeof|public|"
    rb"private|protected|typename|if|while|for|do|switch|not|and|or|co_return|co_await|co_yield|define|template)"
)
_DECLARES = re.compile(
    rb"\s+(?:(?:class|struct|union|enum|template|typedef|using|extern|static|inline|virtual|explicit|constexpr|friend|const|"
    rb"typename|unsigned|signed|operator)\b|(?!"
    + _NOT_A_TYPE
    + rb"\b)"
    + _NAME
    + rb"(?:<[^;{}()]*>)?[\s*&]+(?!\()[A-Za-z_~:])"
)
_DECLARATOR = re.compile(rb"\s+(?!" + _NOT_A_TYPE + rb"\b)" + _NAME + rb"\s*\(")
_SPECIFIER = re.compile(
    rb"\b(?:static|extern|inline|virtual|explicit|constexpr|consteval|friend|const|unsigned|signed|volatile|mutable|typedef|"
    rb"__inline|__inline__|__forceinline|thread_local|register)\Z"
)
_TYPE_BEFORE = re.compile(rb"(?:[*&>]|(?<!\w)(?!" + _NOT_A_TYPE + rb"\Z)[A-Za-z_]\w*)\Z")
_AFTER_PARAMETERS = re.compile(rb"\)(?:\s*\b(?:const|noexcept|override|final|volatile)\b|\s*&{1,2})*\Z")
_QT_SECTION = re.compile(
    rb"\b(?:public|private|protected)\s+(Q_SLOTS|slots)\s*:|^[ \t]*((?:Q_SIGNALS|signals)\s*:)(?!:)", re.MULTILINE
)
_BOUNDARY = b";{}:>"
_WINDOW = 160


def prepared(source: bytes, lang: str) -> bytes:
    """UTF-8 `source`, of the same length and lines, with what a parser would stumble over blanked.

    `lang` is "c" or "cpp": it decides what `#ifdef __cplusplus` keeps.
    """
    directives: list[Directive] = []

    def hide(match: re.Match[bytes]) -> bytes:
        if match["directive"] in _CONDITIONAL:
            directives.append(Directive(match.start(), match.end(), match["directive"], match["rest"]))
        return match[0].translate(_BLANKS)

    code = bytearray(_OPAQUE.sub(hide, source))
    text = bytearray(source)

    def wipe(start: int, end: int) -> None:
        text[start:end] = text[start:end].translate(_BLANKS)
        code[start:end] = code[start:end].translate(_BLANKS)

    seen = bytes(code)
    for match in _QT_SECTION.finditer(seen):
        wipe(*match.span(match.lastindex or 0))
    for match in _HEAD.finditer(seen):
        for span in _head_macros(match):
            wipe(*span)
    for match in _CANDIDATE.finditer(seen):
        if code[match.start()] != 32 and _is_macro(match, code):
            wipe(*match.span())
    resolve(code, directives, lang, wipe)
    return bytes(text)


def _head_macros(match: re.Match[bytes]) -> list[tuple[int, int]]:
    """Spans of the words between `class` and `{`, `:`, `<` or `;` that are not the name of the type."""
    keyword, words = match[1], [(word[1], word[2], word.span()) for word in _HEAD_WORD.finditer(match[2])]
    names = [index for index, (name, call, _) in enumerate(words) if not call and name not in {b"final", b"sealed"}]
    if len(names) == 0:
        return []
    # `class Foo MY_FINAL`: a name that is not in capitals stands before the macros that follow it.
    mixed = [index for index in names if not _CAPITALS.match(words[index][0])]
    chosen = mixed[-1] if mixed else names[-1]
    others = [word for index, word in enumerate(words) if index != chosen and word[0] not in {b"final", b"sealed"}]
    if not all(_CAPITALS.match(name) or _EXPORT.match(name) or call for name, call, _ in others):
        return []
    # `struct FILE_INFO info;` and `enum COLOR c : 3` declare variables.
    following = match.string[match.end() : match.end() + _WINDOW].lstrip()
    exported = keyword == b"class" or all(_EXPORT.match(name) for name, _, _ in others)
    if (following[:1] == b";" and not exported) or (keyword == b"enum" and _BIT_FIELD.match(following)):
        return []
    base = match.start(2)
    return [(base + start, base + end) for _, _, (start, end) in others]


def _is_macro(match: re.Match[bytes], code: bytearray) -> bool:
    """Whether a word in capitals stands where neither a type nor a name can, so that it must be a macro."""
    start, end = match.span()
    before = bytes(code[max(0, start - _WINDOW) : start])
    left = before.rstrip()
    if _AFTER_PARAMETERS.search(left):
        return bool(_ENDS_HEAD.match(code, end))
    if match[1][:1] == b"_" and match[1].islower():
        return False
    if _IN_NAMESPACE.search(left):
        return bool(_OPENS_NAMESPACE.match(code, end))
    starts = not left or left[-1] in _BOUNDARY
    if starts or _SPECIFIER.search(left):
        if _DECLARES.match(code, end):
            return True
        alone = starts and not before.rpartition(b"\n")[2].strip() and _LINE_ENDS.match(code, end)
        return bool(alone) and not _GOES_ON.match(code, end) and (bool(match[2]) or not _CALLS.match(code, end))
    return match[2] is None and bool(_TYPE_BEFORE.search(left)) and bool(_DECLARATOR.match(code, end))
