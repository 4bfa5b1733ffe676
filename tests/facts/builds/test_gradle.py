import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "build.gradle") -> BuildFacts:
    return read_build(path, text.encode())


def together(sources: tuple[str, ...] = (), **files: str) -> dict[str, BuildFacts]:
    """Files by name ('__' for '/', '_' for '.'), combined, by path."""
    paths = {key.replace("__", "/").replace("_", "."): text for key, text in files.items()}
    found = combine([read(text, path) for path, text in paths.items()], set(sources))
    return {build.file: build for build in found}


GROOVY = (
    """// a comment with dependencies { implementation 'no:no:1' }
buildscript {
    ext { kotlin_version = '1.9.22' }
    dependencies { classpath "org.jetbrains.kotlin:kotlin-gradle-plugin:$kotlin_version" }
}
plugins {
    id 'java'
    id 'application'
    id "com.github.johnrengelman.shadow" version "8.1.1" apply false
}
apply plugin: 'kotlin'
apply from: "$rootDir/gradle/publish.gradle"

group = 'com.acme'
version '1.4.0'
sourceCompatibility = JavaVersion.VERSION_11
def slf4j = '2.0.9'

application {
    mainClass = 'com.acme.shop.Main'
}

dependencies {
    implementation project(':core')
    implementation 'com.google.guava:guava:32.1.3-jre', "org.slf4j:slf4j-api:${slf4j}"
    api group: 'org.apache.commons', name: 'commons-lang3', version: '3.14.0'
    implementation(platform("org.springframework.boot:spring-boot-dependencies:3.2.0"))
    runtimeOnly('org.postgresql:postgresql:42.7.1') { transitive = false }
    compileOnly files('libs/local.jar')
    annotationProcessor 'org.projectlombok:lombok:1.18.30'
    testImplementation 'org.junit.jupiter:junit-jupiter:5.10.1'
    androidTestImplementation 'androidx.test:runner:1.5.2@aar'
    debugImplementation "a:b:$unknown"
    implementation fileTree(dir: 'libs', include: ['*.jar'])
}

task docs(type: Javadoc, dependsOn: 'classes') {
    description 'Makes the manual. All of it.'
}
tasks.register('smokeTest', Test) {
    description = "Runs quick tests"
    dependsOn docs, tasks.named('assemble')
}
if (project.hasProperty('fast')) {
    test { maxParallelForks = 4 }
}
println """
    + '"""long $text { """'
    + """
"""
)


def test_a_script_in_groovy_is_read():
    facts = read(GROOVY, "shop/build.gradle")
    assert (facts.system, facts.folder, facts.version, facts.standard) == ("gradle", "shop", "1.4.0", "Java 11")
    assert (facts.languages, facts.problem, facts.installs) == (("Java", "Kotlin"), None, True)
    assert facts.dependencies == (
        Dependency("org.jetbrains.kotlin:kotlin-gradle-plugin", "1.9.22", 4, "build"),
        Dependency("com.github.johnrengelman.shadow", "8.1.1", 9, "build"),
        Dependency("com.google.guava:guava", "32.1.3-jre", 25),
        Dependency("org.slf4j:slf4j-api", "2.0.9", 25),
        Dependency("org.apache.commons:commons-lang3", "3.14.0", 26),
        Dependency("org.springframework.boot:spring-boot-dependencies", "3.2.0", 27),
        Dependency("org.postgresql:postgresql", "42.7.1", 28),
        Dependency("org.projectlombok:lombok", "1.18.30", 30, "build"),
        Dependency("org.junit.jupiter:junit-jupiter", "5.10.1", 31, "test"),
        Dependency("androidx.test:runner", "1.5.2", 32, "test"),
        Dependency("a:b", "${unknown}", 33, "debug"),
    )
    assert facts.targets == (
        Target("shop", "executable", 7, (), ("core",), "gradle run", "It starts in com.acme.shop.Main."),
        Target("docs", "custom", 37, (), ("classes",), "gradle docs", "Makes the manual."),
        Target("smokeTest", "test", 40, (), ("docs", "assemble"), "gradle smokeTest", "Runs quick tests"),
    )
    assert facts.options == (Option("fast", "", 44),)
    assert facts.includes == ("gradle/publish.gradle",)
    assert dict(facts.commands) == {
        "build": "gradle build", "test": "gradle test", "run": "gradle run", "install": "gradle installDist",
    }  # fmt: skip


