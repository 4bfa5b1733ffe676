"""C and C++ definitions as libclang sees them: each file a translation unit of its own.

The headers of the C and C++ libraries come from a wheel of the same Clang, so that figures do not hang on the machine.
A header that a source needs and nobody has is done without. What a macro makes is left out where its name is not
written in the source, and counted; so are scopes that a macro opens.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.compare_facts.definition import Definition, Findings, MissingError, Unread
from scripts.compare_facts.sources import Source, fetch

try:
    from clang.cindex import Index, LibclangError
    from scripts.compare_facts import libclang_unit
except ImportError as error:
    raise MissingError("libclang is not installed: pip install 'libclang>=16,<19'.") from error

_CLANG = Source("pypi-wheel", "ziglang", "0.13.0", "ziglang/lib")
_LIBRARIES = (
    "libcxx/include", "libcxxabi/include", "libunwind/include", "include", "libc/include/x86_64-linux-gnu",
    "libc/include/generic-glibc", "libc/include/x86-linux-any", "libc/include/any-linux-any",
)  # fmt: skip
_COMMON = ("-target", "x86_64-linux-gnu", "-nostdinc", "-ferror-limit=0", "-w")
_CPP = (
    "-nostdinc++", "-D_LIBCPP_ABI_VERSION=1", "-D_LIBCPP_ABI_NAMESPACE=__1",
    "-D_LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS", "-D_LIBCPP_PSTL_CPU_BACKEND_SERIAL",
    "-D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_NONE", "-D_LIBCPP_ENABLE_CXX17_REMOVED_FEATURES",
    "-D_LIBCPP_ENABLE_CXX20_REMOVED_FEATURES",
)  # fmt: skip
# The library's headers for C++20 take half as long again to read, and old code does not always pass as C++20.
_NEW = re.compile(rb"\b(?:concept|requires|consteval|constinit|co_await|co_yield|co_return|char8_t)\b|<=>")
_STANDARD = Path(__file__).with_name("libclang_standard.hpp")
_INCOMPLETE = 0x02
_HEADERS = frozenset({".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".txx", ".tcc", ""})


def found(root: Path, paths: Sequence[str], language: str) -> Findings:
    """Types, functions and methods that the files define themselves, as C17, C++17 or C++20, for Linux."""
    try:
        _index()
    except LibclangError as error:
        raise MissingError(f"libclang cannot be loaded ({error}); install it anew.") from error
    libraries = fetch(_CLANG)
    system = [argument for folder in _LIBRARIES for argument in ("-isystem", str(libraries / folder))]
    own = [] if root == libraries / "libcxx/include" else _includes(root)
    definitions: list[Definition] = []
    unread: list[Unread] = []
    notes: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool, TemporaryDirectory() as folder:
        commands = {"gnu17": [*_COMMON, "-xc", "-std=gnu17", *system, *own]}
        for standard in ("gnu++17", "gnu++20") if language == "cpp" else ():
            common = [*_COMMON, *_CPP, f"-std={standard}", *system]
            # The library cannot be read beforehand where it is what is compared.
            precompiled = _precompiled(common, Path(folder, f"{standard}.pch")) if own else []
            commands[standard] = [*common, "-xc++", *precompiled, *own]
        for findings in pool.map(partial(_of_file, root, language, commands), paths):
            definitions += findings.definitions
            unread += findings.unread
            notes.update(findings.notes)
    return Findings(definitions, unread, dict(notes))


def _of_file(root: Path, language: str, commands: Mapping[str, Sequence[str]], path: str) -> Findings:
    new = language == "cpp" and _NEW.search((root / path).read_bytes())
    standard = {"c": "gnu17", "cpp": "gnu++20" if new else "gnu++17"}[language]
    unit = libclang_unit.Unit(_index(), root / path, path, commands[standard])
    return Findings(list(unit.definitions()), list(unit.unread()), unit.notes)


@cache
def _index() -> Index:
    return Index.create(excludeDecls=True)


def _precompiled(arguments: Sequence[str], file: Path) -> list[str]:
    """The options that bring in the whole standard library, which takes most of the time of nearly every file."""
    _index().parse(
        str(_STANDARD), [*arguments, "-xc++-header"], options=libclang_unit.PREPROCESSING | _INCOMPLETE
    ).save(file)
    return ["-include-pch", str(file)]


def _includes(root: Path) -> list[str]:
    """Options for all folders of the sources that hold headers, and those above."""
    headers = {path.parent for path in root.rglob("*") if path.suffix in _HEADERS and path.is_file()}
    folders = {folder for header in headers for folder in (header, *header.parents) if folder.is_relative_to(root)}
    # Higher folders first: a project that carries others has several `config.h`.
    return [f"-I{folder}" for folder in sorted(folders, key=lambda folder: (len(folder.parts), folder))]
