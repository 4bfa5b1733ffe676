import pytest

from codeanvil.facts.builds import is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target

GITHUB, GITLAB, AZURE, CIRCLE = (
    ".github/workflows/ci.yml",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    ".circleci/config.yml",
)


def read(path: str, text: str) -> BuildFacts:
    return read_build(path, text.encode())


WORKFLOW = """name: CI
on: [push]
jobs:
  test:
    name: Unit tests
    runs-on: ${{ matrix.os }}
    container: node:20-slim
    services:
      db:
        image: postgres:16
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/own
      - run: npm ci
      - name: Test
        run: |
          # all of them
          npm test -- \\
            --coverage
          npm run lint
  publish:
    needs: [test]
    uses: acme/workflows/.github/workflows/publish.yml@main
"""


def test_a_workflow_of_github_is_read():
    facts = read(GITHUB, WORKFLOW)
    assert (facts.system, facts.folder, facts.commands, facts.problem) == (
        "github-actions",
        ".github/workflows",
        (),
        None,
    )
    steps = "npm ci && npm test -- --coverage && npm run lint"
    assert facts.targets == (
        Target("test", "job", 4, command=steps, doc=f"Unit tests. Runs `{steps}`."),
        Target("publish", "job", 21, links=("test",)),
    )
    assert facts.dependencies == (
        Dependency("actions/checkout", "v4", 12, "ci"),
        Dependency("acme/workflows/.github/workflows/publish.yml", "main", 23, "ci"),
        Dependency("node", "20-slim", 7, "ci"),
        Dependency("postgres", "16", 10, "ci"),
    )


PIPELINE = """spec:
  inputs:
    level: {}
---
image: python:3.12
stages: [build, test]
variables: { A: b }
include:
  - local: /ci/more.yml
  - template: Security.gitlab-ci.yml
.setup: &setup
  - pip install -e .
.base:
  stage: test
  script: [pytest]
unit:
  extends: .base
  needs: [compile]
compile:
  stage: build
  image: { name: "gcc:13" }
  script:
    - *setup
    - !reference [.base, script]
    - make
pages:
  stage: build
  script: mkdocs build
"""


def test_a_pipeline_of_gitlab_is_read():
    facts = read(GITLAB, PIPELINE)
    assert (facts.system, facts.problem, facts.includes) == ("gitlab-ci", None, ("ci/more.yml",))
    assert [(t.name, t.line, t.command, t.links) for t in facts.targets] == [
        ("unit", 16, "pytest", ("compile",)),
        ("compile", 19, "pip install -e . && pytest && make", ()),
        ("pages", 26, "mkdocs build", ()),
    ]
    assert facts.targets[0].doc == "Stage test. Runs `pytest`."
    assert [(d.name, d.version, d.line) for d in facts.dependencies] == [("python", "3.12", 5), ("gcc", "13", 21)]


STAGES = """trigger: [main]
stages:
  - stage: Build
    jobs:
      - job: Compile
        displayName: Compile all
        steps:
          - task: UseDotNet@2
            inputs: { version: 8.x }
          - script: dotnet build
          - bash: echo done
      - template: jobs/extra.yml
  - stage: Ship
    jobs:
      - deployment: Web
        dependsOn: Compile
        strategy:
          runOnce:
            deploy:
              steps:
                - pwsh: ./ship.ps1
"""


def test_a_pipeline_of_azure_is_read():
    facts = read(AZURE, STAGES)
    assert facts.targets == (
        Target(
            "Compile",
            "job",
            5,
            command="dotnet build && echo done",
            doc="Compile all. Runs `dotnet build && echo done`.",
        ),
        Target("Web", "job", 15, links=("Compile",), command="./ship.ps1", doc="Runs `./ship.ps1`."),
    )
    assert (facts.dependencies, facts.includes) == ((Dependency("UseDotNet", "2", 8, "ci"),), ("jobs/extra.yml",))


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        ("steps:\n  - script: make\n", [("Job", "make")]),
        ("jobs:\n  - job: A\n    steps:\n      - powershell: x\n", [("A", "x")]),
    ],
)
def test_a_pipeline_of_azure_may_leave_out_stages_and_jobs(text, jobs):
    assert [(t.name, t.command) for t in read(AZURE, text).targets] == jobs


CIRCLECI = """version: 2.1
orbs:
  node: circleci/node@5.2.0
executors:
  main:
    docker: [{ image: "cimg/python:3.12" }]
jobs:
  build:
    executor: main
    steps:
      - checkout
      - run: pip install -e .
      - run:
          name: Test
          command: pytest
  deploy:
    docker:
      - image: cimg/base:current
    steps: []
workflows:
  main:
    jobs:
      - build
      - deploy:
          requires: [build]
"""


def test_a_configuration_of_circleci_is_read():
    facts = read(CIRCLE, CIRCLECI)
    assert [(t.name, t.line, t.command, t.links) for t in facts.targets] == [
        ("build", 8, "pip install -e . && pytest", ()), ("deploy", 16, "", ("build",)),
    ]  # fmt: skip
    assert facts.dependencies == (
        Dependency("circleci/node", "5.2.0", 3, "ci"),
        Dependency("cimg/python", "3.12", 6, "ci"),
        Dependency("cimg/base", "current", 18, "ci"),
    )


@pytest.mark.parametrize("path", [GITHUB, GITLAB, AZURE, CIRCLE])
@pytest.mark.parametrize(
    "text",
    [
        "jobs: []", "jobs:\n  a: 1\n  b: []\n  c:\n    steps: {}\n    needs: {}\n    uses: []\n    container: []\n", "a: &a\n  extends: a\n  b: c\n",
        "jobs:\n  a:\n    steps: [1, null, {run: {}}, {uses: 2}, [x]]\n    docker: [1, {image: []}]\n    services: []\n", "x:\n  script: {a: b}\n  image: [1]\n",
        "a:\n  extends: [b]\n  needs: x\nb:\n  extends: [a, b]\n", "stages: [1, {jobs: 2}, {jobs: [1]}]\nsteps: [1]\n", "x:\n  script: [!reference [x], !reference []]\n",
        "orbs: {a: {}}\nworkflows: {a: 1, b: {jobs: 2}, c: {jobs: [1, {d: 2}]}}\n", "include: {local: 1}\n---\ninclude: [1]\n",
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_and_circles_are_no_danger(path, text):
    assert read(path, text).problem is None


@pytest.mark.parametrize("path", [GITHUB, GITLAB, AZURE, CIRCLE])
def test_what_is_no_yaml_is_a_problem_that_names_the_file(path):
    assert read(path, "a: b: c").problem == (
        f"{path} is not valid YAML: mapping values are not allowed in this context in line 1. Mend the file to have its facts."
    )


def test_scripts_that_lists_repeat_end():
    lists = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"b{i}: &b{i} [{', '.join([f'*b{i - 1}' if i else '*a'] * 10)}]\n" for i in range(3)
    )
    command = read(GITLAB, lists + "job:\n  script: *b2\n").targets[0].command
    assert len(command) < 2_100


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (GITHUB, True), ("sub/.github/workflows/x.yaml", True), (".github/dependabot.yml", False), (".github/workflows/a/b.yml", False),
        (GITLAB, True), (".gitlab/ci/test.yml", True), (AZURE, True), ("azure-pipelines.release.yml", True), (CIRCLE, True), ("config.yml", False),
    ],
)  # fmt: skip
def test_files_are_told_by_their_path(path, known):
    assert is_build_file(path) is known
