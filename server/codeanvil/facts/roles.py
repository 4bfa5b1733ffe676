"""What a file is for, told by the conventions of its language: own code, tests, examples, others' code, output.

What other people or programs wrote is told before tests and examples: a vendored library's tests are vendored.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from codeanvil.facts.generated import is_generated
from codeanvil.facts.model import Role

WEIGHTS: Mapping[Role, float] = MappingProxyType(
    {"source": 1.0, "test": 0.25, "example": 0.25, "vendored": 0.05, "generated": 0.05}
)
"""What it is worth that the project refers to a file of this role: the project's own code comes first."""

NOT_OWN: frozenset[Role] = frozenset({"vendored", "generated"})
"""Roles of files that nobody of the project wrote: its languages and libraries are not told by them."""

_VENDORED = frozenset({
    "vendor", "vendors", "vendored", "_vendor", "_vendored", "third_party", "third-party", "thirdparty", "3rdparty",
    "3rd_party", "3rd-party", "extern", "external", "externals", "submodules", "pods", "carthage", "godeps",
    "node_modules", "bower_components", "jspm_packages", "web_modules", "site-packages", "dist-packages",
})  # fmt: skip
_VENDORED_TOPS = frozenset({"deps", "subprojects"})
"""At the top these hold other projects; further down they are folders like any other."""
_VENDORED_NAMES = re.compile(
    r"""(jquery|bootstrap|d3|lodash|underscore|backbone|angular|react(-dom)?|vue|modernizr|mootools|require|leaflet
       |ckeditor|codemirror|highlight)([.-](\d[\w.-]*|bundle|slim|pack|dev|global|prod))*\.js
       | sqlite3(ext)?\.[ch] | stb_\w+\.[ch] | catch(_amalgamated)?\.[ch]pp | doctest\.h | gtest-all\.cc | miniz\.[ch]
       | uthash\.h | versioneer\.py | get-pip\.py | ez_setup\.py""",
    re.VERBOSE,
)

_TESTS = frozenset({
    "test", "tests", "__tests__", "__mocks__", "unittests", "unit_tests", "unit-tests", "testdata",
    "test_data", "test-data", "testsuite", "e2e", "cypress", "autotests", "integration_tests", "integration-tests",
    "androidtest",
})  # fmt: skip
_SPECS = frozenset({"ruby", "javascript", "typescript", "tsx"})
"""Languages whose tests lie in folders `spec` and `specs`; elsewhere such hold specifications."""
_TEST_NAMES = {
    "python": r"test_.+ | .+_test\.pyi? | conftest\.py | tests?\.py",
    "c": r"test[_-].+ | .+[_-](tests?|unittests?|gtest)\.\w+ | tst_.+ | .*[a-z\d](Test|Tests|TestCase)\.\w+",
    "java": r".*[a-zA-Z\d](Test|Tests|TestCase|Spec|Suite|IT|ITCase)\.\w+ | Test[A-Z]\w*\.\w+",
    "csharp": r".*[a-zA-Z\d](Test|Tests|Fixture|Specs)\.cs",
    "javascript": r".+[.-](test|tests|spec|specs|cy|e2e|stories)\.\w+ | .+_(test|spec)\.\w+",
    "go": r".+_test\.go",
    "rust": r"tests?\.rs | .+_tests?\.rs | test_.+",
    "php": r".*[a-zA-Z\d](Test|TestCase|Cest)\.php",
    "ruby": r".+_(spec|test)\.rb | test_.+\.rb | spec_helper\.rb | test_helper\.rb",
    "swift": r".*[a-zA-Z\d](Tests?|Specs?)\.swift",
}
_FAMILY = {
    "cpp": "c", "kotlin": "java", "scala": "java", "typescript": "javascript", "tsx": "javascript",
}  # fmt: skip
_COMPILED_TEST_NAMES = {lang: re.compile(f"(?:{names})", re.VERBOSE) for lang, names in _TEST_NAMES.items()}
_DOTTED_TEST_FOLDER = re.compile(r".+[.](?i:\w*tests?|specs)|.*[a-z](?:Tests|UITests|TestCases)")
"""`Shop.Tests`, `Shop.UnitTests` of .NET; `ShopTests` of Xcode."""
_SOURCE_SET = re.compile(r"(?:.*/)?src/([a-zA-Z]\w*)/(?:java|kotlin|scala|groovy)/")
"""Gradle's and Maven's layout: what comes after it is the name of a package and follows no convention."""
_TEST_SET = re.compile(r"test([A-Z]\w*)?|\w*Tests?|it|integration[tT]est")

_EXAMPLES = frozenset({
    "example", "examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials", "docs_src", "doc_src",
    "doc-examples", "showcase",
})  # fmt: skip
_EXAMPLE_TOPS = frozenset({"doc", "docs", "documentation"})
_PRODUCT = frozenset({"src", "source", "sources", "lib", "app", "server", "client", "internal", "pkg", "include"})
"""Below these a folder `samples` is a part of the program that deals with samples."""
_DOMAINS = frozenset({"com", "org", "net", "io", "de"})


def role_of(path: str, head: bytes, lang: str | None, marked: str = "") -> Role:
    """What the file at `path` (relative to the workspace, '/') is for.

    `head` is its first bytes, in UTF-8 or another encoding that keeps ASCII; `lang` a key of `LANGUAGES`, or None
    for a build file in no language. `marked` is what the project itself says of it, and that counts for more than any
    convention: words out of `vendored`, `generated` and `documentation`, with '-' before what it is not.
    """
    marks = frozenset(marked.split())
    *written, name = path.split("/")
    folders = [folder.lower() for folder in written]
    source_set = _SOURCE_SET.match(path)
    if source_set:
        folders = folders[: source_set[0].count("/")]
    if "vendored" in marks or ("-vendored" not in marks and _is_vendored(folders, name)):
        return "vendored"
    if "generated" in marks or ("-generated" not in marks and is_generated("/".join([*folders, name]), head, lang)):
        return "generated"
    if "documentation" in marks:
        return "example"
    if _is_test(written[: len(folders)], folders, name, lang, source_set[1] if source_set else ""):
        return "test"
    return "example" if "-documentation" not in marks and _is_example(folders) else "source"


def _is_vendored(folders: list[str], name: str) -> bool:
    if any(folder in _VENDORED for folder in folders) or (folders and folders[0] in _VENDORED_TOPS):
        return True
    return _VENDORED_NAMES.fullmatch(name) is not None


def _is_test(written: list[str], folders: list[str], name: str, lang: str | None, source_set: str) -> bool:
    if source_set:
        return _TEST_SET.fullmatch(source_set) is not None
    if any(folder in _TESTS or (folder == "unittest" and lang != "python") for folder in folders):
        return True
    if lang in _SPECS and not {"spec", "specs"}.isdisjoint(folders):
        return True
    if lang in {"csharp", "swift"} and any(map(_DOTTED_TEST_FOLDER.fullmatch, written)):
        return True
    names = _COMPILED_TEST_NAMES.get(_FAMILY.get(lang or "", lang or ""))
    return names is not None and names.fullmatch(name) is not None


def _is_example(folders: list[str]) -> bool:
    if folders and folders[0] in _EXAMPLE_TOPS:
        return True
    for place, folder in enumerate(folders):
        if folder in _PRODUCT:
            return False
        if folder in _EXAMPLES and not (place and folders[place - 1] in _DOMAINS):
            return True
    return False
