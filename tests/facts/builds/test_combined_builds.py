import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build


def project(**files: str) -> dict[str, object]:
    """Build files by folder ('__' for '/', 'root' for the top), combined, by path."""
    facts = []
    for key, text in files.items():
        folder = "" if key == "root" else key.replace("__", "/") + "/"
        facts.append(read_build(f"{folder}CMakeLists.txt", text.encode()))
    return {build.file: build for build in combine(facts)}


def test_a_project_learns_from_its_folders_what_it_runs_tests_and_installs():
    found = project(
        root="project(Viewer)\nadd_subdirectory(src)\nadd_subdirectory(tests)",
        src="add_subdirectory(apps)\nadd_library(core a.cpp)",
        src__apps="add_executable(${PROJECT_NAME} main.cpp)\ninstall(TARGETS x)",
        tests="add_executable(unit u.cpp)\nadd_test(NAME all COMMAND unit)",
    )
    assert dict(found["CMakeLists.txt"].commands) == {
        "configure": "cmake -S . -B build",
        "build": "cmake --build build",
        "test": "ctest --test-dir build",
        "run": "./build/src/apps/Viewer",
        "install": "cmake --install build",
    }
    assert [(t.name, t.command) for t in found["src/apps/CMakeLists.txt"].targets] == [
        ("Viewer", "./build/src/apps/Viewer")
    ]
    assert found["CMakeLists.txt"].targets == ()


def test_executables_of_folders_lie_where_the_project_puts_them():
    found = project(
        root="project(A)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)\nadd_subdirectory(app)",
        app="add_executable(a a.cpp)",
    )
    assert dict(found["CMakeLists.txt"].commands)["run"] == "./build/bin/a"


def test_a_folder_that_is_a_project_too_keeps_its_own_commands():
    found = project(root="project(A)\nadd_subdirectory(demo)", demo="project(Demo)\nadd_executable(d d.cpp)")
    assert dict(found["CMakeLists.txt"].commands)["run"] == "./build/demo/d"
    assert dict(found["demo/CMakeLists.txt"].commands)["run"] == "./build/d"


def test_a_folder_that_adds_itself_or_is_missing_is_no_danger():
    found = project(
        root="project(A)\nadd_subdirectory(.)\nadd_subdirectory(gone)\nadd_subdirectory(b)", b="add_subdirectory(.)"
    )
    assert len(found) == 2


def test_other_systems_stay_as_they_are():
    facts = read_build("pyproject.toml", b'[project]\nname = "a"')
    assert combine([facts]) == (facts,)


@pytest.mark.parametrize(
    ("path", "known"),
    [("CMakeLists.txt", True), ("a/b/pyproject.toml", True), ("cmakelists.txt", False), ("CMakeLists.txt/x", False)],
)
def test_build_files_are_known_by_name(path, known):
    assert is_build_file(path) is known
