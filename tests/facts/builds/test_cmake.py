import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.facts.builds import read_build
from codeanvil.facts.builds.cmake import syntax
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "CMakeLists.txt") -> BuildFacts:
    return read_build(path, text.encode())


def targets(text: str) -> dict[str, Target]:
    return {target.name: target for target in read(text).targets}


FULL = """
# A comment with project(not this)
cmake_minimum_required(VERSION 3.16...3.28)
#[[ project(nor this) ]]
project(Viewer VERSION 1.2.0 DESCRIPTION "a (b) # c" LANGUAGES C CXX)
set(CMAKE_CXX_STANDARD 17)
option(BUILD_TESTS "Build the tests" ON)
option(FAST "Be fast")
set(LIMIT 3 CACHE STRING "How many")
set(HIDDEN 3 CACHE INTERNAL "")
find_package(Qt6 6.2 REQUIRED COMPONENTS Core Widgets OPTIONAL_COMPONENTS Svg)
find_package(Threads REQUIRED)
include(FetchContent)
FetchContent_Declare(googletest GIT_REPOSITORY https://x.org/g.git GIT_TAG v1.14.0)
set(SOURCES src/a.cpp
    ./src//b.cpp)
list(APPEND SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/src/c.cpp)
ADD_LIBRARY(core STATIC ${SOURCES})
target_link_libraries(core PUBLIC Qt6::Core PRIVATE Threads::Threads $<BUILD_INTERFACE:zlib> $<$<CONFIG:Debug>:x>)
add_executable(${PROJECT_NAME}-app WIN32 main.cpp)
target_link_libraries(${PROJECT_NAME}-app core)
add_executable(imported IMPORTED)
add_library(Core::core ALIAS core)
add_custom_target(docs COMMAND doxygen Doxyfile DEPENDS core COMMENT "Docs")
add_subdirectory(plugins)
if(BUILD_TESTS)
  enable_testing()
  add_executable(unit test.cpp)
  add_test(NAME unit COMMAND unit)
  add_test(NAME smoke COMMAND ${PROJECT_NAME}-app --version)
endif()
install(TARGETS core)
"""


def test_a_whole_project_is_read():
    facts = read(FULL)
    assert (facts.system, facts.name, facts.version, facts.minimum, facts.standard) == (
        "cmake", "Viewer", "1.2.0", "3.16", "C++17",
    )  # fmt: skip
    assert facts.languages == ("C", "CXX")
    assert facts.problem is None
    assert facts.options == (
        Option("BUILD_TESTS", "ON", 7, "Build the tests"),
        Option("FAST", "OFF", 8, "Be fast"),
        Option("LIMIT", "3", 9, "How many"),
    )
    assert facts.dependencies == (
        Dependency("Qt6", "6.2", 11, components=("Core", "Widgets", "Svg")),
        Dependency("Threads", "", 12),
        Dependency("googletest", "v1.14.0", 14),
    )
    assert facts.subfolders == ("plugins",)
    assert facts.installs


def test_targets_with_their_sources_links_and_lines():
    assert read(FULL).targets == (
        Target(
            "core", "library", 18, ("src/a.cpp", "src/b.cpp", "src/c.cpp"), ("Qt6::Core", "Threads::Threads", "zlib")
        ),
        Target("Viewer-app", "executable", 20, ("main.cpp",), ("core",), "./build/Viewer-app"),
        Target("docs", "custom", 24, command="doxygen Doxyfile"),
        Target("unit", "test", 28, ("test.cpp",), command="./build/unit"),
        Target("smoke", "test", 30, command="Viewer-app --version"),
    )


def test_commands_are_those_of_an_out_of_source_build():
    assert dict(read(FULL).commands) == {
        "configure": "cmake -S . -B build",
        "build": "cmake --build build",
        "test": "ctest --test-dir build",
        "run": "./build/Viewer-app",
        "install": "cmake --install build",
    }


def test_a_part_of_a_project_has_no_commands_of_its_own():
    facts = read("add_executable(tool tool.cpp)\nadd_test(NAME t COMMAND tool)", "apps/CMakeLists.txt")
    assert (facts.folder, facts.commands, facts.targets[0].command) == ("apps", (), "")


def test_languages_default_to_c_and_cpp():
    assert read("project(A)").languages == ("C", "CXX")
    assert read("project(A C)").languages == ("C",)
    assert read("project(A VERSION 1 LANGUAGES CXX)\nenable_language(CUDA)").languages == ("CXX", "CUDA")


