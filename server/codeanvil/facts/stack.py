"""What a project is made of: languages, libraries, test frameworks, folders, entry points."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from packaging.utils import canonicalize_name

from codeanvil.facts.builds.documents import BUILD_GROUP
from codeanvil.facts.known_libraries import TEST_MODULES, TEST_PACKAGES, library_of, test_framework_of
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import BuildFacts, Dependency, FileFacts, LanguageShare, Stack
from codeanvil.facts.roles import NOT_OWN

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
}  # fmt: skip
_GUARDS = {"ruby": "if __FILE__ == $0"} | dict.fromkeys(
    ("javascript", "typescript", "tsx"), "a check that it is the main module"
)
_SCRIPTS = frozenset(_GUARDS) | {"php"}
# Import names that differ from the name of the package.
_PACKAGE_OF_MODULE = {
    "yaml": "pyyaml", "cv2": "opencv-python", "pil": "pillow", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "skimage": "scikit-image", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "attr": "attrs",
}  # fmt: skip


def stack(files: Sequence[FileFacts], builds: Sequence[BuildFacts]) -> Stack:
    """The stack of the project that holds `files` and `builds`.

    Libraries are those that builds ask for, with versions, and well-known or foreign ones that the code uses without.
    Shares are of all lines of the languages that `LANGUAGES` reads. What is vendored or generated counts for folders
    only, unless there is nothing else. All parts are in a fixed order.
    """
    code = sorted((file for file in files if file.lang in LANGUAGES), key=lambda file: file.path)
    own = [file for file in code if file.role not in NOT_OWN] or code
    return Stack(
        languages=_languages(own),
        libraries=_libraries(own, builds, _local_modules(code)),
        test_frameworks=_test_frameworks(own, builds),
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


def _libraries(code: Sequence[FileFacts], builds: Sequence[BuildFacts], local: set[str]) -> tuple[Dependency, ...]:
    """What builds name first, each once with the version that one of them gives; then what only the code shows."""
    own = {canonicalize_name(build.name) for build in builds if build.name}
    own |= {canonicalize_name(target.name) for build in builds for target in build.targets}
    found: dict[str, Dependency] = {}
    for build in builds:
        for dependency in build.dependencies:
            key = canonicalize_name(dependency.name)
            known = found.get(key)
            if dependency.group != BUILD_GROUP and key not in own and (known is None or _says_more(dependency, known)):
                found[key] = dependency
    seen = {key.rstrip("0123456789") for key in found} | set(found)
    for name in _used(code, local):
        key = canonicalize_name(name)
        if key not in own and not {key, key.removeprefix("lib"), _PACKAGE_OF_MODULE.get(key, key)} & seen:
            found.setdefault(key, Dependency(name))
    return tuple(found.values())


def _says_more(dependency: Dependency, known: Dependency) -> bool:
    return (bool(dependency.version), not dependency.group) > (bool(known.version), not known.group)


def _used(code: Sequence[FileFacts], local: set[str]) -> list[str]:
    """Libraries that includes and imports show, most used first; `local` are modules of the project itself."""
    uses = Counter[str]()
    for file in code:
        if file.lang == "python":
            tops = {name.split(".")[0] for name in file.imports if not name.startswith(".")}
            names = {top for top in tops if top not in sys.stdlib_module_names and top not in local}
        else:
            names = {library for include in file.imports if (library := library_of(include))}
        uses.update(sorted(names - set(TEST_MODULES)))
    return [name for name, _ in sorted(uses.items(), key=lambda item: (-item[1], item[0]))]


def _local_modules(code: Iterable[FileFacts]) -> set[str]:
    """Every name under which a Python file of the project, or a folder above one, can be imported."""
    parts = set[str]()
    for file in code:
        if file.lang == "python":
            *folders, name = file.path.split("/")
            parts.update(folders, [name.rpartition(".")[0]])
    return parts


def _test_frameworks(code: Sequence[FileFacts], builds: Sequence[BuildFacts]) -> tuple[str, ...]:
    uses = Counter[str]()
    for file in code:
        if file.lang == "python":
            tops = {name.split(".")[0] for name in file.imports}
            uses.update({TEST_MODULES[top] for top in tops if top in TEST_MODULES})
        else:
            uses.update({name for include in file.imports if (name := test_framework_of(include))})
    for build in builds:
        uses.update({name for d in build.dependencies if (name := TEST_PACKAGES.get(d.name.lower()))})
        if build.system == "cmake" and any(target.kind == "test" for target in build.targets):
            uses["CTest"] += 1
    return tuple(name for name, _ in sorted(uses.items(), key=lambda item: (-item[1], item[0])))


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
    """Scripts that builds install, then files with a `main`, programs before tests and examples."""
    scripts = [
        (build.file, target.line, f"script {target.name}, {target.command}")
        for build in builds
        for target in build.targets
        if target.kind == "script"
    ]
    mains = sorted(
        (file for file in code if file.has_main),
        key=lambda file: (file.role != "source", file.path.count("/"), file.path),
    )
    return tuple(scripts + [(file.path, file.main_line, _how(file)) for file in mains])


def _how(file: FileFacts) -> str:
    """What makes the file a program; of scripting languages the first line can only be one that begins with #!."""
    if file.lang in _GUARDS and file.main_line > 1:
        return _GUARDS[file.lang]
    if file.lang in _SCRIPTS:
        return "script that begins with #!"
    return 'if __name__ == "__main__"' if file.lang == "python" else "main function"
