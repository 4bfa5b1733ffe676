import pytest

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "pom.xml") -> BuildFacts:
    return read_build(path, text.encode())


def project(body: str) -> str:
    return f'<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n{body}\n</project>\n'


def together(**bodies: str) -> dict[str, BuildFacts]:
    """Combined facts by folder ('__' for '/', 'root' for the top) of projects with these bodies."""
    paths = {("" if key == "root" else key.replace("__", "/") + "/") + "pom.xml": body for key, body in bodies.items()}
    return {build.folder: build for build in combine([read(project(paths[path]), path) for path in sorted(paths)])}


POM = """  <modelVersion>4.0.0</modelVersion>
  <groupId>org.acme</groupId>
  <artifactId>harbour</artifactId>
  <version>1.4.0-SNAPSHOT</version>
  <packaging>jar</packaging>
  <name>The Harbour</name>
  <properties>
    <java.version>17</java.version>
    <jackson.version>2.17.1</jackson.version>
    <skipIntegration>true</skipIntegration>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>com.fasterxml.jackson.core</groupId>
      <artifactId>jackson-databind</artifactId>
      <version>${jackson.version}</version>
    </dependency>
    <dependency>
      <groupId>${project.groupId}</groupId>
      <artifactId>harbour-api</artifactId>
      <version>${project.version}</version>
      <classifier>shared</classifier>
    </dependency>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.10.2</version>
      <scope>test</scope>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>${slf4j.version}</version>
      <optional>true</optional>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-surefire-plugin</artifactId>
        <version>3.2.5</version>
      </plugin>
      <plugin>
        <groupId>org.codehaus.mojo</groupId>
        <artifactId>exec-maven-plugin</artifactId>
        <configuration><mainClass>org.acme.Main</mainClass></configuration>
      </plugin>
    </plugins>
  </build>
  <profiles>
    <profile>
      <id>native</id>
      <dependencies>
        <dependency><groupId>g</groupId><artifactId>graal</artifactId><version>1</version></dependency>
      </dependencies>
    </profile>
  </profiles>"""


def test_a_project_is_read():
    facts = read(project(POM), "app/pom.xml")
    assert (facts.system, facts.folder, facts.name, facts.version) == ("maven", "app", "harbour", "1.4.0-SNAPSHOT")
    assert (facts.minimum, facts.standard, facts.languages, facts.problem) == ("17", "Java 17", ("Java",), None)
    assert facts.targets == (
        Target("harbour", "executable", 5, command="mvn exec:java", doc="Starts `org.acme.Main`."),
    )
    assert facts.options == (
        Option("native", "off", 54, "A profile: -P native turns it on."),
        Option("skipIntegration", "true", 12, "A property: -DskipIntegration=VALUE."),
    )
    assert facts.dependencies == (
        Dependency("com.fasterxml.jackson.core:jackson-databind", "2.17.1", 16),
        Dependency("org.acme:harbour-api", "1.4.0-SNAPSHOT", 21, components=("shared",)),
        Dependency("org.junit.jupiter:junit-jupiter", "5.10.2", 27, "test"),
        Dependency("org.slf4j:slf4j-simple", "${slf4j.version}", 33, "optional"),
        Dependency("g:graal", "1", 57),
        Dependency("org.apache.maven.plugins:maven-surefire-plugin", "3.2.5", 42, "build"),
        Dependency("org.codehaus.mojo:exec-maven-plugin", "", 46, "build"),
    )
    assert dict(facts.commands) == {
        "build": "mvn package",
        "test": "mvn test",
        "run": "mvn exec:java",
        "install": "mvn install",
    }


@pytest.mark.parametrize(
    ("body", "java"),
    [
        ("<properties><maven.compiler.source>1.8</maven.compiler.source></properties>", "8"),
        (
            "<properties><maven.compiler.release>21</maven.compiler.release><java.version>17</java.version></properties>",
            "21",
        ),
        ("<properties><j>11</j><java.version>${j}</java.version></properties>", "11"),
        ("<properties><java.version>${unknown}</java.version></properties>", ""),
        (
            "<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>"
            "<configuration><release>19</release></configuration></plugin></plugins></build>",
            "19",
        ),
        ("", ""),
    ],
)
def test_for_which_java_the_code_is(body, java):
    facts = read(project(body))
    assert (facts.minimum, facts.standard) == (java, f"Java {java}" if java else "")


