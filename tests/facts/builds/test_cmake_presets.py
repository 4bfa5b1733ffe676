import json

import pytest

from codeanvil.facts.builds import is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Target


def read(document: object, path: str = "CMakePresets.json") -> BuildFacts:
    return read_build(path, (document if isinstance(document, str) else json.dumps(document, indent=1)).encode())


FULL = {
    "version": 6,
    "cmakeMinimumRequired": {"major": 3, "minor": 23, "patch": 0},
    "include": ["more.json"],
    "configurePresets": [
        {"name": "base", "hidden": True, "binaryDir": "${sourceDir}/out/${presetName}", "description": "never shown"},
        {"name": "dev", "inherits": "base", "displayName": "Development"},
        {"name": "release", "inherits": ["base", "gone"], "binaryDir": "/x", "description": "With all  optimisations"},
    ],
    "buildPresets": [
        {"name": "rel-build", "configurePreset": "release"},
        {"name": "dev", "configurePreset": "dev"},
    ],
    "testPresets": [
        {"name": "common", "hidden": True, "configurePreset": "dev"},
        {"name": "unit", "inherits": "common"},
    ],
    "workflowPresets": [{"name": "ci", "steps": []}],
}


def test_presets_are_targets_and_the_first_ones_commands():
    facts = read(FULL)
    assert (facts.system, facts.minimum, facts.includes, facts.problem) == ("cmake", "3.23.0", ("more.json",), None)
    assert [(t.name, t.links, t.command, t.doc) for t in facts.targets] == [
        ("dev", ("base",), "cmake --preset dev", "Development"),
        ("release", ("base", "gone"), "cmake --preset release", "With all optimisations"),
        ("rel-build", ("release",), "cmake --build --preset rel-build", ""),
        ("dev (build)", ("dev",), "cmake --build --preset dev", ""),
        ("unit", ("dev", "common"), "ctest --preset unit", ""),
        ("ci", (), "cmake --workflow --preset ci", ""),
    ]
    assert all(target.line > 0 for target in facts.targets)
    assert facts.commands == (
        ("configure", "cmake --preset dev"),
        ("build", "cmake --build --preset dev"),
        ("test", "ctest --preset unit"),
    )


def test_without_a_preset_to_build_the_folder_is_named():
    facts = read({"configurePresets": [{"name": "a", "binaryDir": "${sourceDir}/out/${presetName}"}]})
    assert dict(facts.commands)["build"] == "cmake --build out/a"
    assert "build" not in dict(read({"configurePresets": [{"name": "a", "binaryDir": "$env{X}"}]}).commands)


@pytest.mark.parametrize(
    "document",
    [{}, {"configurePresets": 3}, {"configurePresets": [3, {"name": 4}, {}]}, {"cmakeMinimumRequired": {"major": "x"}}],
)
def test_values_of_the_wrong_kind_are_passed_over(document):
    facts = read(document)
    assert (facts.targets, facts.commands, facts.problem) == ((), (), None)


def test_presets_that_inherit_from_one_another_are_no_danger():
    loop = [{"name": "a", "inherits": "b"}, {"name": "b", "inherits": ["a", "b"]}]
    assert [target.name for target in read({"configurePresets": loop}).targets] == ["a", "b"]
    chain = [{"name": f"p{i}", "inherits": f"p{i + 1}"} for i in range(2_000)]
    assert read({"configurePresets": chain}).targets[0].links == ("p1",)


def test_what_is_no_json_is_told():
    assert str(read("{", "x/CMakePresets.json").problem).startswith("x/CMakePresets.json is not valid JSON: ")


def test_modules_are_parts_of_a_project():
    facts = read_build("cmake/Options.cmake", b'option(FAST "Be fast" ON)\nadd_custom_target(docs COMMAND doxygen)')
    assert [(option.name, option.default) for option in facts.options] == [("FAST", "ON")]
    assert facts.targets == (Target("docs", "custom", 2, command="doxygen"),)
    assert facts.commands == ()


@pytest.mark.parametrize("path", ["CMakePresets.json", "a/CMakeUserPresets.json", "cmake/x.cmake"])
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".in")


def test_templates_of_other_files_are_no_modules():
    assert not is_build_file("config.h.cmake")
    assert not is_build_file("cmake/lib.pc.cmake")
