"""Facts as sentences in Markdown: what samples teach, and what answers say where no model writes them.

Every name stands in backticks, so that a reader and the checker see what is a name. The sentences are data
(`wordings/answers.toml`); here is what fills them.
"""

import re
from collections.abc import Iterable, Sequence

from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import Commit, FileFacts, Removed, Section, Symbol
from codeanvil.samples.model import Users
from codeanvil.samples.phrasing import answer_template

MOST_NAMES = 12
"""Names listed before "and N more": longer lists are not remembered whole by a small model."""

MOST_DOC = 200
"""Characters of a description before it is cut at a word."""

MOST_OVERLOADS = 3
"""Signatures told of one name."""

_LOOSE_PARENTHESES = re.compile(r"(?<=\() +|,? +(?=\))|,(?=\))")

_KINDS = {"enum": "an enum", "interface": "an interface", "annotation": "an annotation"}


def say(key: str, names: Iterable[str] = (), most: int = MOST_NAMES, **values: str) -> str:
    """The answer `key` with its slots filled; `names` fills <names>, <s> and <are> by their number.

    Raises KeyError for an unknown answer or a slot left empty.
    """
    shown = list(dict.fromkeys(names))
    one = len(shown) == 1
    given = {"names": listed(shown, most), "s": "" if one else "s", "are": "is" if one else "are"}
    return answer_template(key) % {**given, **values}


def code(name: str) -> str:
    """A name in backticks, whatever it holds."""
    fence = "``" if "`" in name else "`"
    return f"{fence}{name}{fence}"


def listed(names: Iterable[str], most: int = MOST_NAMES, *, ticks: bool = True) -> str:
    """Names as "`a`, `b` and `c`", beyond `most` as "`a`, `b` and 3 more". With `ticks` false without backticks."""
    all_names = list(names)
    shown = [code(name) if ticks else name for name in all_names[:most]]
    if len(all_names) > most:
        return f"{', '.join(shown)} and {len(all_names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def language_name(lang: str) -> str:
    """`cpp` as C++, `typescript` as TypeScript."""
    return LANGUAGES[lang].title if lang in LANGUAGES else lang.capitalize()


def kind_phrase(kind: str) -> str:
    """`class` as "a class", `enum` as "an enum"."""
    return _KINDS.get(kind, f"a {kind}")


def folded(text: str, most: int = MOST_DOC) -> str:
    """Text on one line, cut at a word where it is longer than `most` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + " …"


def sentence(doc: str) -> str:
    """A description as a sentence: folded, with a mark at its end."""
    line = folded(doc)
    return line if not line or line[-1] in ".!?…:" else f"{line}."


def separator(symbol: Symbol) -> str:
    """What stands between an owner and its member in the symbol's language."""
    return "::" if symbol.lang in {"c", "cpp", "rust"} else "."


def display(symbol: Symbol) -> str:
    """How an answer calls a symbol: members with their type (`Reader.open`, `Reader::open`), others by name."""
    if symbol.kind in {"method", "constructor"} and symbol.scope:
        return f"{symbol.scope.rsplit('.', 1)[-1]}{separator(symbol)}{symbol.name}"
    return symbol.name


def method_names(symbol: Symbol) -> list[str]:
    """The methods of a type as they are listed: each once, no constructors, private ones and dunders last."""
    names = dict.fromkeys(n for n in symbol.methods if n != symbol.name and not n.startswith("~"))
    return sorted(names, key=lambda name: name.startswith("_"))


def signature_text(symbol: Symbol) -> str:
    """The signature on one line, without the mark that opens the body."""
    text = " ".join(symbol.signature.split()).rstrip("{;: ")
    return _LOOSE_PARENTHESES.sub("", text)


def where(symbol: Symbol, elsewhere: Sequence[str] = (), *, line: bool = False) -> str:
    """Where a symbol is defined; `elsewhere` are other files that define the same name. `line` adds the line."""
    it = code(display(symbol))
    if elsewhere:
        return say("where", it=it, path=listed(sorted({symbol.file, *elsewhere})))
    if line:
        return say("where-line", it=it, path=code(symbol.file), line=str(symbol.line))
    return say("where", it=it, path=code(symbol.file))


