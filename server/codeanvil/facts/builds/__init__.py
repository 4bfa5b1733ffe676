"""What build files say: one module per build system, chosen by the file's path.

The modules are loaded when such a file comes by: whoever indexes a workspace asks of each path whether it is a build
file's, and most processes never see one.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from importlib import import_module

from codeanvil.facts.builds.locks import TOOLS, is_lock
from codeanvil.facts.model import BuildFacts

__all__ = ["combine", "is_build_file", "is_lock", "read_build"]

Reader = Callable[[str, bytes], BuildFacts]

_READERS: tuple[tuple[str, str], ...] = (
    (r"CMakeLists\.txt", "cmake.lists.read"),
    (r"CMake(?:User)?Presets\.json", "cmake.presets.read"),
    (r"[^./]+\.cmake", "cmake.lists.read"),
    (r"(?:[Mm]akefile|GNUmakefile|.*\.mk)", "make.makefile.read"),
    (r"configure\.(?:ac|in)", "autotools.configure.read"),
    (r"(?:Makefile\.(?:am|in)|GNUmakefile\.in)", "autotools.automake.read"),
    (r"meson\.build", "meson.project.read"),
    (r"meson(?:_options\.txt|\.options)", "meson.options.read"),
    (r"go\.mod", "go.modules.read"),
    (r"go\.work", "go.modules.read_workspace"),
    (r".*\.gradle(?:\.kts)?", "gradle.script.read"),
    (r".*\.versions\.toml", "gradle.catalogue.read"),
    (r"gradle\.properties", "gradle.properties.read"),
    (r"gradle-wrapper\.properties", "gradle.properties.read_wrapper"),
    (r"(?:MODULE\.bazel|WORKSPACE(?:\.bazel)?)", "bazel.module.read"),
    (r"BUILD(?:\.bazel)?", "bazel.packages.read"),
    (r"\.bazelrc", "bazel.module.read_settings"),
    (r"\.bazelversion", "bazel.module.read_version"),
    (r"Gemfile|gems\.rb", "ruby.gems.read_gemfile"),
    (r".*\.gemspec", "ruby.gems.read_specification"),
    (r"[Rr]akefile(?:\.rb)?|.*\.rake", "ruby.tasks.read"),
    (r"Podfile", "ruby.gems.read_podfile"),
    (
        r"(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.(?:[Dd]ockerfile|[Cc]ontainerfile)",
        "docker.dockerfile.read",
    ),
    (r".*\.sbt", "sbt.script.read"),
    (r"project/build\.properties", "sbt.script.read_properties"),
    (r"Package\.swift", "swift_package.read"),
    (r"\.?[Jj][Uu][Ss][Tt][Ff][Ii][Ll][Ee]", "taskfiles.read_justfile"),
    (r"[Tt]askfile(?:\.dist)?\.ya?ml", "taskfiles.read_taskfile"),
    (r"pyproject\.toml", "python.pyproject.read"),
    (r"Cargo\.toml", "cargo.manifest.read"),
    (r"package\.json", "npm.package.read"),
    (r"pnpm-workspace\.yaml", "npm.pnpm_workspace.read"),
    (r"pom\.xml", "maven.pom.read"),
    (r".+\.(?:cs|fs|vb)proj", "dotnet.project.read"),
    (r".+\.slnx?", "dotnet.solution.read"),
    (r"Directory\.(?:Build\.(?:props|targets)|Packages\.props)", "dotnet.props.read"),
    (r"packages\.config", "dotnet.lists.read_packages"),
    (r"global\.json", "dotnet.lists.read_global"),
    (r"composer\.json", "composer.read"),
    (r"(?:docker-)?compose(?:[-_.][\w.-]+)?\.ya?ml", "compose.read"),
    (r"\.github/workflows/[^/]+\.ya?ml", "ci.github.read"),
    (r"\.gitlab-ci\.ya?ml", "ci.gitlab.read"),
    (r"\.gitlab/ci/[^/]+\.ya?ml", "ci.gitlab.read"),
    (r"\.?azure-pipelines(?:[-_.][\w.-]+)?\.ya?ml", "ci.azure.read"),
    (r"\.circleci/config\.ya?ml", "ci.circleci.read"),
    (r"Jenkinsfile(?:[._-][\w.-]+)?|[\w.-]+\.[Jj]enkinsfile", "ci.jenkins.read"),
    (r"\.travis\.ya?ml", "ci.travis.read"),
    (r"\.drone\.ya?ml", "ci.drone.read"),
    (r"\.woodpecker\.ya?ml", "ci.drone.read_woodpecker"),
    (r"\.woodpecker/[^/]+\.ya?ml", "ci.drone.read_woodpecker"),
    (r"bitbucket-pipelines\.ya?ml", "ci.bitbucket.read"),
    (r"\.buildkite/[^/]+\.ya?ml", "ci.buildkite.read"),
    (r"\.?appveyor\.ya?ml", "ci.appveyor.read"),
    (r"Vagrantfile", "vagrant.read"),
    (r"setup\.cfg", "python.setup_cfg.read"),
    (r"setup\.py", "python.setup_py.read"),
    (r"(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.(?:txt|in)", "python.requirements.read"),
    (r"requirements/[\w.-]+\.(?:txt|in)", "python.requirements.read"),
    (r"constraints(?:[-_.][\w.-]+)?\.txt", "python.requirements.read"),
    (r"Pipfile", "python.pipfile.read"),
    (r"environment(?:[-_.][\w.-]+)?\.ya?ml", "python.conda.read"),
    (r"tox\.ini", "python.tox.read"),
    (r"noxfile\.py", "python.nox.read"),
    ("|".join(map(re.escape, TOOLS)), "locks.read"),
)
"""Expression for the last part of the path, or for its end where it holds a '/', and who reads such files: a function
of a module of this package.

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
    name = _reader_of(path)
    if name is None:
        raise KeyError(path)
    module, _, function = name.rpartition(".")
    reader: Reader = getattr(import_module(f"{__name__}.{module}"), function)
    return reader(path, source)


def combine(facts: Sequence[BuildFacts], sources: Collection[str] = ()) -> tuple[BuildFacts, ...]:
    """The same facts, in the same order, each knowing what the others say; `sources` are the paths of source files.

    A project learns what its parts define, parts inherit from the project. Every target, option and dependency stays
    with the file that states it. Files that only tell something about others are left out.
    """
    from codeanvil.facts.builds.joins import joined

    return joined(facts, sources)


@lru_cache(maxsize=65_536)
def _reader_of(path: str) -> str | None:
    match = _NAMES.fullmatch(path.rpartition("/")[2]) or _PATHS.fullmatch(path)
    return _READERS[match.lastindex - 1][1] if match and match.lastindex else None
