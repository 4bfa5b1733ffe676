"""Build facts of a `MODULE.bazel`, a `WORKSPACE`, a `.bazelrc` and a `.bazelversion`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.bazel.packages import starlark
from codeanvil.facts.builds.bazel.starlark import Call, strings
from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.model import BuildFacts, Dependency, Option
from codeanvil.facts.text import decode, first_sentence

COMMANDS = {"build": "bazel build //...", "test": "bazel test //..."}

_VERSION_IN_URL = re.compile(r"(?:^|[/_-])v?(\d+(?:\.\w+)+?)(?=\.(?:tar|zip|tgz|jar)|/|$)")
_CONFIG = re.compile(r"[\w-]+:([\w.-]+)\s")
_BAZEL = re.compile(r"(\d+(?:\.\w+)*)\s*\Z")
_REPOSITORIES = frozenset(
    {"http_archive", "git_repository", "go_repository", "http_jar", "maven_jar", "new_git_repository", "http_file"}
)


def read(path: str, source: bytes) -> BuildFacts:
    """What the `MODULE.bazel` or `WORKSPACE` at `path` says.

    Never raises: what is not Starlark is told in `problem`.
    """
    found = _Found()
    facts = starlark(path, source, found.take)
    return replace(
        facts,
        name=found.name,
        version=found.version,
        dependencies=tuple(found.dependencies.values()),
        commands=ordered(COMMANDS),
    )


def read_version(path: str, source: bytes) -> BuildFacts:
    """What the `.bazelversion` at `path` says: `minimum` is the Bazel that is used."""
    facts = begin("bazel", path, source)
    match = _BAZEL.search(decode(source[:1000]).strip())
    return replace(facts, minimum=match[1] if match else "")


def read_settings(path: str, source: bytes) -> BuildFacts:
    """What the `.bazelrc` at `path` says: the configurations one can choose with `--config`."""
    facts = begin("bazel", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "a list of settings", error)
    options = {option.name: option for option in reversed(list(_configurations(decode(source))))}
    return replace(facts, options=tuple(reversed(options.values())))


def _configurations(text: str) -> Iterator[Option]:
    comment: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.startswith("#"):
            comment.append(line)
        elif match := _CONFIG.match(line):
            yield Option(f"--config={match[1]}", "", number, first_sentence("\n".join(comment)))
            comment.clear()
        else:
            comment.clear()


class _Found:
    """Gathers what a module or workspace asks for."""

    def __init__(self) -> None:
        self.name = self.version = ""
        self.dependencies: dict[str, Dependency] = {}

    def take(self, call: Call) -> None:
        rule = call.name.rpartition(".")[2]
        match rule:
            case "module" | "workspace":
                self.name = self.name or call.text("name")
                self.version = self.version or call.text("version")
            case "bazel_dep":
                group = "dev" if call.keywords.get("dev_dependency") is True else ""
                self._depend(call.text("name"), call.text("version"), call.line, group)
            case "single_version_override" | "archive_override" | "git_override" | "local_path_override":
                self._override(call)
            case "install" | "maven_install":
                for artifact in call.texts("artifacts"):
                    self._artifact(artifact, call.line)
            case "artifact" if call.text("artifact"):
                self._depend(f"{call.text('group')}:{call.text('artifact')}", call.text("version"), call.line, "")
            case _ if rule in _REPOSITORIES:
                self._depend(call.text("name"), _version(call), call.line, "")

    def _artifact(self, artifact: str, line: int) -> None:
        owner, _, rest = artifact.partition(":")
        name, _, version = rest.partition(":")
        self._depend(f"{owner}:{name}" if name else owner, version, line, "")

    def _override(self, call: Call) -> None:
        name = call.text("module_name")
        if known := self.dependencies.get(name):
            version = _version(call) or call.text("path")
            self.dependencies[name] = replace(known, version=version or known.version)

    def _depend(self, name: str, version: str, line: int, group: str) -> None:
        if name.strip() and "\n" not in name:
            self.dependencies.setdefault(name, Dependency(name, version, line, group))


def _version(call: Call) -> str:
    """The version, tag or commit that a call names, or the version in the name of the archive that it loads."""
    if said := call.text("version") or call.text("tag"):
        return said
    for text in (call.text("strip_prefix"), call.text("url"), *strings([call.keywords.get("urls")])):
        if match := _VERSION_IN_URL.search(text):
            return match[1]
    return call.text("commit")[:12]
