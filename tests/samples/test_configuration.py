"""Samples about configuration: by what a project is configured, what a setting does, which setting does something."""

from dataclasses import replace

import pytest

from codeanvil.facts.model import Setting
from codeanvil.samples.evidence import configuration_facts, setting_facts
from codeanvil.samples.generate import project_samples
from codeanvil.samples.model import ProjectView

PORT = Setting("APP_PORT", "environment", "src/a.py", 0, "80", "Where the server listens.", "port")
SETTINGS = (
    PORT,
    replace(PORT, file="src/b.py", doc=""),
    Setting("--port", "argument", "src/cli.py", 0, "80", "Port to listen on", ""),
    Setting("tide.port", "key", "config.toml", 0, "9", "", ""),
    Setting("Settings.depth", "field", "src/s.py", 0, "", "How deep the berth is.", ""),
)


@pytest.fixture
def samples(project):
    return [s for s in project_samples(replace(project, settings=SETTINGS)) if s.kind == "configuration"]


def answers(samples, subject):
    return {s.output for s in samples if s.subject == subject and not s.input}


def test_a_project_tells_by_what_it_is_configured(samples):
    assert answers(samples, "dicom-viewer") == {
        "`dicom-viewer` is configured by the environment variable `APP_PORT`, the command-line option `--port`, the "
        "configuration file `config.toml`, the settings of `Settings` and the build option `BUILD_TESTS`.",
        "`dicom-viewer` reads the environment variable `APP_PORT`.",
        "`dicom-viewer` takes the command-line option `--port`.",
    }


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("APP_PORT", {
            "`APP_PORT` is an environment variable read in `src/a.py` and `src/b.py`, by default `80`. It sets `port`. "
            "Where the server listens.",
            "The default of `APP_PORT` is `80`.",
            "`port` is set by `APP_PORT`.",
        }),
        ("--port", {
            "`--port` is a command-line option defined in `src/cli.py`, by default `80`. Port to listen on.",
            "The default of `--port` is `80`.",
        }),
        ("tide.port", {
            "`tide.port` is a configuration key in `config.toml`, set to `9`.",
            "The default of `tide.port` is `9`.",
        }),
        ("Settings.depth", {"`Settings.depth` is a setting defined in `src/s.py`. How deep the berth is."}),
        ("config.toml", {"`config.toml` sets `tide.port`."}),
    ],
)  # fmt: skip
def test_each_setting_is_told_forward_and_in_reverse(samples, subject, told):
    assert answers(samples, subject) == told


def test_a_setting_is_found_by_what_it_sets_and_by_what_is_said_of_it(samples):
    reverse = [s.instruction for s in samples if s.output == "`port` is set by `APP_PORT`."]
    assert len(reverse) >= 2
    assert all("port" in question and "APP_PORT" not in question for question in reverse)
    described = [
        s.instruction for s in samples if s.subject == "APP_PORT" and "Where the server listens" in s.instruction
    ]
    assert described
    assert not any("APP_PORT" in question for question in described)


def test_keys_and_fields_are_asked_about_with_their_kind_and_file(samples):
    asked = [
        s.instruction
        for s in samples
        if s.subject in {"tide.port", "Settings.depth"} and "How deep" not in s.instruction
    ]
    assert asked
    assert all("config.toml" in question or "src/s.py" in question for question in asked)


def test_defaults_that_differ_from_place_to_place_are_not_told():
    view = ProjectView("app", settings=(PORT, replace(PORT, file="src/b.py", default="81")))
    assert not any("`80`" in s.output or "80" in s.input for s in project_samples(view))


def test_variables_that_several_settings_set_name_all_of_them():
    other = replace(PORT, name="OLD_PORT", doc="")
    samples = project_samples(ProjectView("app", settings=(PORT, other)))
    assert "`port` is set by `APP_PORT` and `OLD_PORT`." in {s.output for s in samples}


def test_a_project_without_settings_and_options_teaches_nothing_of_it():
    assert not [s for s in project_samples(ProjectView("app")) if s.kind == "configuration"]


def test_evidence_says_what_the_answers_say():
    assert setting_facts(SETTINGS[:2]) == (
        "setting APP_PORT (environment variable)\nin: src/a.py and src/b.py\ndefault: 80\nsets: port\n"
        "doc: Where the server listens."
    )
    assert configuration_facts(SETTINGS, ["BUILD_TESTS"], project="app") == (
        "configuration of app\nenvironment variables: APP_PORT\ncommand-line options: --port\n"
        "configuration files: config.toml\nsettings: Settings\nbuild options: BUILD_TESTS"
    )
    assert configuration_facts(SETTINGS[3:4], path="config.toml") == "configuration of config.toml\nkeys: tide.port"