@pytest.mark.parametrize(
    ("line", "standard"),
    [
        ("set(CMAKE_CXX_STANDARD 20)", "C++20"),
        ("set(CMAKE_C_STANDARD 11)", "C11"),
        ("add_library(a a.cpp)\ntarget_compile_features(a PUBLIC cxx_std_14)", "C++14"),
        ("set_target_properties(a PROPERTIES CXX_STANDARD 11 OUTPUT_NAME b)", "C++11"),
        ("set_property(TARGET a PROPERTY CXX_STANDARD 23)", "C++23"),
        ("set(CMAKE_CXX_STANDARD ${WANTED})", ""),
        (
            "if(NOT CMAKE_CXX_STANDARD)\n set(CMAKE_CXX_STANDARD 11)\nelse()\n set(CMAKE_CXX_STANDARD 20)\nendif()",
            "C++11",
        ),
    ],
)
def test_the_language_standard(line, standard):
    assert read(f"project(A)\n{line}\n").standard == standard


def test_loops_and_own_functions_are_worked_out_at_the_line_that_calls_them():
    text = """project(A)
function(add_unit name)
  add_executable(test_${name} ${name}.cpp ${ARGN})
  add_test(NAME ${name} COMMAND test_${name})
endfunction()
add_unit(one extra.cpp)
add_unit(two)
foreach(tool IN ITEMS x y)
  add_executable(${tool} ${tool}.cpp)
endforeach()
macro(library)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS" ${ARGN})
  add_library(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} ${ARG_DEPENDS})
endmacro()
library(NAME lib SOURCES a.cpp b.cpp DEPENDS z)
file(GLOB GLOBBED CONFIGURE_DEPENDS "src/*.cpp")
foreach(path a/b.test.cpp)
  get_filename_component(stem ${path} NAME_WE)
  add_executable(${stem} ${path} ${GLOBBED})
endforeach()
"""
    found = targets(text)
    assert {name: (target.line, target.sources) for name, target in found.items()} == {
        "test_one": (6, ("one.cpp", "extra.cpp")),
        "one": (6, ()),
        "test_two": (7, ("two.cpp",)),
        "two": (7, ()),
        "x": (9, ("x.cpp",)),
        "y": (9, ("y.cpp",)),
        "lib": (16, ("a.cpp", "b.cpp")),
        "b": (20, ("a/b.test.cpp", "src/*.cpp")),
    }
    assert found["lib"].links == ("z",)


def test_both_branches_count_and_the_first_value_stands():
    text = """project(A)
if(WIN32)
  set(BACKEND win.cpp)
  add_library(only_win w.cpp)
elseif(APPLE)
  set(BACKEND mac.cpp)
else()
  set(BACKEND x11.cpp)
  add_library(only_unix u.cpp)
endif()
add_executable(app main.cpp ${BACKEND} ${UNKNOWN})
"""
    found = targets(text)
    assert set(found) == {"only_win", "only_unix", "app"}
    assert found["app"].sources == ("main.cpp", "win.cpp", "${UNKNOWN}")


def test_executables_lie_where_the_project_puts_them():
    text = "project(A)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)\nadd_executable(a a.cpp)"
    assert read(text).runtime_folder == "build/bin"
    assert dict(read(text).commands)["run"] == "./build/bin/a"
    text = "project(A)\nadd_executable(a a.cpp)\nset_target_properties(a PROPERTIES OUTPUT_NAME tool)"
    assert dict(read(text).commands)["run"] == "./build/tool"


@pytest.mark.parametrize("line", ["gtest_discover_tests(t)", "catch_discover_tests(t)", "gtest_add_tests(TARGET t)"])
def test_discovered_tests_make_an_executable_a_test(line):
    facts = read(f"project(A)\nadd_executable(t t.cpp)\n{line}")
    assert facts.targets[0].kind == "test"
    assert dict(facts.commands)["test"] == "ctest --test-dir build"


def test_dependencies_by_other_ways():
    text = """project(A)
pkg_check_modules(GTK REQUIRED gtk+-3.0>=3.22 cairo)
CPMAddPackage("gh:fmtlib/fmt#10.1.0")
CPMAddPackage(NAME spdlog VERSION 1.12)
ExternalProject_Add(zlib URL https://zlib.net/zlib-1.3.1.tar.gz)
find_package(Boost 1.70...1.85 EXACT QUIET)
find_package(Boost REQUIRED COMPONENTS regex)
"""
    assert [(d.name, d.version, d.line) for d in read(text).dependencies] == [
        ("gtk+-3.0", ">=3.22", 2), ("cairo", "", 2), ("fmt", "10.1.0", 3), ("spdlog", "1.12", 4), ("zlib", "1.3.1", 5),
        ("Boost", "1.70...1.85", 6),
    ]  # fmt: skip


