"""Bundler's, RubyGems' and Rake's files of one folder."""

from dataclasses import replace

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.ruby.tasks import NAMES, commands_of
from codeanvil.facts.model import BuildFacts


def join(known: Known) -> None:
    """Where gems are Bundler's, Rake is called through it; Rake's tasks tell Bundler how to test.

    The `*.rake` files below a `Rakefile` give it their tasks. A `Gemfile` has the name of the gem beside it.
    """
    rakes = known.of("rake")
    for rake in rakes:
        if rake.file.rpartition("/")[2] not in NAMES:
            continue
        start = f"{rake.folder}/" if rake.folder else ""
        parts = [each for each in rakes if each.file.startswith(start) and each.file.endswith(".rake")]
        gemfile = known.at(rake.folder, "Gemfile")
        program = "bundle exec rake" if next(known.above(rake.folder, "Gemfile"), None) else "rake"
        commands = commands_of((*rake.targets, *(t for part in parts for t in part.targets)), program)
        for each in (rake, *parts):
            known.put(_called(each, program))
        known.put(replace(known.builds[rake.file], commands=commands))
        if gemfile is not None and (test := dict(commands).get("test")):
            known.put(replace(gemfile, commands=ordered({"test": test, **dict(gemfile.commands)})))
    for gemfile in known.of("bundler"):
        names = [gem.name for gem in known.of("rubygems") if gem.folder == gemfile.folder]
        if len(names) == 1:
            known.put(replace(known.builds[gemfile.file], name=names[0]))
        if f"{gemfile.folder}/config.ru".lstrip("/") in known.sources:
            now = known.builds[gemfile.file]
            known.put(replace(now, commands=ordered({"run": "bundle exec rackup", **dict(now.commands)})))


def _called(build: BuildFacts, program: str) -> BuildFacts:
    return replace(build, targets=tuple(replace(t, command=f"{program} {t.name}") for t in build.targets))
