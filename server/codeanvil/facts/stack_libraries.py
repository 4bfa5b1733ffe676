"""The libraries and the test frameworks of a project: what its builds ask for, and what its code imports."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from packaging.utils import canonicalize_name

from codeanvil.facts.builds.documents import BUILD_GROUP, CI_GROUP, MANAGED_GROUP
from codeanvil.facts.known_libraries import (
    is_framework,
    library_of,
    test_framework_of,
    test_framework_of_package,
)
from codeanvil.facts.model import BuildFacts, Dependency, FileFacts

_NO_LIBRARIES = frozenset({BUILD_GROUP, CI_GROUP, MANAGED_GROUP})
"""Groups of what is no part of the program: what builds it, and versions that nobody may take."""

_OWN_PLACES = (".", "workspace:", "file:", "link:")
"""How versions begin that are places in the workspace itself."""

_RUNNERS = (("cmake", "CTest"), ("cargo", "cargo test"))
"""What runs the tests of a build system that brings its own way to write them."""

SHORTEST_PART = 4
"""Characters of a title from which on it counts as named where a package's name holds it."""

# Import names that differ from the name of the package.
_PACKAGE_OF_MODULE = {
    "yaml": "pyyaml", "cv2": "opencv-python", "pil": "pillow", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "skimage": "scikit-image", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "attr": "attrs",
    "google": "protobuf", "jwt": "pyjwt", "serial": "pyserial", "usb": "pyusb", "crypto": "pycryptodome",
    "fitz": "pymupdf", "docx": "python-docx", "magic": "python-magic", "win32api": "pywin32", "wx": "wxpython",
    "openssl": "pyopenssl",
}  # fmt: skip


def libraries(code: Sequence[FileFacts], builds: Sequence[BuildFacts], local: set[str]) -> tuple[Dependency, ...]:
    """What builds name, each once with the version that one of them gives; then what only the code shows.

    Frameworks come first, what only tests and developers need comes after the rest. `local` are the names under which
    Python modules of the project itself can be imported.
    """
    own = set(_own_names(builds))
    found: dict[str, Dependency] = {}
    for build in builds:
        for dependency in build.dependencies:
            key = canonicalize_name(dependency.name)
            known = found.get(key)
            if (
                dependency.group in _NO_LIBRARIES
                or {key, _last(key)} & own
                or dependency.version.startswith(_OWN_PLACES)
            ):
                continue
            if known is None or _says_more(dependency, known):
                found[key] = dependency
    ordered = sorted(found.values(), key=lambda item: (not is_framework(item.name), bool(item.group)))
    seen = {key.rstrip("0123456789") for key in found} | set(found)
    return (*ordered, *_imported(code, local, own, seen))


def test_frameworks(code: Sequence[FileFacts], builds: Sequence[BuildFacts]) -> tuple[str, ...]:
    """What tests are written with, the most used first."""
    uses = Counter[str]()
    for file in code:
        uses.update({name for each in file.imports if (name := test_framework_of(file.lang, each))})
    for build in builds:
        uses.update({name for d in build.dependencies if (name := test_framework_of_package(d.name))})
        if any(target.kind == "test" for target in build.targets):
            uses.update(name for system, name in _RUNNERS if system == build.system)
    return tuple(name for name, _ in sorted(uses.items(), key=lambda item: (-item[1], item[0])))


def local_modules(code: Iterable[FileFacts]) -> set[str]:
    """Every name under which a Python file of the project, or a folder above one, can be imported."""
    parts = set[str]()
    for file in code:
        if file.lang == "python":
            *folders, name = file.path.split("/")
            parts.update(folders, [name.rpartition(".")[0]])
    return parts


def _own_names(builds: Iterable[BuildFacts]) -> Iterator[str]:
    """What the project itself makes: others of its builds may ask for it."""
    for build in builds:
        if build.name:
            yield canonicalize_name(build.name)
        yield from (canonicalize_name(each.name) for each in build.targets if each.kind in {"library", "executable"})


def _last(name: str) -> str:
    """`org.acme:core` is asked for by that name where `core` is made."""
    return name.rpartition(":")[2]


def _says_more(dependency: Dependency, known: Dependency) -> bool:
    return (bool(dependency.version), not dependency.group) > (bool(known.version), not known.group)


def _imported(code: Sequence[FileFacts], local: set[str], own: set[str], seen: set[str]) -> Iterator[Dependency]:
    """What the code uses and no build asks for under that or a longer name."""
    squashed = " ".join(map(_squashed, seen))
    told = set[str]()
    for name, is_title in _used(code, local):
        key = canonicalize_name(name)
        named = bool({key, key.removeprefix("lib"), _PACKAGE_OF_MODULE.get(key, key)} & seen)
        named = named or (is_title and len(name) >= SHORTEST_PART and _squashed(name) in squashed)
        if not named and key not in own | told:
            told.add(key)
            yield Dependency(name)


def _squashed(name: str) -> str:
    """`Spring Boot` as it occurs in `org.springframework.boot:spring-boot-starter`, squashed as well."""
    return "".join(filter(str.isalnum, name.lower()))


def _used(code: Sequence[FileFacts], local: set[str]) -> list[tuple[str, bool]]:
    """Libraries that imports show, most used first: modules of Python that are foreign, else titles (True)."""
    uses = Counter[tuple[str, bool]]()
    for file in code:
        if file.lang == "python":
            tops = {name.split(".")[0] for name in file.imports if not name.startswith(".")}
            foreign = {top for top in tops if top not in sys.stdlib_module_names and top not in local}
            uses.update(sorted((name, False) for name in foreign if not test_framework_of("python", name)))
        else:
            titles = {library for each in file.imports if (library := library_of(file.lang, each))}
            uses.update(sorted((title, True) for title in titles))
    return [used for used, _ in sorted(uses.items(), key=lambda item: (-item[1], item[0]))]
