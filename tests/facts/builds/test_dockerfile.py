import pytest

from codeanvil.facts.builds import is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "Dockerfile") -> BuildFacts:
    return read_build(path, text.encode())


FULL = """# syntax=docker/dockerfile:1
ARG NODE=20
# Which flavour
ARG FLAVOUR="slim" OTHER

# Installs and compiles.
FROM --platform=$BUILDPLATFORM node:${NODE}-${FLAVOUR} AS build
ARG NODE
WORKDIR /app
COPY package*.json ./
# a comment between
RUN npm ci && \\
    # inside

    npm run build
RUN <<EOF
FROM not:this
EOF

FROM build as test
CMD npm test

FROM ghcr.io/acme/base@sha256:abc AS final
LABEL org.opencontainers.image.title="Shop Server" org.opencontainers.image.version=1.4
COPY --from=build --chown=node /app/dist /app
COPY --from=busybox:1.36 /bin/sh /bin/sh
RUN --mount=type=bind,from=0,target=/x ls
EXPOSE 8080 53/udp $UNKNOWN
CMD ["--help"]
ENTRYPOINT ["node", "server.js"]
"""


def test_a_file_with_stages_is_read():
    facts = read(FULL, "web/Dockerfile")
    assert (facts.system, facts.name, facts.version, facts.problem) == ("docker", "Shop Server", "1.4", None)
    assert facts.targets == (
        Target("build", "custom", 7, (), (), "docker build --target build .", "Installs and compiles."),
        Target("test", "custom", 20, (), ("build",), "docker build --target test .", "It runs npm test."),
        Target("final", "custom", 23, (), ("build",), "docker build --target final .", "It runs node server.js."),
    )
    assert facts.dependencies == (
        Dependency("node", "20-slim", 7),
        Dependency("ghcr.io/acme/base", "sha256:abc", 23),
        Dependency("busybox", "1.36", 26),
    )
    assert facts.options == (
        Option("NODE", "20", 2), Option("FLAVOUR", "slim", 4, "Which flavour"), Option("OTHER", "", 4, "Which flavour"),
    )  # fmt: skip
    assert facts.commands == (
        ("build", "docker build -t shop-server ."),
        ("run", "docker run --rm -p 8080:8080 -p 53:53/udp shop-server"),
    )


@pytest.mark.parametrize(
    ("path", "build"),
    [
        ("Dockerfile", "docker build -t app ."),
        ("my svc/Dockerfile", "docker build -t my-svc ."),
        ("a/api/Dockerfile.dev", "docker build -f Dockerfile.dev -t api ."),
        ("x.Dockerfile", "docker build -f x.Dockerfile -t app ."),
        ("Containerfile", "docker build -f Containerfile -t app ."),
    ],
)
def test_images_are_called_by_their_folder(path, build):
    assert dict(read("FROM alpine", path).commands)["build"] == build


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FROM scratch", []),
        ("FROM a:1\nFROM a:2", [("a", "1")]),
        ("FROM localhost:5000/x/y:3", [("localhost:5000/x/y", "3")]),
        ("FROM ${BASE:-debian:12}", [("debian", "12")]),
        ("FROM $BASE", []),
        ("ARG V\nFROM a:${V:-3}", [("a", "3")]),
        ("FROM", []),
        ("from `\n  a:1", [("`", "")]),
        ("# escape=`\nfrom `\n  a:1", [("a", "1")]),
        ("COPY --from=x . .", []),
        ("FROM a\nCOPY <<X /y\nFROM b\nX\nFROM c", [("a", ""), ("c", "")]),
    ],
)
def test_images_are_dependencies(text, found):
    assert [(each.name, each.version) for each in read(text).dependencies] == found


def test_what_is_no_dockerfile_is_told_and_the_rest_is_read():
    facts = read("FROM a\nHELLO there\n", "x/Dockerfile")
    assert facts.problem == (
        "x/Dockerfile is not valid Dockerfile: line 2: 'HELLO' is no instruction. Mend the file to have its facts."
    )
    assert [each.name for each in facts.dependencies] == ["a"]


def test_a_file_that_starts_from_nothing_has_no_commands():
    assert read("ARG A\n").commands == ()


@pytest.mark.parametrize(
    "path", ["Dockerfile", "a/Dockerfile.prod", "dev.Dockerfile", "api.dockerfile", "Containerfile"]
)
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + "/x")
    assert not is_build_file(".dockerignore")


@pytest.mark.parametrize(
    "text",
    ["RUN a \\\n" * 20_000, "FROM a AS b\n" * 3_000, "COPY <<X a\n" * 10_000, "ARG A='" + "x" * 100_000, "CMD " + "[" * 100_000,
     "ARG A=$A$A\n" * 5_000, "LABEL " + "a=b " * 50_000, "#\n" * 20_000 + "FROM a"],
    ids=range(8),
)  # fmt: skip
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
