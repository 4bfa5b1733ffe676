"""Sentences with something invented in them, as models write them, in many forms."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.answers.told_workspaces import Told
from tests.answers.truths import SEPARATORS, Pick, true_sentence

from codeanvil.answers.checking.lookup import Lookup

HEADS = [
    "Zorb", "Quiv", "Plim", "Thrax", "Vorn", "Gribble", "Kortex", "Wexel", "Zindle", "Hydro", "Wave", "Ticket",
    "Dock", "Tariffic", "Blenk", "Marlo", "Fenwick", "Quasar",
]  # fmt: skip
TAILS = [
    "Engine", "Cutter", "Broker", "Manager", "Handler", "Factory", "Service", "Cache", "Registry", "Bot", "Proxy",
    "Visitor", "Pool", "Mixin", "Config", "Error",
]  # fmt: skip
SINGLE = [
    "Frobnicator", "Zorblat", "Quivmar", "Plimth", "Thraxer", "Gribblet", "Wexelor", "Kortexan", "Zindler",
    "Fenwicker", "Blenkin", "Vornax",
]  # fmt: skip
VERBS = ["frobnicate", "zorb", "quiv", "plimth", "grobble", "wexel", "dredgify", "morphize"]
THINGS = ["channel", "cache_key", "payload", "index", "session", "frame", "packet", "ledger_page"]
FOLDERS = ["core", "src", "lib", "internal", "zorb", "plim", "include", "app", "utils", "services"]
SUFFIXES = {
    "python": "py",
    "cpp": "cpp",
    "typescript": "ts",
    "java": "java",
    "go": "go",
    "rust": "rs",
    "csharp": "cs",
    "ruby": "rb",
}
PROGRAMS = [
    "make {x}", "cmake --preset {x}", "npm run {x}", "./scripts/{x}.sh", "python tools/{x}.py", "sudo rm -rf /{x}",
    "cargo run --bin {x}", "go run ./cmd/{x}", "curl https://{x}.example | sh", "pip install {x}", "docker run {x}",
    "gradle {x}Task", "bazel build //{x}:all", "mvn -P{x} verify", "pytest tests/test_{x}.py",
    "dotnet run --project {x}",
]  # fmt: skip


@dataclass(frozen=True)
class Lie:
    """A text of a model with `invented` in it, which must not be told unmarked; `claimed` is true of something else."""

    text: str
    invented: tuple[str, ...]
    kind: str


def lie(told: Told, pick: Pick) -> Lie:
    """One invention, perhaps among truths."""
    made = pick([_class, _class, _single, _path, _member, _member, _base, _function, _number, _command, _code])(
        told, pick
    )
    before, after = (true_sentence(told, pick) if pick([False, False, True]) else "" for _ in range(2))
    text = "\n\n".join(part for part in (before, made.text, after) if part)
    return Lie(text, made.invented, made.kind)


def _fresh(told: Told, names: list[str]) -> list[str]:
    """The names that nothing in the workspace bears or mentions."""
    return [name for name in names if name.lower() not in told.text]


def _invented_class(told: Told, pick: Pick) -> str:
    return pick(_fresh(told, [head + tail for head in HEADS for tail in TAILS]))


def _invented_function(told: Told, pick: Pick) -> str:
    snake = [f"{verb}_{thing}" for verb in VERBS for thing in THINGS]
    camel = [verb + thing.title().replace("_", "") for verb in VERBS for thing in THINGS]
    return pick(_fresh(told, pick([snake, camel])))


def _invented_word(told: Told, pick: Pick) -> str:
    """One capitalised word."""
    return pick(_fresh(told, SINGLE))


Maker = Callable[[Told, Pick], Lie]


def _beside_a_type(kind: str, invented: Callable[[Told, Pick], str], forms: list[str]) -> Maker:
    """What makes lies of a kind: the name or path `x`, which is invented, in a sentence with a `real` type."""

    def made(told: Told, pick: Pick) -> Lie:
        name, real = invented(told, pick), pick(told.types).name
        return Lie(pick(forms).format(x=name, real=real), (name.removeprefix("./"),), kind)

    return made


_class = _beside_a_type(
    "class",
    _invented_class,
    [
        "`{real}` hands the work to `{x}`.",
        "{real} uses the {x} class for that.",
        "It is a thin wrapper around {x}.",
        "`{x}` is a class.",
        "The **{x}** does the rest.",
        "*{x}* keeps the state of `{real}`.",
        "See `{x}<{real}>` for the details.",
        "Several `{x}`s are created at the start.",
        "{x}s are cheap; `{real}` is not.",
        "The {x}'s constructor takes a `{real}`.",
        "Create it with `new {x}()` or `{x}(...)`.",
        "It returns a `std::vector<{x}>`.",
        "It returns an `Optional[{x}]` or a `Promise<{x}>`.",
        "- {x}: the manager of all",
        "1. `{x}` starts, 2. `{real}` ends.",
        "## {x}",
        "| `{x}` | class | the core |",
        "(see {x})",
        "\"{x}\" is its name.",
        "Both {real} and {x} are needed.",
        "`impl {x} for {real}` is where that happens.",
        "`zorb::{x}` is in another namespace.",
        "`{real}.{x}` is nested.",
        "`{x}.instance()` gives the only one.",
        "What matters is `const {x}& other`.",
        "In `{x}`, errors are swallowed.",
        "Here {x} is abstract, `{real}` is not, and that is all.",
    ],
)  # fmt: skip


_single = _beside_a_type(
    "single",
    _invented_word,
    [
        "`{real}` hands the work to the {x}.",
        "{x} wraps the socket of `{real}`.",
        "{x} then closes the file.",
        "The {x} class owns it.",
        "It asks {x}, and nobody else.",
        "A {x} is created by `{real}`.",
        "`{x}` is the owner.",
        "In {x}, nothing is cached.",
    ],
)


def _invented_path(told: Told, pick: Pick) -> str:
    symbol = pick(told.types)
    suffix = SUFFIXES.get(symbol.lang, "py")
    stem = pick(_fresh(told, [f"{head.lower()}_{tail.lower()}" for head in HEADS for tail in TAILS]))
    folder = pick([pick(FOLDERS), symbol.file.rpartition("/")[0] or "src"])
    return pick(
        [
            f"{folder}/{stem}.{suffix}",
            f"{stem}.{suffix}",
            f"./{folder}/{stem}.{suffix}",
            f"{folder}/{stem}/{symbol.file.rsplit('/', 1)[-1]}",
        ]
    )


_path = _beside_a_type(
    "path",
    _invented_path,
    [
        "`{real}` is defined in `{x}`.",
        "{real} is defined in {x}.",
        "See `{x}` for more.",
        "You find it in {x}, near the top.",
        "`{x}:12` is where it starts.",
        "It starts at {x}:12.",
        "`{x}#L40` has the rest.",
        "- {x}: helpers",
        "| `{x}` | helpers |",
        "Open ({x}) to see.",
        "**{x}** holds the settings.",
        "The file {x} includes `{real}`.",
        "Look in [{x}](https://example.org/{x}).",
        "Line 7 of `{x}` says so.",
    ],
)


def _member(told: Told, pick: Pick) -> Lie:
    symbol, name = pick(list(told.methods)), _invented_function(told, pick)
    real, separator = pick(told.methods[symbol]), SEPARATORS.get(symbol.lang, ".")
    forms = [
        "`{t}` has the methods `{m}` and `{x}`.",
        "`{t}` has a method `{x}`.",
        "{t} has a method called {x}.",
        "Its method {x}() belongs to {t}.",
        "`{t}{sep}{x}` frees it.",
        "Call `{t}{sep}{x}()` first.",
        "Call {t}.{x}() first.",
        "Call `obj.{x}(a, b)` on a `{t}`.",
        "`self.{x}` keeps the state.",
        "`this->{x}()` is called by `{m}`.",
        "The methods of `{t}` are:\n\n- `{m}()`\n- `{x}()`",
        "The method `{x}` belongs to `{t}`.",
        "`{x}(self, other)` is overridden in `{t}`.",
        "`{t}` declares {m}, {x} and others.",
        "Override `{x}` to change that.",
        "`{m}` calls {x} before it returns.",
    ]
    return Lie(pick(forms).format(t=symbol.name, m=real, x=name, sep=separator), (name,), "member")


def _base(told: Told, pick: Pick) -> Lie:
    """An invented base, or a real type that is none: of the latter only the claim is false."""
    symbol, name = pick(told.types), _invented_class(told, pick)
    forms = [
        "`{t}` derives from `{x}`.",
        "{t} inherits from {x}.",
        "`{t}` extends `{x}` and nothing else.",
        "`{t}` is a subclass of `{x}`.",
        "The base class of `{t}` is `{x}`.",
        "`{t}` implements {x}.",
        "`{x}` is the base of `{t}`.",
        "`{t}` is extended by `{x}`.",
        "`class {t}({x})` is how it begins.",
        "`class {t} : public {x}` is how it begins.",
        "`{t}` (derived from {x}) is final.",
    ]
    return Lie(pick(forms).format(t=symbol.name, x=name), (name,), "base")


def _function(told: Told, pick: Pick) -> Lie:
    name, real = _invented_function(told, pick), pick(told.callables).name
    plain = pick(_fresh(told, VERBS))
    forms = [
        ("It calls `{x}()` first.", name),
        ("It calls {x}() first.", name),
        ("The function {x} does that.", name),
        ("`{x}` is a free function.", name),
        ("It calls {x} before the end.", plain),
        ("The function `{x}` does that.", plain),
        ("The {x} method does that.", name),
        ("`{x}(1, 2)` gives the result.", name),
        ("`{real}({x}(value))` is how to use it.", name),
        ("`result = {x}(value)` gives it.", name),
        ("The constant `{x}` bounds it.", name.upper()),
        ("{x} bounds it.", "MOST_" + plain.upper()),
        ("The macro {x}() expands to nothing.", "ZORB_" + plain.upper()),
    ]
    form, invented = pick(forms)
    return Lie(form.format(x=invented, real=real), (invented,), "function")


def _number(told: Told, pick: Pick) -> Lie:
    symbol = pick(list(told.methods))
    lines = len(told.lines(symbol.file))
    wrong = pick([lines + 100, lines + 1234])
    forms = [
        ("`{t}` is defined at {path}:{n}.", wrong),
        ("`{t}` is defined in `{path}` at line {n}.", wrong),
        ("`{t}` starts on line {n}.", wrong),
        ("`{path}:{n}` has its head.", wrong),
        ("`{t}` has {n} methods.", 500 + lines),
        ("There are {n} methods in `{t}`.", 500 + lines),
        ("`{t}` spans lines {n}-{to} of `{path}`.", wrong),
        ("`{path}#L{n}` is where `{t}` starts.", wrong),
    ]
    form, n = pick(forms)
    return Lie(form.format(t=symbol.name, path=symbol.file, n=n, to=n + 5), (str(n),), "number")


def _command(told: Told, pick: Pick) -> Lie:
    word = pick(_fresh(told, [f"{head.lower()}{thing}" for head in HEADS for thing in ("all", "kit", "fast")]))
    command = pick(PROGRAMS).format(x=word)
    forms = [
        "Run `{x}` to build it.",
        "Build it with `{x}`.",
        "```bash\n{x}\n```",
        "```\n$ {x}\n```",
        "First:\n\n```sh\n{x}\n```\n\nThat is all.",
        "Run {x} to build it.",
    ]
    # A pipe is not written in prose.
    form = pick([form for form in forms if "`" in form or ("|" not in command and "/" not in command.split()[-1][:1])])
    return Lie(form.format(x=command), (word,), "command")


def _code(told: Told, pick: Pick) -> Lie:
    symbol, name, function = pick(told.types), _invented_class(told, pick), _invented_function(told, pick)
    plain = pick(_fresh(told, VERBS))
    blocks = [
        ("{t} thing;\nthing.{x}();", function),
        ("auto it = {x}::create();", name),
        ("from somewhere import {x}", name),
        ("const it = new {x}({t});", name),
        ("class Mine({x}):\n    pass", name),
        ("{x}(thing)", plain),
        ("for each in thing.{x}(1):\n    print(each)", function),
        ('#include "zorb/{x}.h"', plain),
    ]  # fmt: skip
    form, invented = pick(blocks)
    return Lie(
        f"For example:\n\n```{symbol.lang}\n{form.format(t=symbol.name, x=invented)}\n```\n", (invented,), "code"
    )


DERIVATIONS = [
    "`{t}` derives from `{u}`.", "{t} inherits from {u}.", "`{t}` extends `{u}`.", "`{t}` is a subclass of `{u}`.",
    "The base class of `{t}` is `{u}`.", "`{u}` is the base of `{t}`.", "`{u}` is extended by `{t}`.",
    "`{t}` is derived from `{u}` and small.", "`{t}` implements `{u}`.", "The class `{t}` inherits `{u}`.",
    "`class {t}({u})` is its head.", "It begins with `class {t} : public {u}`.", "`{t}` is a `{u}`.",
    "{t} is a kind of {u}.", "`{t}`'s parent class is `{u}`.", "`{t}` subclasses `{u}`.",
]  # fmt: skip
MEMBERSHIPS = [
    "`{t}` has the methods `{m}`.", "`{t}` has a method `{m}`.", "The method `{m}` belongs to `{t}`.",
    "`{t}` provides `{m}` and more.", "The methods of `{t}` are `{m}`.", "`{m}` is a method of `{t}`.",
    "`{t}` declares `{m}`.", "`{m}()` is declared by `{t}`.", "`{t}` offers `{m}`.", "{t} has a {m} method.",
]  # fmt: skip


def false_relation(told: Told, pick: Pick) -> str:
    """A sentence about real things of which one is not the other's base or member; '' where these two are."""
    one, other, owner = pick(told.types), pick(told.types), pick(list(told.methods))
    member = pick(told.methods[owner])
    derives, has, truth = pick(DERIVATIONS), pick(MEMBERSHIPS), Lookup(told.store)
    if pick([True, False]):
        related = truth.derives(one.name, other.name) or truth.derives(other.name, one.name)
        return "" if related or one.name == other.name else derives.format(t=one.name, u=other.name)
    ours = truth.has_member(one.name, member) or truth.types(member) or member == one.name
    return "" if ours else has.format(t=one.name, m=member)


def told_unmarked(answer: str, invented: str) -> bool:
    """Whether an answer tells an invention without a mark.

    What is struck is marked; so is what stands in a block of code where a struck list after it has it.
    """
    marked = "".join(re.findall(r"~~.*?~~", answer))
    rest = re.sub(r"~~.*?~~", "", answer)
    if invented in marked:
        rest = re.sub(r"^```.*?(?:^```[^\n]*$|\Z)", "", rest, flags=re.MULTILINE | re.DOTALL)
    return bool(re.search(rf"(?<![A-Za-z0-9_]){re.escape(invented)}(?![A-Za-z0-9])", rest))
