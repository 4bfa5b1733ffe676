"""What build files say together."""

from collections.abc import Collection, Sequence

from codeanvil.facts.builds import composer, locks
from codeanvil.facts.builds.autotools import whole as autotools
from codeanvil.facts.builds.bazel import whole as bazel
from codeanvil.facts.builds.cargo import workspace as cargo
from codeanvil.facts.builds.cmake import whole as cmake
from codeanvil.facts.builds.dotnet import whole as dotnet
from codeanvil.facts.builds.go import programs as go
from codeanvil.facts.builds.gradle import whole as gradle
from codeanvil.facts.builds.known import Join, Known
from codeanvil.facts.builds.make import whole as make
from codeanvil.facts.builds.maven import inheritance as maven
from codeanvil.facts.builds.meson import whole as meson
from codeanvil.facts.builds.npm import workspace as npm
from codeanvil.facts.builds.python import whole as python
from codeanvil.facts.builds.ruby import whole as ruby
from codeanvil.facts.builds.sbt import whole as sbt
from codeanvil.facts.model import BuildFacts

_JOINS: tuple[Join, ...] = (
    cmake.join,
    make.join,
    autotools.join,
    meson.join,
    go.join,
    gradle.join,
    bazel.join,
    ruby.join,
    sbt.join,
    python.join,
    cargo.join,
    npm.join,
    maven.join,
    dotnet.join,
    composer.join,
    locks.join,
)
"""In order: a later one sees what the earlier ones found."""


def joined(facts: Sequence[BuildFacts], sources: Collection[str]) -> tuple[BuildFacts, ...]:
    """As `combine` in `builds/__init__.py`."""
    known = Known(facts, sources)
    for join in _JOINS:
        join(known)
    return tuple(known.builds.values())
