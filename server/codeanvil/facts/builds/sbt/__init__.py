"""sbt: `build.sbt`, `project/*.sbt` and `project/build.properties`."""