def declared(symbol: Symbol, path: str) -> str:
    """Where a symbol is declared, and that its body is in `path`."""
    return say("where-declared", it=code(display(symbol)), path=code(symbol.file), body=code(path))


def methods(symbol: Symbol, most: int = MOST_NAMES) -> str:
    """The methods a type declares itself."""
    names = method_names(symbol)
    return say("methods" if names else "methods-none", names, most, it=code(symbol.name))


def bases(symbol: Symbol) -> str:
    """What a type derives from."""
    return say("bases" if symbol.bases else "bases-none", symbol.bases, it=code(symbol.name))


def derived(symbol: Symbol, types: Sequence[Symbol], most: int = MOST_NAMES) -> str:
    """What derives from a type."""
    names = names_of(types)
    return say("derived" if names else "derived-none", names, most, it=code(symbol.name))


def names_of(symbols: Iterable[Symbol]) -> list[str]:
    """Simple names, each once, sorted."""
    return sorted({symbol.name for symbol in symbols})


def purpose(symbol: Symbol) -> str:
    """What a symbol is for: its description, or what can be said where it has none."""
    it = code(display(symbol))
    if symbol.doc:
        return say("purpose", it=it, doc=sentence(symbol.doc))
    names = method_names(symbol)
    if names:
        return say("purpose-methods", names, 6, it=it, kind=kind_phrase(symbol.kind))
    return say("purpose-none", it=it, kind=kind_phrase(symbol.kind), path=code(symbol.file))


def about(symbol: Symbol, types: Sequence[Symbol] = (), most: int = 5) -> str:
    """What there is to say about a type in short: place, bases, methods, derived types, description."""
    said = [say("about", it=code(display(symbol)), kind=kind_phrase(symbol.kind), path=code(symbol.file))]
    if symbol.bases:
        said.append(say("about-bases", symbol.bases, most))
    if names := method_names(symbol):
        said.append(say("about-methods", names, most))
    if types:
        said.append(say("about-derived", names_of(types), most))
    if symbol.doc:
        said.append(sentence(symbol.doc))
    return " ".join(said)


def signature(symbol: Symbol, overloads: Sequence[Symbol] = ()) -> str:
    """The signature of a function or method, and those of its overloads."""
    texts = dict.fromkeys(signature_text(s) for s in (symbol, *overloads))
    return say("signature", it=code(display(symbol)), signature=" or ".join(map(code, list(texts)[:MOST_OVERLOADS])))


def constructor(symbol: Symbol, constructors: Sequence[Symbol]) -> str:
    """How a type is constructed, by the signatures of its constructors (at least one)."""
    texts = dict.fromkeys(signature_text(c) for c in constructors)
    return say("constructor", it=code(symbol.name), signatures=" or ".join(map(code, list(texts)[:MOST_OVERLOADS])))


def owner(member: str, owners: Iterable[str]) -> str:
    """Which types have a method of this name."""
    return say("owner", sorted(set(owners)), it=code(member))


def users_phrase(users: Users, *, ticks: bool = True) -> str:
    """The files that use a name: all of them, or how many there are and some of them; '' where there are none."""
    files = listed(users.files, ticks=ticks)
    return files if users.count == len(users.files) else f"about {users.count} files, among them {files}"


def users(symbol: Symbol, found: Users) -> str:
    """Which other files use what a symbol names."""
    it = code(display(symbol))
    if not found.count:
        return say("users-none", it=it)
    return say("users-imported" if found.imported else "users", it=it, files=users_phrase(found))


