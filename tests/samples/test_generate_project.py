"""Samples about the build and the make-up of a project."""

from dataclasses import replace

import pytest

from codeanvil.facts.model import BuildFacts, LanguageShare, Stack, Target
from codeanvil.samples.generate import project_samples
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.model import ProjectView
from codeanvil.settings import SampleSettings

MISSING = "The facts given say nothing about "


def answers(samples, kind, subject):
    """The answers without evidence to one kind of question about one subject."""
    return {s.output for s in samples if s.kind == kind and s.subject == subject and not s.input}


def test_a_cmake_project_gets_its_build_samples(project):
    samples = project_samples(project)
    build = [s for s in samples if s.kind in BUILD_KINDS]
    assert len(build) >= 250
    assert len({s.instruction for s in build if s.kind == "build"}) >= 10
    assert answers(samples, "build", "dicom-viewer") == {
        "To build `dicom-viewer` with CMake, run:\n\n```bash\ncmake -S . -B build\ncmake --build build\n```"
    }
    assert any("cmake_minimum_required(VERSION 3.16)" in s.output for s in samples)


def test_the_least_number_of_build_samples_is_a_setting(project):
    many = project_samples(project, SampleSettings(build_minimum=900))
    assert sum(s.kind in BUILD_KINDS for s in many) >= 900
    assert len({s.id for s in many}) == len(many)
    few = project_samples(project, SampleSettings(build_minimum=0))
    assert sum(s.kind in BUILD_KINDS for s in few) < 900


@pytest.mark.parametrize(
    ("kind", "subject", "answer"),
    [
        ("test", "dicom-viewer", "To test `dicom-viewer` with CMake, run:\n\n```bash\nctest --test-dir build\n```"),
        ("targets", "dicom-viewer", "`dicom-viewer` has the targets `viewer`, `core` and `unit`."),
        (
            "target",
            "viewer",
            "`viewer` is an executable defined in `CMakeLists.txt`. Its source is `src/main.cpp`. It links `core`.",
        ),
        ("options", "dicom-viewer", "`dicom-viewer` has the build option `BUILD_TESTS`."),
        (
            "option",
            "BUILD_TESTS",
            "`BUILD_TESTS` is a build option in `CMakeLists.txt`, by default `ON`. Build the tests",
        ),
        ("dependencies", "dicom-viewer", "`dicom-viewer` depends on `Threads` and `ZLIB`."),
        ("dependency", "ZLIB", "`ZLIB` is a dependency named in `CMakeLists.txt`, version `1.2`."),
        ("minimum", "dicom-viewer", "`dicom-viewer` needs `CMake 3.16 or newer`."),
        ("standard", "dicom-viewer", "`dicom-viewer` is built as `C++17`."),
        ("system", "dicom-viewer", "`dicom-viewer` is built with CMake; its build file is `CMakeLists.txt`."),
        ("version", "dicom-viewer", "`dicom-viewer` is at version `1.2.0`."),
    ],
)
def test_answers_about_the_build(project, kind, subject, answer):
    assert answers(project_samples(project), kind, subject) == {answer}


def test_answers_about_the_stack(project):
    said = answers(project_samples(project), "stack", "dicom-viewer")
    assert {
        "`dicom-viewer` is written in C++ (95%) and C (5%).",
        "`dicom-viewer` uses `ZLIB`.",
        "`dicom-viewer` is tested with `CTest`.",
        "`dicom-viewer` has the folders `src` and `include`.",
        "`dicom-viewer` starts in `src/main.cpp`.",
        "The most used type of `dicom-viewer` is `ImageProcessor`.",
    } <= said


def test_a_second_build_is_asked_about_by_its_place(project):
    tools = BuildFacts(
        "pyproject",
        "tools/pyproject.toml",
        "tools",
        "",
        name="tools",
        minimum=">=3.11",
        commands=(("install", "pip install ."),),
    )
    samples = project_samples(replace(project, builds=(*project.builds, tools)))
    asked = [s for s in samples if s.source == "tools/pyproject.toml" and s.kind == "install"]
    assert asked
    assert all("tools" in s.instruction for s in asked)
    assert all("in `tools`" in s.output for s in asked if not s.output.startswith(MISSING))