KOTLIN = """import org.gradle.api.tasks.testing.Test

plugins {
    `java-library`
    kotlin("jvm") version "2.0.0"
    id("maven-publish")
    id("io.ktor.plugin").version("2.3.7")
    alias(libs.plugins.ksp) apply false
}

val ktor by extra("2.3.7")
val port = providers.gradleProperty("port").getOrElse("8080")

kotlin { jvmToolchain(17) }

dependencies {
    implementation(project(path = ":core", configuration = "default"))
    api(projects.util.text)
    implementation("io.ktor:ktor-server-core:$ktor") {
        exclude(group = "a", module = "b")
    }
    implementation(kotlin("stdlib", "2.0.0"))
    implementation(libs.okhttp)
    testImplementation(kotlin("test"))
    ksp(libs.room.compiler.get())
    add("integrationImplementation", "x:y:1")
    constraints { implementation("c:d:[1,2)") }
    "quoted"("q:r:3")
}

tasks {
    val dist by registering(Zip::class) { dependsOn("jar", test) }
    register<Exec>("deploy") { description = "Ships it." }
    named<Test>("test") { useJUnitPlatform() }
}
"""


def test_a_script_in_kotlin_is_read():
    facts = read(KOTLIN, "build.gradle.kts")
    assert (facts.standard, facts.languages, facts.problem) == ("Java 17", ("Java", "Kotlin"), None)
    assert [(d.name, d.version, d.line, d.group) for d in facts.dependencies] == [
        ("org.jetbrains.kotlin.jvm", "2.0.0", 5, "build"),
        ("io.ktor.plugin", "2.3.7", 7, "build"),
        ("libs.plugins.ksp", "", 8, "build"),
        ("io.ktor:ktor-server-core", "2.3.7", 19, ""),
        ("org.jetbrains.kotlin:kotlin-stdlib", "2.0.0", 22, ""),
        ("libs.okhttp", "", 23, ""),
        ("org.jetbrains.kotlin:kotlin-test", "", 24, "test"),
        ("libs.room.compiler", "", 25, "build"),
        ("x:y", "1", 26, "integration"),
        ("c:d", "[1,2)", 27, ""),
    ]
    assert [(t.name, t.kind, t.links, t.doc) for t in facts.targets] == [
        ("executable", "executable", ("core", "text"), ""),
        ("dist", "custom", ("jar", "test"), ""),
        ("deploy", "custom", (), "Ships it."),
    ]
    assert facts.options == (Option("port", "", 12),)
    assert dict(facts.commands)["install"] == "gradle publishToMavenLocal"


CATALOGUE = """[versions]
okhttp = "4.12.0"
junit = { strictly = "5.10.1" }

[libraries]
okhttp = { module = "com.squareup.okhttp3:okhttp", version.ref = "okhttp" }
okhttp-logging = { group = "com.squareup.okhttp3", name = "logging-interceptor", version.ref = "okhttp" }
junit_api = { module = "org.junit.jupiter:junit-jupiter-api", version.ref = "junit" }
guava = "com.google.guava:guava:32.1.3-jre"
bom = { module = "io.ktor:ktor-bom" }
broken = 3

[bundles]
http = ["okhttp", "okhttp-logging", "missing"]

[plugins]
ksp = { id = "com.google.devtools.ksp", version = "1.9.22-1.0.17" }
short = "com.acme.short:1.0"
"""


def test_a_version_catalogue_is_read():
    facts = read(CATALOGUE, "gradle/libs.versions.toml")
    assert facts.dependencies == (
        Dependency("com.squareup.okhttp3:okhttp", "4.12.0", 6),
        Dependency("com.squareup.okhttp3:logging-interceptor", "4.12.0", 7),
        Dependency("org.junit.jupiter:junit-jupiter-api", "5.10.1", 8),
        Dependency("com.google.guava:guava", "32.1.3-jre", 9),
        Dependency("io.ktor:ktor-bom", "", 10),
        Dependency("com.google.devtools.ksp", "1.9.22-1.0.17", 17, "build"),
        Dependency("com.acme.short", "1.0", 18, "build"),
    )
    assert str(read("[versions", "a.versions.toml").problem).startswith("a.versions.toml is not valid TOML: ")


