"""The evidence a model reads, to the letter: training and asking depend on it."""

from dataclasses import replace

from codeanvil.facts.model import Dependency, Option, Section, Stack, Symbol, Target
from codeanvil.samples.evidence import entry_facts, format_evidence, section_facts, symbol_facts


def named(facts, name):
    return next(s for s in facts.symbols if s.name == name and not s.decl)


def test_a_type_with_members_and_derived_types(header, view):
    members = [s for s in header.symbols if s.scope == "core.ImageProcessor"]
    block = symbol_facts(named(header, "ImageProcessor"), members=members, derived=view.derived["core.ImageProcessor"])
    assert block == (
        "class ImageProcessor (include/core/image_processor.h:10)\n"
        "bases: ProcessorBase\n"
        "methods: Process and Validate\n"
        "derived: CTProcessor\n"
        "constructor: explicit ImageProcessor(int width, int height)\n"
        "doc: Applies window and level to images."
    )


def test_what_is_known_to_be_empty_is_said_and_what_is_unknown_is_not(header):
    rectangle = named(header, "Rectangle")
    assert symbol_facts(rectangle) == (
        "struct Rectangle (include/core/image_processor.h:34)\nbases: none\nmethods: none\nderived: none"
    )
    assert "derived" not in symbol_facts(rectangle, derived=None)


def test_an_enum_has_no_line_for_bases(header):
    assert "bases" not in symbol_facts(named(header, "Mode"))


def test_a_function_and_a_method(header):
    method = next(s for s in header.symbols if s.name == "Process")
    assert format_evidence([named(header, "makeProcessor"), method]) == (
        "Facts:\n"
        "function makeProcessor (include/core/image_processor.h:44)\n"
        "signature: ImageProcessor makeProcessor(const std::string& path)\n"
        "doc: Makes a processor for a file.\n"
        "\n"
        "method ImageProcessor::Process (include/core/image_processor.h:14)\n"
        "signature: bool Process(Image& image, int passes = 1)\n"
        "doc: Runs all steps over the pixels."
    )


def test_python_members_are_written_with_a_dot():
    symbol = Symbol("method", "python", "run", "app.Job", "app.Job.run", "app.py", 3, 9, signature="def run(self):")
    assert symbol_facts(symbol) == "method Job.run (app.py:3)\nsignature: def run(self)"


def test_a_signature_that_is_too_long_is_left_out_not_cut(header):
    long = replace(named(header, "makeProcessor"), signature="void f(" + "int aaaa, " * 60 + ")")
    assert "signature" not in symbol_facts(long)


def test_long_lists_are_cut_with_the_number_of_the_rest(header):
    many = replace(named(header, "Rectangle"), methods=tuple(f"method{i}" for i in range(15)))
    assert "methods: method0, method1," in symbol_facts(many)
    assert symbol_facts(many).splitlines()[2].endswith("method11 and 3 more")


def test_a_file(header):
    assert format_evidence([header]) == (
        "Facts:\n"
        "file include/core/image_processor.h (C++)\n"
        "types: ImageProcessor, Rectangle and Mode\n"
        "functions: makeProcessor\n"
        "doc: Image processing."
    )


def test_a_build(project):
    assert format_evidence(project.builds) == (
        "Facts:\n"
        "build CMakeLists.txt (CMake)\n"
        "project: dicom-viewer 1.2.0\n"
        "minimum: 3.16\n"
        "standard: C++17\n"
        "targets: viewer (executable), core (library) and unit (test)\n"
        "options: BUILD_TESTS=ON\n"
        "dependencies: Threads and ZLIB 1.2\n"
        "folders: src\n"
        "configure: cmake -S . -B build\n"
        "build: cmake --build build\n"
        "test: ctest --test-dir build"
    )


def test_entries_of_a_build(project):
    build = project.builds[0]
    assert entry_facts(build, build.targets[0]) == (
        "target viewer (CMakeLists.txt:20)\nkind: executable\nsources: src/main.cpp\nlinks: core"
    )
    assert entry_facts(build, Target("empty", "library", 0)) == (
        "target empty (CMakeLists.txt)\nkind: library\nsources: none\nlinks: none"
    )
    assert entry_facts(build, Target("docs", "custom", 3, doc="Make the\nmanual.")) == (
        "target docs (CMakeLists.txt:3)\nkind: custom\nsources: none\nlinks: none\ndoc: Make the manual."
    )
    assert entry_facts(build, build.options[0]) == (
        "option BUILD_TESTS (CMakeLists.txt:5)\ndefault: ON\ndoc: Build the tests"
    )
    assert entry_facts(build, Option("X", "", 2)) == "option X (CMakeLists.txt:2)\ndefault: unset"
    assert entry_facts(build, Dependency("zlib", ">=1", 4, "test")) == (
        "dependency zlib (CMakeLists.txt:4)\nversion: >=1\ngroup: test"
    )


def test_the_stack(project):
    assert format_evidence([project.stack]) == (
        "Facts:\n"
        "project\n"
        "languages: C++ (95%) and C (5%)\n"
        "libraries: ZLIB 1.2\n"
        "tests: CTest\n"
        "folders: src and include\n"
        "entry points: src/main.cpp"
    )


def test_nothing_gives_no_evidence():
    assert format_evidence([]) == ""


def test_a_budget_leaves_out_whole_blocks(header):
    first, second = named(header, "Rectangle"), named(header, "ImageProcessor")
    whole = format_evidence([first, second])
    assert format_evidence([first, second], len(whole)) == whole
    assert format_evidence([first, second], len(whole) - 1) == format_evidence([first])
    assert format_evidence([first], 5) == ""
    assert format_evidence([second, Stack()], 60) == format_evidence([Stack()], 60) == ""


def test_a_section_of_a_document_is_its_titles_its_place_and_its_lines() -> None:
    section = Section(
        "README.md", 12, 20, ("Harbor", "Setup"), "Run:\n\n```\nmake\n```\n\nMore.", "Run:\n\n```\nmake\n```"
    )
    assert format_evidence([section]) == "Facts:\nsection Harbor > Setup (README.md:12)\nRun:\n```\nmake\n```"
    assert section_facts(section, "More.") == "section Harbor > Setup (README.md:12)\nMore."
    assert section_facts(replace(section, titles=())).startswith("section README.md (README.md:12)\n")