def test_a_project_without_builds_teaches_its_make_up():
    samples = project_samples(ProjectView("notes", stack=Stack((LanguageShare("python", 1, 9, 1.0),))))
    assert samples
    assert {s.kind for s in samples} == {"stack"}


def test_of_an_empty_workspace_nothing_is_told():
    assert project_samples(ProjectView("nothing")) == []


def test_services_jobs_and_scripts_are_told_with_what_they_run(project):
    web = Target("web", "service", 2, command="docker compose up web")
    compose = BuildFacts("compose", "compose.yaml", "", "", targets=(web, replace(web, name="db", command="")))
    lint = Target("lint", "job", 9, command="ruff check .")
    ci = BuildFacts("github-actions", ".github/workflows/ci.yml", "", "", targets=(lint,))
    dev = Target("dev", "script", 4, command="npm run dev", doc="Runs `vite`.")
    long = Target("long", "script", 1, command="echo " + "x" * 300)
    own = BuildFacts(
        "npm", "package.json", "", "", targets=(dev, Target("pkg", "script", 4, command="pkg.cli:main"), long)
    )
    samples = project_samples(replace(project, builds=(*project.builds, compose, ci, own)))
    kinds = {"services", "service", "jobs", "job", "script"}
    assert {s.output for s in samples if s.kind in kinds and not s.input} == {
        "`dicom-viewer` has the services `web` and `db`.",
        "The service `web` of `compose.yaml` is started with `docker compose up web`.",
        "CI of `dicom-viewer` runs the job `lint`.",
        "The job `lint` of `.github/workflows/ci.yml` runs `ruff check .`.",
        "The script `dev` of `package.json` is run with `npm run dev`. Runs `vite`.",
        "The script `pkg` of `package.json` runs `pkg.cli:main`.",
    }
    assert any("command: ruff check ." in s.input for s in samples if s.kind == "job")


def test_build_files_of_folders_belong_to_the_project_above_them(project):
    part = BuildFacts("cmake", "src/CMakeLists.txt", "src", "", targets=(Target("extra", "library", 1),))
    other = BuildFacts("cmake", "zip/CMakeLists.txt", "zip", "", name="zip", commands=(("build", "make"),))
    samples = project_samples(replace(project, builds=(other, *project.builds, part)))
    assert answers(samples, "targets", "dicom-viewer") == {
        "`dicom-viewer` has the targets `viewer`, `core`, `unit` and `extra`.",
        "`src/CMakeLists.txt` defines the target `extra`.",
    }
    assert {s.source for s in samples if s.kind == "build"} == {"CMakeLists.txt", "zip/CMakeLists.txt"}
    plain = [s for s in samples if s.kind == "build" and s.instruction == "How do I build this project?"]
    assert {s.source for s in plain} <= {"CMakeLists.txt"}


@pytest.mark.parametrize("folder", ["vendor/zip", "tests/fixtures/zip", "examples/zip"])
def test_projects_of_others_and_of_tests_are_told_by_their_text_alone(project, folder):
    path = f"{folder}/CMakeLists.txt"
    target = Target("zip", "executable", 1)
    other = BuildFacts("cmake", path, folder, "", name="zip", targets=(target,), commands=(("build", "make"),))
    texts = {**project.build_texts, path: "project(zip)\n"}
    samples = project_samples(replace(project, builds=(*project.builds, other), build_texts=texts))
    assert {s.kind for s in samples if s.source == path} == {"buildtext"}


def test_entries_of_one_name_in_several_files_are_told_of_together(project):
    part = BuildFacts("cmake", "t/CMakeLists.txt", "t", "", targets=(Target("core", "test", 1),))
    samples = project_samples(replace(project, builds=(*project.builds, part)))
    assert answers(samples, "target", "core") == {
        "`core` is a library defined in `CMakeLists.txt`. Its sources are `src/image.cpp` and `src/reader.cpp`. "
        "`core` is a test defined in `t/CMakeLists.txt`."
    }


def test_one_question_about_the_project_has_one_answer(project):
    part = BuildFacts("cmake", "src/CMakeLists.txt", "src", "", targets=(Target("core", "library", 1),))
    tools = BuildFacts("pyproject", "pyproject.toml", "", "", name="tools", commands=(("install", "pip install ."),))
    found = {}
    for sample in project_samples(replace(project, builds=(*project.builds, part, tools))):
        assert found.setdefault((sample.instruction, sample.input), sample.output) == sample.output, sample