def test_a_build_is_put_together_of_its_files():
    found = together(
        settings_gradle_kts='rootProject.name = "shop"\ninclude(":app", ":lib:core")',
        build_gradle_kts='plugins { base }\nextra["junit"] = "5.9"',
        app__build_gradle_kts="plugins {\n application\n alias(libs.plugins.ksp)\n}\ndependencies {\n"
        ' implementation(libs.bundles.http)\n testImplementation(libs.junit.api)\n implementation("a:b:$v")\n}\n'
        'tasks.register("demo") { }',
        lib__core__build_gradle='apply plugin: "java-library"\ndependencies { testImplementation "j:u:$junit"\n'
        'api "n:o:${rootProject.ext.none}" }',
        gradle__libs_versions_toml=CATALOGUE,
        gradle_properties="# Version of b\nv=7\norg.gradle.jvmargs=-Xmx2g",
    )
    root, app, core = found["build.gradle.kts"], found["app/build.gradle.kts"], found["lib/core/build.gradle"]
    assert (root.name, root.subfolders) == ("shop", ())
    assert found["settings.gradle.kts"].subfolders == ("app", "lib/core")
    assert dict(root.commands) == {
        "build": "gradle build", "test": "gradle test", "run": "gradle :app:run", "install": "gradle :app:installDist",
    }  # fmt: skip
    assert app.commands == core.commands == ()
    assert [(d.name, d.version, d.line, d.group) for d in app.dependencies] == [
        ("com.google.devtools.ksp", "1.9.22-1.0.17", 3, "build"),
        ("com.squareup.okhttp3:okhttp", "4.12.0", 6, ""),
        ("com.squareup.okhttp3:logging-interceptor", "4.12.0", 6, ""),
        ("org.junit.jupiter:junit-jupiter-api", "5.10.1", 7, "test"),
        ("a:b", "7", 8, ""),
    ]
    assert [(d.name, d.version) for d in core.dependencies] == [("j:u", "5.9"), ("n:o", "")]
    left = [d.name for d in found["gradle/libs.versions.toml"].dependencies]
    assert left == ["com.google.guava:guava", "io.ktor:ktor-bom", "com.acme.short"]
    assert found["gradle.properties"].options == (Option("v", "7", 2, "Version of b"),)
    assert [(t.name, t.command) for t in app.targets] == [("app", "gradle run"), ("demo", "gradle demo")]


def test_with_a_wrapper_commands_call_it_and_its_version_is_the_builds():
    found = combine(
        [
            read("plugins { id 'application' }\ntask x { }", "p/build.gradle"),
            read("include 'sub'\nrootProject.name = 'P'", "p/settings.gradle"),
            read("apply plugin: 'java'", "p/sub/build.gradle"),
            read(
                "distributionUrl=https\\://services.gradle.org/distributions/gradle-8.5-bin.zip",
                "p/gradle/wrapper/gradle-wrapper.properties",
            ),
        ]
    )
    root = found[0]
    assert (root.minimum, root.name) == ("8.5", "P")
    assert dict(root.commands)["run"] == "./gradlew run"
    assert [(t.name, t.command) for t in root.targets] == [("P", "./gradlew run"), ("x", "./gradlew x")]
    assert found[2].targets[0].command == "../gradlew assemble"
    assert [build.file for build in found] == ["p/build.gradle", "p/settings.gradle", "p/sub/build.gradle"]


def test_projects_may_lie_elsewhere_and_have_files_of_their_own_name():
    found = together(
        settings_gradle="include ':a', ':b'\nproject(':a').projectDir = file('apps/a')\n"
        'project(":b").projectDir = "$rootDir/libs/b" as File',
        apps__a__build_gradle="plugins { id 'application' }",
        libs__b__b_gradle="apply plugin: 'groovy'\ndependencies { implementation project(':a') }",
        buildSrc__build_gradle="apply plugin: 'groovy'",
    )
    assert found["settings.gradle"].subfolders == ("apps/a", "libs/b")
    assert dict(found["settings.gradle"].commands)["run"] == "gradle :a:run"
    assert found["libs/b/b.gradle"].targets == (Target("b", "library", 1, (), ("a",), "gradle assemble"),)
    assert found["buildSrc/build.gradle"].commands == ()


def test_scripts_that_are_applied_give_their_values():
    found = together(
        build_gradle="apply from: 'gradle/deps.gradle'\napply plugin: 'java'\ndependencies { compile libraries.junit, versions.no }",
        gradle__deps_gradle="ext { libraries = [:]\n versions = [junit: '4.13'] }\nlibraries.junit = \"junit:junit:$versions.junit\"\n"
        "task fromThere { }",
    )
    assert [(d.name, d.version) for d in found["build.gradle"].dependencies] == [
        ("junit:junit", "4.13"),
        ("versions.no", ""),
    ]
    assert found["gradle/deps.gradle"].commands == ()


def test_a_catalogue_may_stand_in_the_settings():
    found = together(
        settings_gradle_kts='dependencyResolutionManagement { versionCatalogs { create("deps") {\n'
        'version("k", "1.5")\nlibrary("ok-http", "a:b:1")\nlibrary("x", "c", "d").versionRef("k") } } }',
        build_gradle_kts="plugins { java }\ndependencies { implementation(deps.ok.http) }",
    )
    assert [(d.name, d.version) for d in found["build.gradle.kts"].dependencies] == [("a:b", "1")]


