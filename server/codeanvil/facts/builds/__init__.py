"""What build files say: one module per build system, chosen by the file's path."""

import re
from collections.abc import Callable
from functools import lru_cache

from codeanvil.facts.builds import compose, composer, locks, swift_package, taskfiles
from codeanvil.facts.builds.autotools import automake, configure
from codeanvil.facts.builds.bazel import module as bazel
from codeanvil.facts.builds.bazel import packages
from codeanvil.facts.builds.cargo import manifest as cargo
from codeanvil.facts.builds.ci import azure, circleci, github, gitlab
from codeanvil.facts.builds.cmake import lists as cmake
from codeanvil.facts.builds.cmake import presets
from codeanvil.facts.builds.combine import combine
from codeanvil.facts.builds.docker import dockerfile
from codeanvil.facts.builds.dotnet import lists as dotnet_lists
from codeanvil.facts.builds.dotnet import project as dotnet_project
from codeanvil.facts.builds.dotnet import props as dotnet_props
from codeanvil.facts.builds.dotnet import solution as dotnet_solution
from codeanvil.facts.builds.go import modules as go
from codeanvil.facts.builds.gradle import catalogue, properties
from codeanvil.facts.builds.gradle import script as gradle
from codeanvil.facts.builds.locks import is_lock
from codeanvil.facts.builds.make import makefile
from codeanvil.facts.builds.maven import pom
from codeanvil.facts.builds.meson import options as meson_options
from codeanvil.facts.builds.meson import project as meson
from codeanvil.facts.builds.npm import package as npm
from codeanvil.facts.builds.npm import pnpm_workspace
from codeanvil.facts.builds.python import (
    conda,
    nox,
    pipfile,
    pyproject,
    requirements,
    setup_cfg,
    setup_py,
    tox,
)
from codeanvil.facts.builds.ruby import gems
from codeanvil.facts.builds.ruby import tasks as rake
from codeanvil.facts.builds.sbt import script as sbt
from codeanvil.facts.model import BuildFacts

__all__ = ["combine", "is_build_file", "is_lock", "read_build"]

Reader = Callable[[str, bytes], BuildFacts]

_READERS: tuple[tuple[str, Reader], ...] = (
    (r"CMakeLists\.txt", cmake.read),
    (r"CMake(?:User)?Presets\.json", presets.read),
    (r"[^./]+\.cmake", cmake.read),
    (r"(?:[Mm]akefile|GNUmakefile|.*\.mk)", makefile.read),
    (r"configure\.(?:ac|in)", configure.read),
    (r"(?:Makefile\.(?:am|in)|GNUmakefile\.in)", automake.read),
    (r"meson\.build", meson.read),
    (r"meson(?:_options\.txt|\.options)", meson_options.read),
    (r"go\.mod", go.read),
    (r"go\.work", go.read_workspace),
    (r".*\.gradle(?:\.kts)?", gradle.read),
    (r".*\.versions\.toml", catalogue.read),
    (r"gradle\.properties", properties.read),
    (r"gradle-wrapper\.properties", properties.read_wrapper),
    (r"(?:MODULE\.bazel|WORKSPACE(?:\.bazel)?)", bazel.read),
    (r"BUILD(?:\.bazel)?", packages.read),
    (r"\.bazelrc", bazel.read_settings),
    (r"\.bazelversion", bazel.read_version),
    (r"Gemfile|gems\.rb", gems.read_gemfile),
    (r".*\.gemspec", gems.read_specification),
    (r"[Rr]akefile(?:\.rb)?|.*\.rake", rake.read),
    (r"Podfile", gems.read_podfile),
    (r"(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.(?:[Dd]ockerfile|[Cc]ontainerfile)", dockerfile.read),
    (r".*\.sbt", sbt.read),
    (r"project/build\.properties", sbt.read_properties),
    (r"Package\.swift", swift_package.read),
    (r"\.?[Jj][Uu][Ss][Tt][Ff][Ii][Ll][Ee]", taskfiles.read_justfile),
    (r"[Tt]askfile(?:\.dist)?\.ya?ml", taskfiles.read_taskfile),
    (r"pyproject\.toml", pyproject.read),
    (r"Cargo\.toml", cargo.read),
    (r"package\.json", npm.read),
    (r"pnpm-workspace\.yaml", pnpm_workspace.read),
    (r"pom\.xml", pom.read),
    (r".+\.(?:cs|fs|vb)proj", dotnet_project.read),
    (r".+\.slnx?", dotnet_solution.read),
    (r"Directory\.(?:Build\.(?:props|targets)|Packages\.props)", dotnet_props.read),
    (r"packages\.config", dotnet_lists.read_packages),
    (r"global\.json", dotnet_lists.read_global),
    (r"composer\.json", composer.read),
    (r"(?:docker-)?compose(?:[-_.][\w.-]+)?\.ya?ml", compose.read),
    (r"\.github/workflows/[^/]+\.ya?ml", github.read),
    (r"\.gitlab-ci\.ya?ml", gitlab.read),
    (r"\.gitlab/ci/[^/]+\.ya?ml", gitlab.read),
    (r"\.?azure-pipelines(?:[-_.][\w.-]+)?\.ya?ml", azure.read),
    (r"\.circleci/config\.ya?ml", circleci.read),
    (r"setup\.cfg", setup_cfg.read),
    (r"setup\.py", setup_py.read),
    (r"(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.(?:txt|in)", requirements.read),
    (r"requirements/[\w.-]+\.(?:txt|in)", requirements.read),
    (r"constraints(?:[-_.][\w.-]+)?\.txt", requirements.read),
    (r"Pipfile", pipfile.read),
    (r"environment(?:[-_.][\w.-]+)?\.ya?ml", conda.read),
    (r"tox\.ini", tox.read),
    (r"noxfile\.py", nox.read),
    ("|".join(map(re.escape, locks.TOOLS)), locks.read),
)
"""Expression for the last part of the path, or for its end where it holds a '/', and who reads such files.

Expressions have no groups of their own but those that begin with `(?:`; the first one that fits decides.
"""


def _compiled(*, whole: bool) -> re.Pattern[str]:
    """The expressions for whole paths, or those for names, as one: its group's number is the reader's, from 1."""
    never = "(?!)"
    return re.compile("|".join(f"({each if ('/' in each) is whole else never})" for each, _ in _READERS))


_NAMES, _PATHS = _compiled(whole=False), re.compile(f"(?:.*/)?(?:{_compiled(whole=True).pattern})")


def is_build_file(path: str) -> bool:
    """Whether `read_build` reads files at such a path (relative to the workspace, '/')."""
    return _reader_of(path) is not None


def read_build(path: str, source: bytes) -> BuildFacts:
    """What the build file at `path` says.

    Never raises for any bytes: what hinders is one sentence in `problem`. `path` must be one that
    `is_build_file` knows (KeyError).
    """
    reader = _reader_of(path)
    if reader is None:
        raise KeyError(path)
    return reader(path, source)


@lru_cache(maxsize=65_536)
def _reader_of(path: str) -> Reader | None:
    match = _NAMES.fullmatch(path.rpartition("/")[2]) or _PATHS.fullmatch(path)
    return _READERS[match.lastindex - 1][1] if match and match.lastindex else None
