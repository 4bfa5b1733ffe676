"""A `build.sbt` and the sbt that its `project/build.properties` names."""

import posixpath
from dataclasses import replace

from codeanvil.facts.builds.known import Known


def join(known: Known) -> None:
    """A build learns which sbt it is made with."""
    for build in known.of("sbt"):
        properties = known.at(build.folder, "project/build.properties")
        if posixpath.basename(build.file) == "build.sbt" and properties is not None and properties.system == "sbt":
            known.put(replace(known.builds[build.file], minimum=properties.minimum))
            known.drop(properties)
