"""Libraries and test frameworks, by what the code includes or imports and by what builds call them."""

import re
from collections.abc import Mapping
from types import MappingProxyType

# Include path, whole or up to the first '/', to the library's own name.
_INCLUDES = (
    (r"boost/", "Boost"), (r"Eigen/|unsupported/Eigen/", "Eigen"), (r"opencv2?/", "OpenCV"), (r"dcmtk/", "DCMTK"),
    (r"itk[A-Z]\w*\.h", "ITK"), (r"vtk[A-Z]\w*\.h", "VTK"), (r"gdcm\w+\.h", "GDCM"),
    (r"Q[A-Z]\w+$|Qt(?:Core|Gui|Widgets|Network|Test|Qml|Quick)/", "Qt"), (r"gtk/|gtkmm", "GTK"), (r"wx/", "wxWidgets"),
    (r"fmt/", "fmt"), (r"spdlog/", "spdlog"), (r"nlohmann/", "nlohmann-json"), (r"rapidjson/", "RapidJSON"),
    (r"absl/", "Abseil"), (r"folly/", "Folly"), (r"grpc(?:pp)?/|grpc\+\+/", "gRPC"), (r"google/protobuf/", "Protobuf"),
    (r"curl/", "libcurl"), (r"openssl/", "OpenSSL"), (r"sqlite3\.h", "SQLite"), (r"zlib\.h", "zlib"),
    (r"png\.h", "libpng"),
    (r"jpeglib\.h|turbojpeg\.h", "libjpeg"), (r"tiffio\.h", "libtiff"), (r"hdf5\.h|H5Cpp\.h", "HDF5"),
    (r"mpi\.h", "MPI"),
    (r"omp\.h", "OpenMP"), (r"tbb/|oneapi/tbb", "oneTBB"), (r"cuda_runtime|cuda\.h", "CUDA"), (r"CL/", "OpenCL"),
    (r"vulkan/", "Vulkan"), (r"GL/|GLFW/|glad/", "OpenGL"), (r"SDL2?/|SDL\.h", "SDL"), (r"SFML/", "SFML"),
    (r"imgui\.h", "Dear ImGui"), (r"glm/", "GLM"), (r"pybind11/", "pybind11"), (r"torch/", "PyTorch"),
    (r"yaml-cpp/", "yaml-cpp"), (r"tinyxml2\.h", "TinyXML-2"), (r"libxml/", "libxml2"), (r"uv\.h", "libuv"),
    (r"asio\.hpp|asio/", "Asio"), (r"zmq\.h", "ZeroMQ"), (r"CLI/", "CLI11"), (r"cxxopts\.hpp", "cxxopts"),
    (r"pthread\.h", "POSIX threads"),
)  # fmt: skip
_LIBRARY = tuple((re.compile(pattern), name) for pattern, name in _INCLUDES)

# Include path or module to the test framework.
_TEST_INCLUDES = (
    (r"gtest/|gmock/", "GoogleTest"), (r"catch2/|catch(?:_all)?\.hpp", "Catch2"), (r"doctest(?:/|\.h)", "doctest"),
    (r"boost/test/", "Boost.Test"), (r"cppunit/", "CppUnit"), (r"CppUTest/", "CppUTest"),
    (r"QtTest(?:/|$)|QTest$", "Qt Test"),
    (r"benchmark/benchmark\.h", "Google Benchmark"), (r"check\.h$", "Check"), (r"cmocka\.h", "cmocka"),
    (r"unity\.h|unity_fixture\.h", "Unity"), (r"boost/ut\.hpp", "Boost.UT"),
)  # fmt: skip
_TEST_FRAMEWORK = tuple((re.compile(pattern), name) for pattern, name in _TEST_INCLUDES)

TEST_MODULES: Mapping[str, str] = MappingProxyType(
    {"pytest": "pytest", "unittest": "unittest", "nose": "nose", "hypothesis": "Hypothesis", "doctest": "doctest",
     "behave": "behave", "robot": "Robot Framework"}
)  # fmt: skip
"""Python's test frameworks by their module."""

TEST_PACKAGES: Mapping[str, str] = MappingProxyType(
    {"pytest": "pytest", "hypothesis": "Hypothesis", "nose2": "nose2", "tox": "tox", "nox": "nox",
    "gtest": "GoogleTest",
     "googletest": "GoogleTest", "catch2": "Catch2", "doctest": "doctest", "behave": "behave", "cppunit": "CppUnit"}
)  # fmt: skip
"""Test frameworks by the name under which build files ask for them, in lower case."""


def library_of(include: str) -> str | None:
    """The library that an include path belongs to, where it is a well-known one."""
    return next((name for pattern, name in _LIBRARY if pattern.match(include)), None)


def test_framework_of(include: str) -> str | None:
    """The test framework that an include path belongs to."""
    return next((name for pattern, name in _TEST_FRAMEWORK if pattern.match(include)), None)
