import pytest

from codeanvil.facts.builds import is_build_file, read_build
from codeanvil.facts.builds.images import image
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "compose.yaml") -> BuildFacts:
    return read_build(path, text.encode())


COMPOSE = """name: harbour
include:
  - more/compose.yaml
  - path: [a.yml]
x-common: &common
  restart: always
  image: redis:${REDIS:-7.2}-alpine
services:
  web:
    <<: *common
    image: acme/web
    build:
      context: ./services/web
      dockerfile: Dockerfile.dev
    ports:
      - "8080:80"
      - target: 9000
        published: 9001
    depends_on:
      db: { condition: service_healthy }
  db:
    image: postgres:16.2  # the store
    environment:
      PASSWORD: ${DB_PASSWORD:?must be set}
      ESCAPED: $${NOT_ME}
    profiles: [full]
  cache:
    <<: *common
  worker:
    build: .
    command: ["python", "-m", "worker"]
    depends_on: [db, cache]
  remote:
    image: registry.example.org:5000/team/tool@sha256:abc
    extends: { file: base.yml, service: x }
"""


def test_services_images_and_variables_are_read():
    facts = read(COMPOSE, "deploy/compose.yaml")
    assert (facts.system, facts.folder, facts.name, facts.problem) == ("compose", "deploy", "harbour", None)
    assert facts.targets == (
        Target("web", "service", 9, links=("db",), command="docker compose up web", doc="Built in `services/web`. Ports `8080:80`, `9001:9000`."),
        Target("db", "service", 21, command="docker compose up db", doc="Image `postgres:16.2`. Profiles `full`."),
        Target("cache", "service", 27, command="docker compose up cache", doc="Image `redis:${REDIS:-7.2}-alpine`."),
        Target("worker", "service", 29, links=("db", "cache"), command="docker compose up worker", doc="Built in `.`. Runs `python -m worker`."),
        Target("remote", "service", 33, command="docker compose up remote", doc="Image `registry.example.org:5000/team/tool@sha256:abc`."),
    )  # fmt: skip
    assert facts.dependencies == (
        Dependency("postgres", "16.2", 22),
        Dependency("redis", "7.2-alpine", 7),
        Dependency("registry.example.org:5000/team/tool", "sha256:abc", 34),
    )
    assert facts.options == (
        Option("REDIS", "7.2", 7, "A variable of the environment."),
        Option("DB_PASSWORD", "", 24, "A variable of the environment that must be set."),
    )
    assert (facts.subfolders, facts.includes) == (("services/web",), ("more/compose.yaml", "a.yml", "base.yml"))
    assert dict(facts.commands) == {"build": "docker compose build", "run": "docker compose up"}


def test_a_file_of_another_name_is_named_in_the_commands():
    facts = read("services:\n  a:\n    image: b\n", "docker-compose.prod.yml")
    assert facts.commands == (("run", "docker compose -f docker-compose.prod.yml up"),)
    assert facts.targets[0].command == "docker compose -f docker-compose.prod.yml up a"


@pytest.mark.parametrize(
    ("written", "name", "version"),
    [
        ("postgres", "postgres", ""), ("postgres:16", "postgres", "16"), ("ghcr.io/a/b:1.0@sha256:x", "ghcr.io/a/b", "1.0"),
        ("localhost:5000/a", "localhost:5000/a", ""), ("${REGISTRY:-docker.io}/a:${TAG-1}", "docker.io/a", "1"),
        ("a:${TAG}", "a", "${TAG}"),
    ],
)  # fmt: skip
def test_references_to_images(written, name, version):
    assert image(written, 3) == Dependency(name, version, 3)


@pytest.mark.parametrize("written", ["${IMAGE}", "", "a b", "x" * 400])
def test_what_names_no_image(written):
    assert image(written, 1) is None


@pytest.mark.parametrize(
    "text",
    [
        "services: [a]", "services:\n  a:\n  b: 1\n  c: []\n", "services:\n  a:\n    build: []\n    ports: 80\n    image: {}\n",
        "services:\n  a:\n    build:\n      context: {}\n    depends_on: x\n    command: {}\n    profiles: 1\n", "include: x\nversion: '3'\n",
        "services:\n  a:\n    build: {}\n    extends: x\n    ports: [{}, [], null]\n", "services:\n  ? [a]\n  : b\n",
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_passed_over(text):
    assert read(text).problem is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "did not find expected node content in line 1."),
        ("services:\n  a: &a\n    b: *a\n", "*a in line 3 names nothing that is complete."),
        ("a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}' if i else '*a'] * 10)}]\n" for i in range(9)), "it holds more than 200000 values."),
        ("a: " + "[" * 500, "it is nested too deep."),
        ("just text", "it holds no mapping."),
        ("a: b\n\tc: d", "found a tab character that violates indentation in line 2."),
    ],
)  # fmt: skip
def test_what_is_no_yaml_or_unfolds_without_an_end_is_a_problem(text, problem):
    assert read(text).problem == f"compose.yaml is not valid YAML: {problem} Mend the file to have its facts."


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("compose.yaml", True), ("docker-compose.yml", True), ("a/docker-compose.override.yml", True), ("compose.dev.yaml", True),
        ("recompose.yml", False), ("compose.json", False),
    ],
)  # fmt: skip
def test_files_are_told_by_their_name(path, known):
    assert is_build_file(path) is known
