"""Sentences that are true of a workspace, as models write them: made out of its index, in many forms."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.answers.told_workspaces import Told

T = TypeVar("T")
Pick = Callable[[Sequence[T]], T]

SEPARATORS = {"cpp": "::", "c": "::", "rust": "::", "ruby": "#"}

PLAIN = [
    "## Getting Started",
    "### How It Works",
    "**Key Points:**",
    "**Note:** This is only a summary.",
    "In short: it keeps things simple, and nothing else.",
    "Input/output is buffered, and/or logged.",
    "1. First, the caller checks the arguments.",
    "- Validation happens before anything is stored.",
    "The Observer pattern fits here; so does the Visitor.",
    "On Windows and Linux alike, I/O errors are reported to the caller.",
    "Caching keeps repeated calls cheap, e.g. in loops.",
    "| Name | Purpose |\n|---|---|\n| first | Reads what is there |",
    "Serialization uses plain text, i.e. nothing binary.",
    "> Think of it as a drawer with labels.",
    "Users can configure it; developers seldom need to.",
    "It was added in the early days (see the README).",
    "Overall, the code is easy to follow: Each part does one thing.",
    "Thread safety is not guaranteed, so a lock is needed.",
    "This is a well-known, easy-to-read and up-to-date approach.",
    "Both Python and C++ developers will find it familiar on Monday mornings.",
    "Error handling is left to the caller.",
    "Here is an example:",
    "Performance is O(n) at worst; memory is O(1).",
    "As of version 3.10, UTF-8 is the default encoding.",
    "Hence a timeout of 30 seconds, or 100 ms, may be right.",
]

STANDARD = {
    "python": [
        "It raises a `ValueError` or a `KeyError`.",
        "The annotation is `Optional[{T}]`, or `{T} | None` in newer code.",
        "Call `isinstance(x, {T})` to find out.",
        "`self.name` and `super().__init__()` are as in any class.",
        "It takes a `list[{T}]` or a `dict[str, {T}]`.",
        "A `@property` or `@staticmethod` would do, or `functools.lru_cache`.",
        "Use `os.path.join` and `pathlib.Path` for paths, `len()` for lengths.",
        "`__repr__` and `__eq__` come from `object`.",
    ],
    "cpp": [
        "It is kept in a `std::unique_ptr<{T}>`.",
        "Pass a `const {T}&` or a `std::string_view`.",
        "It throws `std::runtime_error` when that fails.",
        "Use `std::make_shared<{T}>()` or `std::optional<{T}>`.",
        "A `std::vector<std::string>` holds the names, `size_t` counts them.",
        "It is marked `noexcept` and `[[nodiscard]]`; `nullptr` is never returned.",
        "`#include <vector>` brings the container.",
    ],
    "typescript": [
        "It returns a `Promise<{T}>`, so `await` it.",
        "The type is `{T} | undefined` or `Partial<{T}>`.",
        "`console.log` and `JSON.stringify` help to look at it.",
        "A `Map<string, {T}>` or `Record<string, {T}>` would do.",
        "`Array.isArray()` tells the two apart; `setTimeout` delays.",
    ],
    "java": [
        "It is put in a `List<{T}>` or an `Optional<{T}>`.",
        "An `IllegalArgumentException` tells of bad input; see `java.util.Map`.",
        "`System.out.println` prints it, `@Override` marks it, `hashCode()` and `toString()` are inherited.",
    ],
    "go": [
        "It is used as `*{T}` or `[]{T}`, with `context.Context` first.",
        "Compare with `errors.Is`, print with `fmt.Printf`, end with `os.Exit(1)`.",
        "`if err != nil` is checked, `append` and `make` are built in.",
    ],
    "rust": [
        "It is a `Box<dyn {T}>`, an `Arc<Mutex<{T}>>` or an `Option<{T}>`.",
        "`#[derive(Debug, Clone)]` and `impl Display` are usual; `unwrap()` panics.",
        "Take `&mut self` or `&str`; return `Result<{T}, Box<dyn Error>>`.",
    ],
    "csharp": [
        "It is a `List<{T}>` or an `IEnumerable<{T}>`; `Console.WriteLine` prints.",
        "`async Task<{T}>` is awaited; `ArgumentNullException` tells of null; `string.Empty` is empty.",
    ],
    "ruby": [
        "`attr_reader` and `require_relative` are as usual.",
        "Call `{T}.new`, then `puts` and `nil?` or `respond_to?`.",
    ],
    "kotlin": [
        "It is a `List<{T}>` or a `{T}?`; `listOf()` and `println()` are built in.",
        "Use `data class` or `lateinit var`.",
    ],
}  # fmt: skip


def true_sentence(told: Told, pick: Pick) -> str:
    """One to three sentences, all of them true."""
    makers = [_type, _type, _members, _members, _bases, _places, _standard, _callable, _code, _plain, _build, _counts]
    parts = [pick(makers)(told, pick) for _ in range(pick([1, 1, 2, 3]))]
    flowing = not any("\n" in part or part.startswith(("|", "#", "-", ">", "1.", "**")) for part in parts)
    return pick([" ", "\n", "\n\n"] if flowing else ["\n\n"]).join(parts)


def _spelled(name: str, pick: Pick) -> str:
    return pick(["`{}`", "`{}`", "{}", "**`{}`**", "*{}*", "the `{}`", "(`{}`)"]).format(name)


def _type(told: Told, pick: Pick) -> str:
    symbol = pick(told.types)
    forms = [
        "{T} is a {kind} in `{path}`.",
        "{t} is defined in {path} at line {line}.",
        "The `{t}` {kind} lives in `{path}:{line}`.",
        "You find it at {path}:{line} ({t}).",
        "See `./{path}` for `{t}`.",
        "Several `{t}`s may live side by side; each `{t}`'s state is its own.",
        "`{t}` spans lines {line}-{end} of `{path}`.",
        "`{path}#L{line}` is where `{t}` starts.",
        "Creating a `{t}(...)` or `new {t}()` is cheap.",
        "{T}, defined on line {line} of `{file}`, is small.",
        "`{q}` is the full name of `{t}`.",
        "{T} ({path}:{line}) is where to start.",
        "- **{t}** (`{path}`): a {kind}.",
        "| `{t}` | {kind} | `{path}` |",
        "In `{folder}`, {t} is one of the {kind} definitions.",
    ]
    return pick(forms).format(
        T=_spelled(symbol.name, pick),
        t=symbol.name,
        q=symbol.qualified.replace(".", SEPARATORS.get(symbol.lang, ".").replace("#", "::")),
        kind=symbol.kind,
        path=symbol.file,
        file=symbol.file.rsplit("/", 1)[-1],
        folder=f"{symbol.file.rpartition('/')[0]}/" if "/" in symbol.file else symbol.file,
        line=symbol.line,
        end=symbol.end,
    )


def _members(told: Told, pick: Pick) -> str:
    symbol = pick(list(told.methods))
    methods = told.methods[symbol]
    m = pick(methods)
    separator = SEPARATORS.get(symbol.lang, ".")
    listed = methods[: pick([1, 2, 3, 4])]
    ticked = [f"`{name}`" for name in listed]
    joined = ticked[0] if len(ticked) == 1 else f"{', '.join(ticked[:-1])} and {ticked[-1]}"
    forms = [
        "`{t}` has the methods {list}.",
        "The `{t}` class provides {list}.",
        "`{t}` is small. Its methods are {list}.",
        "Among the methods of `{t}` {are} {list}.",
        "The method `{m}` belongs to `{t}`.",
        "`{t}{sep}{m}` is one of its methods.",
        "Call `{t}{sep}{m}()` for that.",
        "`{m}()` is declared by `{t}`.",
        "`{t}` offers `{m}(...)`, among others.",
        "Call {m}() on a {t}.",
        "With `obj.{m}(a, b)` you ask a `{t}`.",
        "`{t}` defines `{m}`.\n\n- `{m}()`: see {path}.",
        "`{t}`:\n- {bullets}",
        "`{m}(self, x: int = 0)` is how it may look, in {t}.",
    ]
    return pick(forms).format(
        t=symbol.name, m=m, list=joined, sep=separator, path=symbol.file,
        are="is" if len(listed) == 1 else "are", bullets="\n- ".join(f"`{name}()`" for name in listed),
    )  # fmt: skip


def _bases(told: Told, pick: Pick) -> str:
    heirs = [s for s in told.types if s.bases]
    if not heirs:
        return _type(told, pick)
    symbol = pick(heirs)
    base = pick(symbol.bases)
    last = re.split(r"[.:]+", base)[-1]
    owners = [s for s in told.methods if s.name == last]
    forms = [
        "`{t}` derives from `{b}`.",
        "{t} inherits from {b}, which is its base.",
        "`{t}` is a subclass of `{b}`.",
        "`{t}` extends `{b}` and is defined in {path}.",
        "`{t}` implements `{b}`.",
        "The base class of `{t}` is `{b}`.",
        "`{b}` is the base of `{t}`.",
        "`{b}` is extended by `{t}`, among others.",
        "{t} (a {b}) does the rest.",
        "Being a `{b}`, `{t}` can be used wherever a `{b}` is expected.",
    ]
    inherited = [
        "`{t}` inherits `{m}` from `{b}`.",
        "`{t}` has the method `{m}`, which comes from `{b}`.",
        "Through `{b}`, `{t}` also has `{m}()`.",
        "`{t}.{m}` is inherited.",
    ]
    m = pick(told.methods[owners[0]]) if owners else ""
    form = pick(forms + inherited if m else forms)
    return form.format(t=symbol.name, b=last, path=symbol.file, m=m)


def _places(told: Told, pick: Pick) -> str:
    path = pick([row.path for row in told.store.files()])
    lines = len(told.lines(path))
    forms = [
        "Look at `{path}`.",
        "`./{path}` has {lines} lines.",
        "See {path}, above all its start.",
        "`{path}:1` is the first line.",
        "It is split over `{file}` and others.",
        "The folder `{folder}` holds it.",
        "In {path}:1-{lines} everything is in one place.",
        "Run your editor on `{file}` (in `{folder}`).",
    ]
    return pick(forms).format(
        path=path, file=path.rsplit("/", 1)[-1], folder=path.rpartition("/")[0] or path, lines=lines
    )


def _standard(told: Told, pick: Pick) -> str:
    symbol = pick([s for s in told.types if s.lang in STANDARD])
    return pick(STANDARD[symbol.lang]).replace("{T}", symbol.name)


def _callable(told: Told, pick: Pick) -> str:
    symbol = pick(told.callables)
    forms = [
        "`{m}` is a {kind} in {path}.",
        "The {kind} `{m}` is defined at line {line} of `{path}`.",
        "`{m}()` starts at {path}:{line}.",
        "The signature is `{sig}`.",
        "Its head reads:\n\n```{lang}\n{sig}\n```",
        "Calling {m}() does it.",
    ]
    short = symbol.signature and len(symbol.signature) < 120 and "`" not in symbol.signature
    return pick([form for form in forms if short or "{sig}" not in form]).format(
        m=symbol.name, kind=symbol.kind, path=symbol.file, line=symbol.line, sig=symbol.signature, lang=symbol.lang
    )


def _code(told: Told, pick: Pick) -> str:
    symbol = pick([*told.types, *told.callables])
    lines = told.lines(symbol.file)[symbol.line - 1 : min(symbol.end, symbol.line + 12)]
    return f"In `{symbol.file}`:\n\n```{symbol.lang}\n" + "\n".join(lines) + "\n```\n"


def _plain(told: Told, pick: Pick) -> str:
    return pick(PLAIN)


def _build(told: Told, pick: Pick) -> str:
    builds = told.store.builds()
    said = [f"The build file is `{build.file}`." for build in builds]
    for build in builds:
        said += [f"Run `{command}` to {verb} it." for verb, command in build.commands]
        said += [f"```bash\n{command}\n```" for _, command in build.commands]
        said += [f"It depends on `{dependency.name}`." for dependency in build.dependencies]
        said += [f"It depends on {d.name} {d.version}".rstrip() + "." for d in build.dependencies]
        said += [f"The target `{target.name}` is a {target.kind}." for target in build.targets]
        said += [f"Switch `{option.name}` on, or pass `-D{option.name}=ON`." for option in build.options]
    return pick(said) if said else _type(told, pick)


def _counts(told: Told, pick: Pick) -> str:
    symbol = pick([s for s in told.types if s.methods])
    count = len(dict.fromkeys(symbol.methods))
    forms = ["`{t}` has {n} methods.", "There are {n} methods in `{t}`.", "{t} declares {n} methods, all in {path}."]
    return pick(forms).format(t=symbol.name, n=count, path=symbol.file)
