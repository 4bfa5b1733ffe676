"""Small workspaces as values."""

import pytest

from codeanvil.facts.model import (
    BuildFacts,
    Dependency,
    FileFacts,
    LanguageShare,
    Option,
    Stack,
    Symbol,
    Target,
)
from codeanvil.samples.model import FileView, ProjectView

HEADER = "include/core/image_processor.h"


def cpp(kind, name, line, end, **more):
    scope = more.pop("scope", "")
    file = more.pop("file", HEADER)
    return Symbol(kind, "cpp", name, scope, f"{scope}.{name}" if scope else name, file, line, end, **more)


@pytest.fixture
def header() -> FileFacts:
    """A C++ header: a class with base, constructor and methods, a struct without anything, a function."""
    return FileFacts(
        HEADER,
        "cpp",
        "0" * 64,
        60,
        (
            cpp("module", "core", 3, 58),
            cpp("class", "Forward", 5, 5, scope="core", decl=True),
            cpp(
                "class", "ImageProcessor", 10, 30, scope="core",
                bases=("ProcessorBase",), methods=("ImageProcessor", "Process", "Validate", "~ImageProcessor"),
                doc="Applies window and level to images.", signature="class ImageProcessor : public ProcessorBase",
            ),
            cpp(
                "constructor", "ImageProcessor", 12, 12, scope="core.ImageProcessor", decl=True,
                signature="explicit ImageProcessor(int width, int height);",
            ),
            cpp(
                "method", "Process", 14, 14, scope="core.ImageProcessor", decl=True,
                doc="Runs all steps over the pixels.", signature="bool Process(Image& image, int passes = 1)",
            ),
            cpp(
                "method", "Validate", 16, 16, scope="core.ImageProcessor", decl=True,
                signature="bool Validate() const",
            ),
            cpp("struct", "Rectangle", 34, 36, scope="core"),
            cpp("enum", "Mode", 38, 40, scope="core"),
            cpp(
                "function", "makeProcessor", 44, 48, scope="core", doc="Makes a processor for a file.",
                signature="ImageProcessor makeProcessor(const std::string& path)",
            ),
        ),
        doc="Image processing.",
    )  # fmt: skip


@pytest.fixture
def view(header) -> FileView:
    """The view of the header, with a type elsewhere that derives from it."""
    child = cpp("class", "CTProcessor", 4, 9, file="src/ct.h", scope="core", bases=("ImageProcessor",))
    return FileView(header, derived={"core.ImageProcessor": (child,)}, absent=("ImageManager", "archiveProcessor"))


@pytest.fixture
def project() -> ProjectView:
    """A CMake project of an executable, a library and a test."""
    build = BuildFacts(
        system="cmake", file="CMakeLists.txt", folder="", sha="1" * 64, name="dicom-viewer", version="1.2.0",
        minimum="3.16", standard="C++17", languages=("CXX",),
        targets=(
            Target("viewer", "executable", 20, ("src/main.cpp",), ("core",)),
            Target("core", "library", 12, ("src/image.cpp", "src/reader.cpp")),
            Target("unit", "test", 30),
        ),
        options=(Option("BUILD_TESTS", "ON", 5, "Build the tests"),),
        dependencies=(Dependency("Threads", "", 8), Dependency("ZLIB", "1.2", 9)),
        subfolders=("src",),
        commands=(
            ("configure", "cmake -S . -B build"), ("build", "cmake --build build"), ("test", "ctest --test-dir build"),
        ),
    )  # fmt: skip
    stack = Stack(
        (LanguageShare("cpp", 30, 4000, 0.95), LanguageShare("c", 2, 200, 0.05)),
        (Dependency("ZLIB", "1.2", 9),),
        ("CTest",),
        (("src", "sources"), ("include", "headers")),
        (("src/main.cpp", 5, "main"),),
    )
    text = "cmake_minimum_required(VERSION 3.16)\nproject(dicom-viewer VERSION 1.2.0)\n"
    return ProjectView("dicom-viewer", (build,), stack, {"CMakeLists.txt": text}, (("ImageProcessor", 9),))
