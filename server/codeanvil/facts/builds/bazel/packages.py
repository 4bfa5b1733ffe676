"""Build facts of a `BUILD` file."""

import posixpath
from collections.abc import Callable
from dataclasses import replace

from codeanvil.facts.builds.bazel.starlark import Call, run
from codeanvil.facts.builds.documents import UnreadableError, begin, unread
from codeanvil.facts.builds.trees import first_mistake, tree
from codeanvil.facts.model import BuildFacts, Option, Target, TargetKind

_NO_TARGETS = frozenset(
    {
        "package", "package_group", "config_setting", "constraint_setting", "constraint_value", "platform", "toolchain",
        "toolchain_type", "config_setting_group", "licenses", "license", "exports_files", "load", "workspace",
        "selects.config_setting_group",
    }
)  # fmt: skip
_FLAGS = frozenset({"bool_flag", "string_flag", "int_flag", "string_list_flag", "bool_setting", "string_setting"})
_PROGRAMS = ("_binary", "_image", "_application")
_LIBRARIES = ("_library", "_proto", "_module", "_import", "_framework", "_bundle")
_SOURCES = ("srcs", "src", "hdrs", "textual_hdrs", "resources")
_NEEDS = ("deps", "implementation_deps", "runtime_deps", "exports", "tests", "actual", "embed")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `BUILD` file at `path` says: a package of a workspace, so it has no commands of its own.

    Never raises: what is not Starlark is told in `problem`.
    """
    package = _Package()
    facts = starlark(path, source, package.take)
    return replace(
        facts,
        targets=tuple(placed(target, facts.folder) for target in package.targets.values()),
        options=tuple(replace(option, name=f"--//{facts.folder}:{option.name}") for option in package.options),
    )


def starlark(path: str, source: bytes, take: Callable[[Call], None]) -> BuildFacts:
    """Facts without content of the file at `path`, after `take` was told of all its calls."""
    facts = begin("bazel", path, source)
    try:
        root = tree("python", source)
    except UnreadableError as error:
        return unread(facts, "Starlark", error)
    run(root, take)
    mistake = first_mistake(root)
    return unread(facts, "Starlark", f"line {mistake} cannot be read") if mistake else facts


def placed(target: Target, package: str) -> Target:
    """`target` in the folder `package`, relative to the workspace's own, with its command."""
    verb = {"executable": "run", "test": "test"}.get(target.kind, "build")
    name = "" if posixpath.basename(package) == target.name else f":{target.name}"
    return replace(target, command=f"bazel {verb} //{package}{name}")


class _Package:
    """Gathers targets and flags from the calls of one file."""

    def __init__(self) -> None:
        self.targets: dict[str, Target] = {}
        self.options: list[Option] = []

    def take(self, call: Call) -> None:
        name = call.text("name")
        rule = call.name.rpartition(".")[2]
        if not name.strip() or "\n" in name or call.name in _NO_TARGETS or not call.name:
            return
        if rule in _FLAGS:
            default = call.keywords.get("build_setting_default")
            value = str(default) if isinstance(default, str | int) else ""
            self.options.append(Option(name, value, call.line, call.text("help")))
        elif name not in self.targets:
            needs = (_short(label) for label in call.texts(*_NEEDS))
            sources = tuple(label.lstrip(":") for label in call.texts(*_SOURCES))
            self.targets[name] = Target(
                name, _kind(rule), call.line, sources, tuple(dict.fromkeys(needs)), doc=call.doc
            )


def _kind(rule: str) -> TargetKind:
    if rule.endswith(_PROGRAMS):
        return "executable"
    if rule.endswith(("_test", "_tests", "test_suite")):
        return "test"
    return "library" if rule.endswith(_LIBRARIES) else "custom"


def _short(label: str) -> str:
    """`:core` as core: of labels in the same package only the name."""
    return label.removeprefix(":")