@pytest.mark.parametrize(
    ("plugin", "run"),
    [
        ("<groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>", "mvn spring-boot:run"),
        ("<groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId>", "mvn quarkus:dev"),
        ("<artifactId>exec-maven-plugin</artifactId>", None),
        ("<artifactId>maven-jar-plugin</artifactId><configuration><archive><manifest><mainClass>a.B</mainClass></manifest></archive></configuration>", None),
    ],
)  # fmt: skip
def test_plugins_tell_how_a_program_is_started(plugin, run):
    body = f"<artifactId>a</artifactId><build><plugins><plugin>{plugin}</plugin></plugins></build>"
    assert dict(read(project(body)).commands).get("run") == run


PARENT = """<groupId>org.acme</groupId><artifactId>parent</artifactId><version>${revision}</version><packaging>pom</packaging>
<properties><revision>2.0</revision><guava.version>33.0</guava.version><maven.compiler.release>21</maven.compiler.release></properties>
<modules><module>core</module><module>apps/web</module></modules>
<dependencyManagement><dependencies>
  <dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>${guava.version}</version></dependency>
  <dependency><groupId>org.junit</groupId><artifactId>junit</artifactId><version>5.1</version><scope>test</scope></dependency>
  <dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId><version>${project.version}</version></dependency>
  <dependency><groupId>org.acme</groupId><artifactId>bom</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency>
</dependencies></dependencyManagement>
<build><pluginManagement><plugins><plugin><artifactId>maven-jar-plugin</artifactId><version>3.4</version></plugin></plugins></pluginManagement></build>"""

CORE = """<parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>${revision}</version></parent>
<artifactId>core</artifactId>
<dependencies>
  <dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId></dependency>
  <dependency><groupId>org.junit</groupId><artifactId>junit</artifactId></dependency>
  <dependency><groupId>io.netty</groupId><artifactId>netty</artifactId></dependency>
  <dependency><groupId>gone</groupId><artifactId>gone</artifactId><version>${nobody.knows}</version></dependency>
</dependencies>
<build><plugins><plugin><artifactId>maven-jar-plugin</artifactId></plugin></plugins></build>"""

WEB = """<parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>2.0</version><relativePath>../../</relativePath></parent>
<artifactId>web</artifactId>
<properties><guava.version>32.1</guava.version></properties>
<dependencies>
  <dependency><groupId>org.acme</groupId><artifactId>core</artifactId></dependency>
  <dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId></dependency>
</dependencies>
<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"""

BOM = """<groupId>org.acme</groupId><artifactId>bom</artifactId><version>1</version><packaging>pom</packaging>
<properties><netty>4.1.100</netty></properties>
<dependencyManagement><dependencies>
  <dependency><groupId>io.netty</groupId><artifactId>netty</artifactId><version>${netty}</version></dependency>
  <dependency><groupId>org.acme</groupId><artifactId>parent</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency>
</dependencies></dependencyManagement>"""


def test_modules_take_versions_scopes_and_java_from_their_parent():
    found = together(root=PARENT, core=CORE, apps__web=WEB, bom=BOM)
    core, web = found["core"], found["apps/web"]
    assert (core.version, core.minimum, core.standard) == ("2.0", "21", "Java 21")
    assert [(d.name, d.version, d.group) for d in core.dependencies] == [
        ("com.google.guava:guava", "33.0", ""),
        ("org.junit:junit", "5.1", "test"),
        ("io.netty:netty", "4.1.100", ""),
        ("gone:gone", "${nobody.knows}", ""),
        ("org.apache.maven.plugins:maven-jar-plugin", "3.4", "build"),
    ]
    # A property that a module sets anew holds in what it takes from its parent.
    assert [(d.name, d.version) for d in web.dependencies[:2]] == [
        ("org.acme:core", "2.0"),
        ("com.google.guava:guava", "32.1"),
    ]


def test_the_project_that_gathers_modules_starts_the_program_of_one():
    root = together(root=PARENT, core=CORE, apps__web=WEB)[""]
    assert (root.version, root.subfolders, root.targets) == ("2.0", ("core", "apps/web"), ())
    assert dict(root.commands)["run"] == "mvn -pl apps/web spring-boot:run"


