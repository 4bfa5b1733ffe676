"""Build facts of a `Gemfile`, a gem's specification and a `Podfile`."""

import posixpath
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, ordered, unread
from codeanvil.facts.builds.ruby.calls import Call, calls, strings
from codeanvil.facts.builds.trees import first_mistake, tree
from codeanvil.facts.model import BuildFacts, Dependency, Target, TargetKind

_DEPENDING = {
    "add_dependency": "", "add_runtime_dependency": "", "add_development_dependency": "development",
}  # fmt: skip


def read_gemfile(path: str, source: bytes) -> BuildFacts:
    """What the `Gemfile` at `path` says; `minimum` is the Ruby that is asked for.

    Never raises: what is not Ruby is told in `problem`.
    """
    facts, found = _read("bundler", path, source)
    dependencies: dict[tuple[str, str], Dependency] = {}
    minimum = ""
    includes: list[str] = []
    for call in found:
        if call.name == "gem" and not call.receiver and call.first.strip():
            group = " and ".join(dict.fromkeys([*strings(call.option("group", "groups")), *_groups(call)]))
            versions = call.strings[1:] or _place(call)
            dependency = Dependency(call.first, ", ".join(versions), call.line, group)
            dependencies.setdefault((dependency.name, group), dependency)
        elif call.name == "ruby" and not call.receiver and call.first:
            minimum = minimum or _oldest(call.first)
        elif call.name == "eval_gemfile" and call.first:
            includes.append(posixpath.normpath(call.first))
    names = {name for name, _ in dependencies}
    return replace(
        facts,
        minimum=minimum,
        languages=("Ruby",),
        dependencies=tuple(dependencies.values()),
        commands=ordered(_commands(names) if found else {}),
        includes=tuple(includes),
    )


def read_specification(path: str, source: bytes) -> BuildFacts:
    """What the `*.gemspec` at `path` says; `minimum` is the oldest Ruby.

    Never raises: what is not Ruby is told in `problem`.
    """
    facts, found = _read("rubygems", path, source)
    values: dict[str, Call] = {}
    programs: dict[str, int] = {}
    dependencies: dict[tuple[str, str], Dependency] = {}
    for call in found:
        attribute = call.name.removesuffix("=")
        if call.receiver == "Gem::Specification" and call.name == "new" and call.first:
            values.setdefault("name", call)
        elif attribute in {"name", "version", "required_ruby_version"} and call.inside and call.values:
            values[attribute] = call
        elif attribute == "executables" or (call.name == "<<" and call.receiver.endswith(".executables")):
            programs |= dict.fromkeys(call.strings, call.line)
        elif call.name in _DEPENDING and call.first.strip():
            group = _DEPENDING[call.name]
            made = Dependency(call.first, ", ".join(call.strings[1:]), call.line, group)
            dependencies.setdefault((made.name, group), made)
    name, version = (values[key].first if key in values else "" for key in ("name", "version"))
    oldest = values["required_ruby_version"].strings if "required_ruby_version" in values else []
    file = posixpath.basename(path)
    commands = {"build": f"gem build {file}"} if found else {}
    if name and version:
        commands["install"] = f"gem build {file} && gem install ./{name}-{version}.gem"
    return replace(
        facts,
        name=name,
        version=version,
        minimum=_oldest(oldest[0]) if oldest else "",
        languages=("Ruby",),
        targets=tuple(
            Target(each, "script", line, command=f"bundle exec {each}")
            for each, line in programs.items()
            if each.strip()
        ),
        dependencies=tuple(dependencies.values()),
        commands=ordered(commands),
    )


def read_podfile(path: str, source: bytes) -> BuildFacts:
    """What the `Podfile` at `path` says. Never raises: what is not Ruby is told in `problem`."""
    facts, found = _read("cocoapods", path, source)
    targets: dict[str, Target] = {}
    dependencies: dict[str, Dependency] = {}
    for call in found:
        if call.name == "target" and call.first.strip():
            kind: TargetKind = "test" if call.first.endswith("Tests") else "executable"
            targets.setdefault(call.first, Target(call.first, kind, call.line))
        elif call.name == "pod" and call.first.strip():
            name, _, part = call.first.partition("/")
            known = dependencies.get(name) or Dependency(name, ", ".join(call.strings[1:] or _place(call)), call.line)
            components = tuple(dict.fromkeys([*known.components, *([part] if part else [])]))
            dependencies[name] = replace(known, components=components)
    return replace(
        facts,
        targets=tuple(targets.values()),
        dependencies=tuple(dependencies.values()),
        commands=ordered({"install": "pod install"} if found else {}),
    )


def _read(system: str, path: str, source: bytes) -> tuple[BuildFacts, list[Call]]:
    facts = begin(system, path, source)
    try:
        root = tree("ruby", source)
    except UnreadableError as error:
        return unread(facts, "Ruby", error), []
    mistake = first_mistake(root)
    facts = unread(facts, "Ruby", f"line {mistake} cannot be read") if mistake else facts
    return facts, list(calls(root))


def _groups(call: Call) -> list[str]:
    """The groups whose blocks a call stands in."""
    return [name for outer in call.inside if outer.name == "group" for name in outer.strings]


def _place(call: Call) -> list[str]:
    """Where something comes from, if not from the usual place: a path, or the branch or tag of a repository."""
    if path := strings(call.option("path")):
        return path[:1]
    return strings(call.option("tag", "branch", "ref", "git", "github"))[:1]


def _oldest(requirement: str) -> str:
    """`>= 3.1` and `~> 3.1` as 3.1."""
    return requirement.lstrip("<>=~ ").strip() if requirement[:1] != "<" else requirement


def _commands(gems: set[str]) -> dict[str, str]:
    commands = {"install": "bundle install"}
    if {"rspec", "rspec-rails"} & gems:
        commands["test"] = "bundle exec rspec"
    elif "rails" in gems:
        commands["test"] = "bin/rails test"
    if "rails" in gems:
        commands["run"] = "bin/rails server"
    elif "jekyll" in gems:
        commands |= {"build": "bundle exec jekyll build", "run": "bundle exec jekyll serve"}
    return commands