def test_arguments_of_all_kinds_are_told_apart():
    script = syntax.parse('f([=[a ]] b]=] "q \\"x\\" ; \\\ny" a\\;b (c d) -DX="e f" $ENV{HOME}) # end\n')
    assert [argument.text for argument in script.commands[0].arguments] == [
        "a ]] b", 'q \\"x\\" ; \\\ny', "a\\;b", "(", "c", "d", ")", '-DX="e f"', "$ENV{HOME}",
    ]  # fmt: skip
    assert script.problem is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("project(A)\nadd_library(a a.cpp", "line 2: the parenthesis of add_library is not closed"),
        ('project(A)\nset(X "abc)\n', "line 2: a string is not closed"),
        ("project(A)\n)\n", "line 2: a parenthesis is closed that was not opened"),
        ("project(A)\n!!\n", "line 2: '!!' is not a command"),
        ("project(A)\nlonely\n", "line 2: lonely has no parentheses"),
        ("project(A)\n(x)\n", "line 2: a parenthesis without a command before it"),
    ],
)
def test_what_is_no_cmake_is_a_problem_and_what_stands_before_is_read(text, problem):
    facts = read(text)
    assert facts.problem == f"CMakeLists.txt is not valid CMake at {problem}; what follows may be missing."
    assert facts.name == "A"


def test_endless_recursion_and_doubling_variables_end():
    text = "project(A)\nfunction(f)\n f()\n f()\nendfunction()\nf()\nset(x aa)\n"
    text += "set(x ${x}${x})\n" * 100
    text += "foreach(i RANGE 9999)\nforeach(j RANGE 9999)\nset(y ${i})\nendforeach()\nendforeach()\n"
    assert read(text).name == "A"


FRAGMENTS = st.sampled_from(
    ["set(", "if(", "endif()", "foreach(x ", "endforeach()", "function(f ", "endfunction()", "f(", ")", '"',
     "${x}", "${", "[[", "]]",
     "#", "\\", ";", " ", "\n", "project(", "add_library(", "a", "list(APPEND x ", "add_test(", "find_package(",
     "CACHE", "PROPERTIES",
     "option(", "install(", "set_property(", "add_custom_target(", "FetchContent_Declare(", "target_sources(",
     "NAME ", "IN LISTS x"]
)  # fmt: skip


@given(st.one_of(st.binary(), st.lists(FRAGMENTS).map("".join).map(str.encode)))
def test_any_bytes_are_read_without_an_error(source):
    facts = read_build("CMakeLists.txt", source)
    assert facts.problem is None or facts.problem.startswith("CMakeLists.txt is not valid CMake at line ")


def test_parsed_arguments_may_have_no_keys_at_all():
    text = 'function(f)\ncmake_parse_arguments(A "" "" "" ${ARGN})\nendfunction()\nf(x y)\nproject(After)\n'
    assert read(text).name == "After"


@pytest.mark.parametrize(
    "command",
    [
        "add_executable", "add_library", "add_custom_target", "target_sources", "target_link_libraries", "add_test",
        "find_package", "project", "set", "list", "file", "string", "install", "include", "option", "foreach", "if",
        "function", "add_subdirectory", "set_property", "cpmaddpackage", "get_filename_component", "enable_language",
    ],
)  # fmt: skip
def test_a_command_without_arguments_does_no_harm(command: str):
    assert targets(f"{command}()\nadd_library(core a.c)")["core"].sources == ("a.c",)


def test_a_function_without_a_name_or_an_end_defines_nothing_and_swallows_nothing():
    text = (
        "function()\nadd_library(inside a.c)\nendfunction()\nadd_library(after b.c)\nfunction(f)\nadd_library(last c.c)"
    )
    assert list(targets(text)) == ["after", "last"]


def test_a_discoverer_that_names_no_target_does_no_harm():
    assert read("gtest_discover_tests(TARGET)").targets == ()


LOOP = "foreach(a RANGE 99999)\nforeach(b RANGE 99999)\nendforeach()\nendforeach()\n"
DOUBLED = "set(a 0123456789)\n" + "set(a ${a}${a})\n" * 40 + "set(b " + "${a}" * 100_000 + ")\n"
APPENDED = "list(APPEND a " + "x" * 50 + ")\n"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [LOOP, DOUBLED, APPENDED * 20_000, "if(a)\nset(x${n} 1)\n" * 20_000, "foreach(a b)\n" * 50_000,
     "function(f)\nset(a b)\nendfunction()\nf()\n" * 20_000, "target_sources(t PRIVATE a.c)\n" * 20_000],
)  # fmt: skip
def test_a_file_made_to_take_long_is_read_in_seconds(text: str):
    assert "t" in targets("add_library(t b.c)\n" + text)