def uses(it: str, names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Which types of other files a type or a file uses (at least one)."""
    return say("uses", names, most, it=code(it))


def exists(symbol: Symbol) -> str:
    """That there is such a symbol, and where."""
    return say("exists", it=code(display(symbol)), kind=kind_phrase(symbol.kind), path=code(symbol.file))


def member(symbol: Symbol, name: str) -> str:
    """Whether a type declares a method of this name."""
    return say("member-yes" if name in symbol.methods else "member-no", it=code(symbol.name), member=code(name))


def inherits(symbol: Symbol, other: str) -> str:
    """Whether a type names `other` among its bases."""
    return say("inherits-yes" if other in symbol.bases else "inherits-no", it=code(symbol.name), other=code(other))


def relation_derives(symbol: Symbol, base: str) -> str:
    """How a type relates to one of its bases."""
    return say("relation-derives", it=code(symbol.name), other=code(base))


def relation_inside(nested: Symbol, outer: Symbol) -> str:
    """How a type relates to the one that it is defined in."""
    return say("relation-inside", it=code(nested.name), other=code(outer.name))


def relation_beside(symbol: Symbol, other: Symbol, shared: Sequence[str] = ()) -> str:
    """How two types of one file relate of which neither is a direct base of the other; `shared` are bases of both."""
    it, beside = code(symbol.name), code(other.name)
    if shared:
        return say("relation-siblings", shared, it=it, other=beside)
    return say("relation-file", it=it, other=beside, path=code(symbol.file))


def absent(name: str) -> str:
    """That the workspace has nothing of this name."""
    return say("absent", it=code(name))


def missing(name: str) -> str:
    """That the evidence given does not tell about the subject."""
    return say("missing", it=code(name))


def file_parts(file: FileFacts) -> tuple[list[str], list[str]]:
    """Names of the types and of the free functions that a file defines, in source order, each once."""
    types = dict.fromkeys(s.name for s in file.symbols if s.is_type and not s.decl)
    callables = {s.qualified for s in file.symbols if s.kind in {"function", "method", "constructor"}}
    functions = dict.fromkeys(s.name for s in file.symbols if s.kind == "function" and s.scope not in callables)
    return list(types), list(functions)


def _parts_phrase(file: FileFacts, most: int) -> str:
    types, functions = file_parts(file)
    parts = []
    for names, one, many in ((types, "type", "types"), (functions, "function", "functions")):
        if names:
            parts.append(f"the {one if len(names) == 1 else many} {listed(names, most)}")
    return " and ".join(parts)


def contains(file: FileFacts, most: int = 8) -> str:
    """Which types and functions a file defines."""
    parts = _parts_phrase(file, most)
    return say("contains" if parts else "contains-none", it=code(file.path), parts=parts)


def file_purpose(file: FileFacts, most: int = 8) -> str:
    """What a file is for: its description, or what it defines."""
    it, parts = code(file.path), _parts_phrase(file, most)
    if file.doc:
        return say("file", it=it, doc=sentence(file.doc))
    return say("file-none" if parts else "file-empty", it=it, language=language_name(file.lang), parts=parts)


def section(found: Section) -> str:
    """What a section of a document says first."""
    return f"{say('docs', it=code(found.file), title=found.title)}\n\n{found.lead}"


def outline(path: str, titles: Sequence[str], count: int) -> str:
    """The titles of a document's sections: the first ones of `count`."""
    names = [f'"{title}"' for title in titles]
    shown = f"{', '.join(names)} and {count - len(names)} more" if count > len(names) else listed(names, ticks=False)
    return say("outline", it=code(path), titles=shown)


def touched(commit: Commit, *, ticks: bool = True) -> str:
    """The files that a commit touched."""
    names = [path for _, path in commit.files]
    shown = [code(name) if ticks else name for name in names]
    if commit.touched > len(names):
        return f"{', '.join(shown)} and {commit.touched - len(names)} more"
    return listed(names, ticks=ticks)


def changes(project: str, commits: Sequence[Commit]) -> str:
    """The last commits, newest first (at least one)."""
    lines = (f"- {commit.date}, {code(commit.id)}: {commit.subject}" for commit in commits)
    return "\n".join([say("changes", project=code(project)), "", *lines])


def last_change(project: str, commit: Commit) -> str:
    """The last commit."""
    return say(
        "last-change",
        it=code(project),
        commit=code(commit.id),
        date=commit.date,
        subject=commit.subject,
        files=touched(commit),
    )


def file_change(path: str, commit: Commit) -> str:
    """The last commit that touched a file."""
    return say("file-change", it=code(path), commit=code(commit.id), date=commit.date, subject=commit.subject)


def removed(found: Removed) -> str:
    """That something is not there any more, and since when."""
    return say("removed", it=code(found.name), path=code(found.path), date=found.date, commit=code(found.commit))


def code_block(text: str, lang: str = "") -> str:
    """Code in a fence that is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{lang}\n{text.rstrip()}\n{fence}"
