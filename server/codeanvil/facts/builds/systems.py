"""The build systems by what `BuildFacts.system` says: how people call them, and what they are to a project."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Place = Literal["builds", "installs", "contains", "serves"]
"""A system builds a project, only installs or tests it, puts it in containers, or does all this on a server."""

_ORDER: tuple[Place, ...] = ("builds", "installs", "contains", "serves")


@dataclass(frozen=True, slots=True)
class System:
    """`minimum_of` is that of which `BuildFacts.minimum` is a version; `words` are those that mean it in questions."""

    title: str
    minimum_of: str = ""
    words: tuple[str, ...] = ()
    place: Place = "builds"


SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        "cmake": System("CMake", "CMake", ("cmake", "c++")),
        "make": System("Make", "GNU Make", ("makefile", "gnu make", "with make", "by make")),
        "autotools": System("Autotools", "Autoconf", ("autotools", "autoconf", "automake", "configure script")),
        "meson": System("Meson", "Meson", ("meson",)),
        "bazel": System("Bazel", "Bazel", ("bazel",)),
        "cargo": System("Cargo", "Rust", ("cargo", "rust")),
        "go": System("Go modules", "Go", ("go.mod", "golang", "go module")),
        "maven": System("Maven", "Java", ("maven", "mvn", "java")),
        "gradle": System("Gradle", "Gradle", ("gradle", "java", "kotlin")),
        "sbt": System("sbt", "sbt", ("sbt", "scala")),
        "npm": System("npm", "Node.js", ("npm", "node", "javascript", "typescript")),
        "pnpm": System("pnpm", "Node.js", ("pnpm", "npm", "node", "javascript", "typescript")),
        "yarn": System("Yarn", "Node.js", ("yarn", "npm", "node", "javascript", "typescript")),
        "bun": System("Bun", "Node.js", ("bun", "npm", "node", "javascript", "typescript")),
        "dotnet": System(".NET", ".NET", ("dotnet", ".net", "c#", "msbuild", "nuget")),
        "composer": System("Composer", "PHP", ("composer", "php")),
        "bundler": System("Bundler", "Ruby", ("bundler", "ruby")),
        "rubygems": System("RubyGems", "Ruby", ("gem", "ruby")),
        "rake": System("Rake", "Ruby", ("rake", "ruby")),
        "swiftpm": System("Swift Package Manager", "Swift", ("swift",)),
        "cocoapods": System("CocoaPods", "CocoaPods", ("cocoapods", "pod")),
        "just": System("just", "just", ("justfile",)),
        "task": System("Task", "Task", ("taskfile",)),
        "pyproject": System("pyproject.toml", "Python", ("pyproject", "python", "pip")),
        "setuptools": System("setuptools", "Python", ("setuptools", "setup.py", "setup.cfg", "python", "pip")),
        "pip": System("pip", "Python", ("pip", "requirements.txt", "python"), "installs"),
        "pipenv": System("Pipenv", "Python", ("pipenv", "pipfile", "python"), "installs"),
        "conda": System("conda", "Python", ("conda", "python"), "installs"),
        "tox": System("tox", "Python", ("tox",), "installs"),
        "nox": System("nox", "Python", ("nox",), "installs"),
        "docker": System("Docker", "Docker", ("docker", "container", "dockerfile"), "contains"),
        "compose": System("Docker Compose", "Docker Compose", ("compose", "docker", "container"), "contains"),
        "github-actions": System("GitHub Actions", "", ("github", "workflow", "ci"), "serves"),
        "gitlab-ci": System("GitLab CI", "", ("gitlab", "pipeline", "ci"), "serves"),
        "azure-pipelines": System("Azure Pipelines", "", ("azure", "pipeline", "ci"), "serves"),
        "jenkins": System("Jenkins", "", ("jenkins", "pipeline", "ci"), "serves"),
        "travis": System("Travis CI", "", ("travis", "ci"), "serves"),
        "drone": System("Drone", "", ("drone", "pipeline", "ci"), "serves"),
        "woodpecker": System("Woodpecker", "", ("woodpecker", "pipeline", "ci"), "serves"),
        "bitbucket-pipelines": System("Bitbucket Pipelines", "", ("bitbucket", "pipeline", "ci"), "serves"),
        "buildkite": System("Buildkite", "", ("buildkite", "pipeline", "ci"), "serves"),
        "appveyor": System("AppVeyor", "", ("appveyor", "ci"), "serves"),
        "vagrant": System("Vagrant", "", ("vagrant", "virtual machine"), "contains"),
        "circleci": System("CircleCI", "", ("circleci", "pipeline", "ci"), "serves"),
    }
)


def system(name: str) -> System:
    """The build system of that name; one that is not known is called as it is."""
    return SYSTEMS.get(name.lower(), System(name, name))


def rank(name: str) -> int:
    """0 for what builds a project; more for what only installs it, for containers, for CI servers."""
    return _ORDER.index(system(name).place)
