import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target

BUILD = """ThisBuild / scalaVersion := "3.3.1"
ThisBuild / version := "0.4.0"
val akka = "2.8.5"

lazy val root = (project in file("."))
  .settings(name := "shop")
  .aggregate(core, app)

lazy val core = project
  .settings(
    name := "shop-core",
    libraryDependencies ++= Seq(
      "com.typesafe.akka" %% "akka-actor" % akka,
      "org.scalatest" %% "scalatest" % "3.2.17" % Test
    ),
    libraryDependencies += "com.lihaoyi" %%% "upickle" % V.none
  )

lazy val app = (project in file("modules/app"))
  .dependsOn(core % "compile->compile")
  .enablePlugins(JavaAppPackaging)
"""


def read(text: str, path: str = "build.sbt") -> BuildFacts:
    return read_build(path, text.encode())


def test_a_build_is_read():
    facts = read(BUILD)
    assert (facts.system, facts.name, facts.version, facts.standard) == ("sbt", "shop", "0.4.0", "Scala 3.3.1")
    assert facts.problem is None
    assert facts.dependencies == (
        Dependency("com.typesafe.akka:akka-actor", "2.8.5", 13),
        Dependency("org.scalatest:scalatest", "3.2.17", 14, "test"),
        Dependency("com.lihaoyi:upickle", "", 16),
    )
    assert facts.targets == (
        Target("root", "library", 5, (), (), "sbt root/compile"),
        Target("core", "library", 9, (), (), "sbt core/compile"),
        Target("app", "executable", 19, (), ("core",), "sbt app/run"),
    )
    assert facts.subfolders == ("core", "modules/app")
    assert dict(facts.commands) == {
        "build": "sbt compile", "test": "sbt test", "run": "sbt app/run", "install": "sbt publishLocal",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ('name := "a"', None),
        ('Compile / mainClass := Some("a.Main")', "sbt run"),
        ("enablePlugins(PlayScala)", "sbt run"),
    ],
)
def test_programs_are_run(text, run):
    assert dict(read(text).commands).get("run") == run


def test_the_folder_of_the_build_itself_is_a_part():
    found = combine(
        [
            read('name := "a"', "p/build.sbt"),
            read('addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1.5")', "p/project/plugins.sbt"),
            read("sbt.version = 1.9.7\n", "p/project/build.properties"),
        ]
    )
    assert [build.file for build in found] == ["p/build.sbt", "p/project/plugins.sbt"]
    assert found[0].minimum == "1.9.7"
    assert found[1].commands == ()
    assert found[1].dependencies == (Dependency("com.eed3si9n:sbt-assembly", "2.1.5", 1, "build"),)


def test_what_is_no_scala_is_told():
    assert str(read("name := )))", "x/build.sbt").problem).startswith(
        "x/build.sbt is not valid sbt: line 1 cannot be read"
    )


def test_files_are_known_by_name():
    assert is_build_file("build.sbt")
    assert is_build_file("a/project/build.properties")
    assert not is_build_file("src/build.properties")


@pytest.mark.parametrize(
    "text", ["a % " * 3_000 + "b", "f(" * 5_000, "lazy val a = project\n" * 1_000, '"a" % "b" % "c"\n' * 3_000]
)
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
