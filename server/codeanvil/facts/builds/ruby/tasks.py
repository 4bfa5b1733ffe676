"""Build facts of a `Rakefile`, and of the `*.rake` files beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from codeanvil.facts.builds.documents import UnreadableError, begin, ordered, unread
from codeanvil.facts.builds.ruby.calls import Call, calls, strings
from codeanvil.facts.builds.trees import first_mistake, tree
from codeanvil.facts.model import BuildFacts, Target, TargetKind
from codeanvil.facts.text import first_sentence

NAMES = ("Rakefile", "rakefile", "Rakefile.rb", "rakefile.rb")

_LIBRARIES: Mapping[str, str] = MappingProxyType(
    {
        "Rake::TestTask": "test", "RSpec::Core::RakeTask": "spec", "RuboCop::RakeTask": "rubocop",
        "YARD::Rake::YardocTask": "yard",
        "RDoc::Task": "rdoc", "Rake::RDocTask": "rdoc", "Minitest::TestTask": "test",
        "Cucumber::Rake::Task": "cucumber", "Gem::PackageTask": "package", "Rake::ExtensionTask": "compile",
    }
)  # fmt: skip
"""Classes that add tasks, and how they call theirs where nothing else is said."""

_GEM_TASKS = {
    "build": "Build the gem", "install": "Build and install the gem", "release": "Tag, build and push the gem",
}  # fmt: skip
"""What `bundler/gem_tasks` adds."""

_TEST = re.compile(r"(?:.*[:_-])?(?:tests?|specs?|cucumber|features)(?:[:_-].*)?\Z")
_BUILDING = ("build", "compile", "all")
_TESTING = ("test", "spec", "tests", "specs")
_RUNNING = ("run", "server", "serve", "start", "preview")
_PREFIXED = frozenset({"task", "multitask", "file", "directory"})


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Rakefile` at `path` says; a `*.rake` file is a part, without commands of its own.

    Never raises: what is not Ruby is told in `problem`.
    """
    facts = begin("rake", path, source)
    try:
        root = tree("ruby", source)
    except UnreadableError as error:
        return unread(facts, "Ruby", error)
    tasks = _Tasks()
    for call in calls(root):
        tasks.take(call)
    targets = tuple(tasks.targets())
    is_part = path.rpartition("/")[2] not in NAMES
    facts = replace(
        facts,
        languages=("Ruby",),
        targets=targets,
        commands=() if is_part else commands_of(targets),
        includes=tuple(tasks.includes),
        installs=any(target.name == "install" for target in targets),
    )
    mistake = first_mistake(root)
    return unread(facts, "Ruby", f"line {mistake} cannot be read") if mistake else facts


def commands_of(targets: tuple[Target, ...], rake: str = "rake") -> tuple[tuple[str, str], ...]:
    """What is typed to build, test, run and install, where there is a task for it."""
    known = {target.name: target for target in targets}
    commands: dict[str, str] = {}
    for verb, names in (("build", _BUILDING), ("test", _TESTING), ("run", _RUNNING), ("install", ("install",))):
        if name := next((name for name in names if name in known), ""):
            commands[verb] = f"{rake} {name}"
    default = known.get("default")
    if default is not None and "build" not in commands and any(not _TEST.match(need) for need in default.links):
        commands["build"] = rake
    return ordered(commands)


@dataclass(slots=True)
class _Draft:
    line: int
    doc: str = ""
    needs: dict[str, None] = field(default_factory=dict)


class _Tasks:
    """Gathers the tasks of one file."""

    def __init__(self) -> None:
        self.includes: dict[str, None] = {}
        self._drafts: dict[str, _Draft] = {}
        self._described = ""

    def take(self, call: Call) -> None:
        """Note a call that adds a task, or says something of the next one."""
        if call.name == "desc" and not call.receiver:
            self._described = first_sentence(call.first)
        elif call.name in _PREFIXED and not call.receiver:
            self._task(call)
        elif call.name == "new" and call.receiver in _LIBRARIES:
            self._add(call, call.first or _LIBRARIES[call.receiver], [])
        elif call.name == "require" and call.first == "bundler/gem_tasks":
            for name, doc in _GEM_TASKS.items():
                self._drafts.setdefault(name, _Draft(call.line, doc))
        elif call.name in {"import", "load"} and not call.receiver and call.first:
            self.includes[call.first.removeprefix("./")] = None

    def targets(self) -> Iterator[Target]:
        """The tasks as targets, in the order of their lines."""
        for name, draft in sorted(self._drafts.items(), key=lambda item: item[1].line):
            kind: TargetKind = "test" if _TEST.match(name) else "custom"
            yield Target(name, kind, draft.line, (), tuple(draft.needs), f"rake {name}", draft.doc)

    def _task(self, call: Call) -> None:
        """`task :a`, `task a: :b`, `task :a, [:x] => [:b]`, `task "a" => "b"`."""
        needs = [need for _, value in call.pairs for need in strings(value)]
        name = call.first or next((key for key, _ in call.pairs if isinstance(key, str)), "")
        self._add(call, name, needs)

    def _add(self, call: Call, name: str, needs: list[str]) -> None:
        described, self._described = self._described, ""
        name = ":".join([*(outer.first or "" for outer in call.inside if outer.name == "namespace"), name])
        if not name.strip(":").strip() or "\n" in name:
            return
        draft = self._drafts.setdefault(name, _Draft(call.line))
        draft.doc = draft.doc or described or call.doc
        draft.needs |= dict.fromkeys(needs)