def test_a_program_for_tests_is_not_what_the_project_runs():
    modules = PARENT.replace("<module>apps/web</module>", "<module>testsuite-web</module>")
    root = together(root=modules, core=CORE, **{"testsuite-web": WEB.replace("../../", "../")})[""]
    assert "run" not in dict(root.commands)


def test_a_parent_is_found_by_its_name_where_its_path_is_another():
    child = "<parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version><relativePath/></parent><artifactId>c</artifactId>"
    parent = "<groupId>g</groupId><artifactId>p</artifactId><version>1</version><properties><java.version>11</java.version></properties>"
    found = together(a__child=child, b__parent=parent, root="<artifactId>other</artifactId>")
    assert found["a/child"].minimum == "11"


def test_a_parent_from_outside_is_a_dependency_with_its_version():
    boot = "<parent>\n<groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.2.0</version></parent><artifactId>app</artifactId>"
    assert together(root=boot)[""].dependencies == (
        Dependency("org.springframework.boot:spring-boot-starter-parent", "3.2.0", 3, "parent"),
    )
    child = (
        "<parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>c</artifactId>"
    )
    assert together(root="<groupId>g</groupId><artifactId>p</artifactId>", c=child)["c"].dependencies == ()


def test_projects_that_are_their_own_parents_or_import_each_other_are_no_danger():
    circle = "<parent><groupId>g</groupId><artifactId>{}</artifactId><version>1</version><relativePath>../{}</relativePath></parent><artifactId>{}</artifactId>"
    found = together(a=circle.format("b", "b", "a"), b=circle.format("a", "a", "b"), c=circle.format("c", "c", "c"))
    assert {build.version for build in found.values()} == {"1"}
    imports = "".join(
        f"<dependency><groupId>g</groupId><artifactId>b{i}</artifactId><version>1</version><scope>import</scope></dependency>"
        for i in range(12)
    )
    bom = (
        "<groupId>g</groupId><artifactId>b{}</artifactId><dependencyManagement><dependencies>"
        + imports
        + "</dependencies></dependencyManagement>"
    )
    assert len(together(**{f"b{i}": bom.format(i) for i in range(12)})) == 12


def test_properties_that_double_each_other_end():
    properties = "<p0>xxxxxxxxxx</p0>" + "".join(f"<p{i}>${{p{i - 1}}}${{p{i - 1}}}</p{i}>" for i in range(1, 60))
    facts = read(project(f"<version>${{p59}}</version><properties>{properties}<a>${{b}}</a><b>${{a}}</b></properties>"))
    assert len(facts.version) <= 500
    assert all(len(option.default) <= 500 for option in facts.options)


ENTITY = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "{}">]><project><artifactId>&a;</artifactId></project>'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ENTITY.format("x"), "pom.xml is not valid XML: it declares an entity, which is not read"),
        ('<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><project>&a;</project>', "pom.xml is not valid XML: it declares an entity"),
        ('<!DOCTYPE p SYSTEM "http://x.org/p.dtd"><project/>', None),
        ("<project><a></project>", "pom.xml is not valid XML: mismatched tag: line 1, column 14."),
        ("<project>" + "<a>" * 200 + "</a>" * 200 + "</project>", "pom.xml is not valid XML: it is nested too deep."),
        ("", "pom.xml is not valid XML: no element found"),
        ("<other/>", None),
    ],
)  # fmt: skip
def test_what_is_no_xml_or_declares_entities_is_a_problem_that_names_the_file(text, problem):
    found = read(text).problem
    assert (found is None) if problem is None else str(found).startswith(problem)


@pytest.mark.parametrize(
    "body",
    [
        "<dependencies><dependency/><dependency><artifactId/></dependency></dependencies><modules><module/></modules>",
        "<parent/><properties/><profiles><profile/></profiles><build><plugins><plugin/></plugins></build>",
        "<artifactId>  a\n b </artifactId><packaging>${x}</packaging>",
    ],
)
def test_empty_elements_are_passed_over(body):
    facts = read(project(body))
    assert (facts.problem, [d for d in facts.dependencies if not d.name]) == (None, [])