def test_tests_are_told_by_their_folder_where_no_plugin_tells():
    found = together(("src/test/java/T.java",), build_gradle_kts='plugins { id("my-conventions") }')
    assert dict(found["build.gradle.kts"].commands) == {"build": "gradle build", "test": "gradle test"}


def test_source_sets_of_a_multiplatform_project_tell_what_a_dependency_is_for():
    facts = read(
        'plugins { kotlin("multiplatform") }\nkotlin { sourceSets {\n val commonMain by getting { dependencies { implementation("a:b:1") } }\n'
        ' commonTest { dependencies { implementation("c:d:2") } }\n named("jsTest") { dependencies { api("e:f:3") } }\n} }',
        "build.gradle.kts",
    )
    assert [(d.name, d.group) for d in facts.dependencies[1:]] == [("a:b", ""), ("c:d", "test"), ("e:f", "test")]


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }", "Java 21"),
        ("java.toolchain.languageVersion.set(JavaLanguageVersion.of(8))\nsourceCompatibility = 11", "Java 8"),
        ("sourceCompatibility = '1.8'", "Java 8"),
        ("sourceCompatibility JavaVersion.VERSION_1_7", "Java 7"),
        ("tasks.withType(JavaCompile) { options.release.set(11) }", "Java 11"),
        ("def j = '17'\nsourceCompatibility = j", "Java 17"),
        ('kotlinOptions { languageVersion = "1.9"\njvmTarget = "17" }', "Java 17"),
        ("sourceCompatibility = other()", ""),
    ],
)
def test_the_version_of_java(text, standard):
    assert read(text).standard == standard


@pytest.mark.parametrize(
    ("plugins", "commands"),
    [
        ("id 'org.springframework.boot' version '3.2.0'", {"build", "test", "run"}),
        ("id 'com.android.application'", {"build", "test", "install"}),
        ("id 'base'", {"build"}),
        ("id 'java'\nid 'maven-publish'", {"build", "test", "install"}),
    ],
)
def test_plugins_tell_what_can_be_done(plugins, commands):
    assert set(dict(read(f"plugins {{\n{plugins}\n}}").commands)) == commands


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("plugins {\n id 'java'\n", "line 1: '{' is not closed"),
        ("plugins { id 'java' } }", "line 1: '}' closes nothing"),
        ("plugins { id 'java' }\nfoo(]", "line 2: ']' closes nothing"),
        ("plugins { id 'java' }\nx = " + "[" * 200 + "]" * 200, "line 2: it is nested too deep"),
    ],
)
def test_what_is_no_script_is_told_and_the_rest_is_read(text, problem):
    facts = read(text, "x/build.gradle")
    assert facts.problem == f"x/build.gradle is not valid Gradle: {problem}. Mend the file to have its facts."
    assert "test" in dict(facts.commands)


@pytest.mark.parametrize(
    "text",
    ["dependencies", "dependencies { implementation }", "plugins { }", "task", "apply", "apply plugin: x", "include",
     "tasks.register()", "version", "x = ", "= 3", "if (a) b else c", "for (x in y) { z }", "fun f(a: Int): Int = a",
     "@file:Suppress(\"x\")", "x.y.z(1)[2]?.a ?: b", "a -> b", "'", '"', "/regex'/", "class A { int b; }", "ext.x += 1",
     "def (a, b) = [1, 2]", "String s = 'x'", "x = a ? b : c", "x = 'a' + \"b\" + c", "new File('x')", "switch (x) { case 1: y }"],
)  # fmt: skip
def test_other_lines_do_no_harm(text):
    facts = read(f"{text}\nplugins {{ id 'java' }}\n")
    assert "test" in dict(facts.commands)


@pytest.mark.parametrize(
    "path",
    ["build.gradle", "a/build.gradle.kts", "settings.gradle", "gradle/x.gradle", "gradle/libs.versions.toml", "gradle.properties",
     "gradle/wrapper/gradle-wrapper.properties"],
)  # fmt: skip
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".bak")


@pytest.mark.parametrize(
    "text",
    ["{" * 30_000, "a(" * 30_000, "a." * 30_000, "a{b(" * 20_000, "[" * 30_000 + "]" * 30_000, "new " * 30_000, "- " * 30_000,
     '"' + "${" * 30_000, '"${a' * 20_000, "a = b + " * 20_000, "a<" * 30_000, "plugins { id 'x' version " * 5_000, "/*" * 50_000,
     "x = '" + "a$b" * 30_000 + "'", "ext.a = \"$a$a\"\next.a = \"$a$a\"\n" * 2_000, "task a(dependsOn: [" + "b, " * 30_000 + "])",
     "val x by " * 10_000, "a ?: " * 20_000, "if (a) { } else " * 10_000],
    ids=range(19),
)  # fmt: skip
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
