"""What a project is made of: languages, libraries, test frameworks, folders, entry points."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from codeanvil.facts.builds.own import own as project_s_own
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import BuildFacts, FileFacts, LanguageShare, Stack
from codeanvil.facts.roles import NOT_OWN
from codeanvil.facts.stack_libraries import libraries, local_modules, test_frameworks

MAX_FOLDERS = 24
"""Folders that are told, those of the most lines; the rest is detail."""

FOLDER_DEPTH = 2
"""Parts of a folder's path that are told apart."""

_ROLES = {
    "test": "tests", "tests": "tests", "testing": "tests", "doc": "documentation", "docs": "documentation",
    "example": "examples", "examples": "examples", "demo": "examples", "samples": "examples",
    "include": "public headers",
    "bench": "benchmarks", "benchmark": "benchmarks", "benchmarks": "benchmarks", "third_party": "third-party code",
    "thirdparty": "third-party code", "3rdparty": "third-party code", "external": "third-party code",
    "vendor": "third-party code", "scripts": "scripts", "tools": "tools", "apps": "programs", "cmake": "CMake modules",
    "spec": "tests", "specs": "tests", "__tests__": "tests", "e2e": "end-to-end tests", "fixtures": "test data",
    "testdata": "test data", "benches": "benchmarks", "cmd": "programs", "bin": "programs",
    "internal": "internal packages", "migrations": "database migrations", "config": "configuration",
    "public": "static files", "static": "static files",
}  # fmt: skip
_GUARDS = {"ruby": "if __FILE__ == $0"} | dict.fromkeys(
    ("javascript", "typescript", "tsx"), "a check that it is the main module"
)
_SCRIPTS = frozenset(_GUARDS) | {"php"}
_FUNCTION_SYSTEMS = frozenset({"pyproject", "setuptools"})
_PROGRAM_SYSTEMS = frozenset({"npm", "pnpm", "yarn", "bun", "composer", "rubygems"})


def stack(files: Sequence[FileFacts], builds: Sequence[BuildFacts]) -> Stack:
    """The stack of the project that holds `files` and `builds`.

    Libraries are those that builds ask for, with versions, and well-known or foreign ones that the code uses without.
    Shares are of all lines of the languages that `LANGUAGES` reads. What is vendored or generated counts for folders
    only, and build files of examples and tests not at all, unless there is nothing else. All parts are in a fixed
    order.
    """
    code = sorted((file for file in files if file.lang in LANGUAGES), key=lambda file: file.path)
    own = [file for file in code if file.role not in NOT_OWN] or code
    builds = project_s_own(builds)
    return Stack(
        languages=_languages(own),
        libraries=libraries(own, builds, local_modules(code)),
        test_frameworks=test_frameworks(own, builds),
        folders=_folders(code),
        entry_points=_entry_points(own, builds),
    )


def _languages(code: Sequence[FileFacts]) -> tuple[LanguageShare, ...]:
    counts, lines = Counter(file.lang for file in code), Counter[str]()
    for file in code:
        lines[file.lang] += file.lines
    total = lines.total() or 1
    shares = [LanguageShare(lang, count, lines[lang], lines[lang] / total) for lang, count in counts.items()]
    return tuple(sorted(shares, key=lambda share: (-share.lines, share.lang)))


def _folders(code: Sequence[FileFacts]) -> tuple[tuple[str, str], ...]:
    """Folders of up to `FOLDER_DEPTH` parts and what lies below them."""
    inside: dict[str, list[FileFacts]] = defaultdict(list)
    for file in code:
        parts = file.path.split("/")[:-1]
        for depth in range(1, min(len(parts), FOLDER_DEPTH) + 1):
            inside["/".join(parts[:depth])].append(file)
    largest = sorted(inside, key=lambda path: (-sum(file.lines for file in inside[path]), path))[:MAX_FOLDERS]
    return tuple((path, _contents(path, inside[path])) for path in sorted(largest))


def _contents(path: str, files: list[FileFacts]) -> str:
    """As in "tests: 9 C++ files, 2 Python files, 14 types"."""
    counts = Counter(LANGUAGES[file.lang].title for file in files)
    said = [_count(number, f"{title} file") for title, number in sorted(counts.items(), key=lambda i: (-i[1], i[0]))]
    if types := sum(symbol.is_type and not symbol.decl for file in files for symbol in file.symbols):
        said.append(_count(types, "type"))
    role = _ROLES.get(path.rpartition("/")[2].lower())
    return f"{role}: {', '.join(said)}" if role else ", ".join(said)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _entry_points(code: Sequence[FileFacts], builds: Sequence[BuildFacts]) -> tuple[tuple[str, int, str], ...]:
    """Commands that builds install, then files with a `main`, programs before tests and examples."""
    mains = sorted(
        (file for file in code if file.has_main),
        key=lambda file: (file.role != "source", file.path.count("/"), file.path),
    )
    return (*_installed(builds), *((file.path, file.main_line, _how(file)) for file in mains))


def _installed(builds: Sequence[BuildFacts]) -> Iterator[tuple[str, int, str]]:
    """Commands that come with a package: functions of Python, programs of packages for an interpreter."""
    for build in builds:
        for target in build.targets:
            if target.kind == "script" and build.system in _FUNCTION_SYSTEMS:
                runs = target.command or ", ".join(target.sources)
                yield build.file, target.line, f"script {target.name}, {runs}" if runs else f"script {target.name}"
            elif target.kind == "executable" and build.system in _PROGRAM_SYSTEMS and target.sources:
                yield build.file, target.line, f"program {target.name}, {target.sources[0]}"


def _how(file: FileFacts) -> str:
    """What makes the file a program; of scripting languages the first line can only be one that begins with #!."""
    if file.lang in _GUARDS and file.main_line > 1:
        return _GUARDS[file.lang]
    if file.lang in _SCRIPTS:
        return "script that begins with #!"
    if file.lang == "python":
        return 'if __name__ == "__main__"'
    return "main method" if file.lang in {"java", "csharp"} else "main function"
