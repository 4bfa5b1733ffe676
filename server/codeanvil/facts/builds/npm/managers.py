"""What a user types for each of the package managers of JavaScript."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.model import BuildFacts, Target

DEFAULT = "npm"
"""The manager of packages that name none."""


@dataclass(frozen=True, slots=True)
class Manager:
    """Commands with `{}` for a script's name: to install, to run a script, to run it in each package, a program."""

    install: str
    script: str
    each: str
    program: str


MANAGERS: Mapping[str, Manager] = MappingProxyType(
    {
        "npm": Manager("npm install", "npm run {}", "npm run {} --workspaces --if-present", "npx {}"),
        "pnpm": Manager("pnpm install", "pnpm {}", "pnpm -r {}", "pnpm exec {}"),
        "yarn": Manager("yarn install", "yarn {}", "yarn workspaces run {}", "yarn {}"),
        "bun": Manager("bun install", "bun run {}", "bun run --filter '*' {}", "bunx {}"),
    }
)

SYSTEMS = tuple(MANAGERS)
"""What `BuildFacts.system` may say of a `package.json`."""

_OWN_COMMANDS = frozenset(
    {
        "add", "audit", "ci", "config", "create", "deploy", "exec", "fetch", "import", "info", "init", "install",
        "link", "list", "outdated", "pack", "patch", "prune", "publish", "rebuild", "remove", "root", "run", "setup",
        "store", "update", "upgrade", "version", "why",
    }
)  # fmt: skip
"""Words by which a manager means something of its own, not a script."""

_STARTING = ("start", "dev", "serve", "develop", "watch")
_NO_TEST = "no test specified"


def script_command(manager: str, script: str) -> str:
    """What runs a script; the shortest form that means the script and nothing else."""
    if manager == "npm" and script in {"test", "start"}:
        return f"npm {script}"
    if script in _OWN_COMMANDS and manager != "npm":
        return f"{manager} run {script}"
    return MANAGERS[manager].script.format(script)


def commands(manager: str, targets: Iterable[Target], below: Iterable[BuildFacts] = ()) -> tuple[tuple[str, str], ...]:
    """The commands of a package with these targets; what only the packages `below` can do is done in each of them."""
    targets = list(targets)
    scripts = {target.name: target for target in targets if target.kind in {"script", "test"}}
    theirs = {target.name for build in below for target in build.targets if target.kind in {"script", "test"}}
    known = MANAGERS[manager]
    found = {"configure": known.install, "install": known.install}
    for verb in ("build", "test"):
        if verb in scripts and _NO_TEST not in scripts[verb].doc:
            found[verb] = script_command(manager, verb)
        elif verb in theirs:
            found[verb] = known.each.format(verb)
    programs = [target.sources[0] for target in targets if target.kind == "executable" and target.sources]
    if start := next((name for name in _STARTING if name in scripts), ""):
        found["run"] = script_command(manager, start)
    elif programs:
        found["run"] = f"node {programs[0]}"
    return ordered(found)


def with_manager(target: Target, manager: str) -> Target:
    """The target with the command that this manager wants."""
    if target.kind in {"script", "test"}:
        command = script_command(manager, target.name)
    elif target.kind == "executable":
        command = MANAGERS[manager].program.format(target.name)
    else:
        return target
    return Target(target.name, target.kind, target.line, target.sources, target.links, command, target.doc)
