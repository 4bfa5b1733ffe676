"""Whatever bytes a build file holds, its reader gives facts that can be kept, or a problem that names the file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.model import BuildFacts

RUBY = [
    "gem ", "group ", ":a", "'b'", "'~> 1'", ",", " do\n", "end\n", "{ ", "}", "\n", "desc ", "task ", "=>", "a: ", "namespace ",
    "Gem::Specification.new ", "|s| ", "s.name = ", "s.add_dependency ", "if x\n", "[", "]", "%w[a b]", ".each ", "#{x}", "#",
    '"', "'", "pod ", "target ", "x = ", "Rake::TestTask.new",
]  # fmt: skip
PIECES = {
    "Gemfile": RUBY,
    "a.gemspec": RUBY,
    "Rakefile": RUBY,
    "Podfile": RUBY,
    "Makefile": [
        "a", ":", "=", ":=", "?=", "+=", "\t", "\n", " ", "$(", "${", ")", "}", "$", "$$", "#", "##", "\\\n", ";", "%", ".o",
        "ifdef ", "else", "endif", "define ", "endef", "include ", "foreach ", "patsubst ", ",", ".PHONY", "-C", "for d in",
        "$(MAKE)", "-lz", "pkg-config ", "-o $@", "|", "&:",
    ],
    "configure.ac": [
        "AC_INIT", "AC_ARG_ENABLE", "PKG_CHECK_MODULES", "AS_HELP_STRING", "m4_define", "AC_CONFIG_FILES", "AC_CHECK_LIB", "(",
        ")", "[", "]", ",", "\n", " ", "dnl", "#", "a", "1.2", ">=", "--with-x", "default=", "@<:@", "Makefile",
        "AM_INIT_AUTOMAKE", "AC_PREREQ", "$", "x=y\n",
    ],
    "Makefile.am": [
        "bin_PROGRAMS", "TESTS", "check_PROGRAMS", "lib_LTLIBRARIES", "a_SOURCES", "_LDADD", "=", "+=", "$(", ")", " ", "\n",
        "a", "lib", ".la", "if X", "else", "endif", "SUBDIRS", ":", "\t", "\\\n", "$(EXEEXT)", "@x@", "-lz",
    ],
    "meson.build": [
        "project", "executable", "library", "test", "custom_target", "dependency", "subdir", "files", "(", ")", "[", "]", "{",
        "}", ",", ":", "=", "+=", "'a'", "'", "\n", " ", "if ", "elif ", "else", "endif", "foreach ", "endforeach", "x", ".",
        "version", "+", "/", "?", "not ", "in ", "'''", "f'", "@x@", "1", "#", "format", "link_with",
    ],
    "meson_options.txt": ["option", "(", ")", "'a'", "type", ":", "'combo'", "choices", "[", "]", ",", "value", "\n", "true", "1"],
    "go.mod": [
        "module ", "go ", "require ", "replace ", "tool ", "(", ")", "=>", "//", " indirect", "\n", " ", "a", "b/c", "v1.2.3", "1.21",
        '"', "`",
    ],
    "go.work": ["go ", "use ", "(", ")", "./a", ".", "..", "\n", " ", "1.21", "//", '"'],
    "build.gradle.kts": [
        "plugins", "dependencies", "implementation", "testImplementation", "id", "kotlin", "project", "libs.a", "(", ")", "{", "}",
        "[", "]", "'a:b:1'", '"a:b:$c"', "tasks.register", "task ", "val ", "def ", "x", "=", "by ", "version ", ",", ":", "\n", " ",
        ".", "+", "//", "/*", "*/", '"', "'", "extra", "apply ", "plugin", "if ", "else ", "<T>", "->",
    ],
    "gradle/libs.versions.toml": [
        "[versions]\n", "[libraries]\n", "[bundles]\n", "[plugins]\n", "a", "=", '"b:c:1"', "{", "}", "module", "version.ref",
        "version", ",", "[", "]", "\n", '"', "id",
    ],
    "gradle.properties": ["a", "=", ":", " ", "\n", "#", "!", "\\", "org.gradle.x", "1"],
    "BUILD": [
        "cc_library", "cc_test", "name", "srcs", "(", ")", "[", "]", "{", "}", "=", ",", '"a"', "x", "\n", " ", "for ", "in ", "if ",
        "glob", "select", "+", "%", ".", ":", "'", '"', "#", "\\", "def ", "bool_flag", "**",
    ],
    "MODULE.bazel": ["module", "bazel_dep", "name", "version", "(", ")", "=", '"a"', ",", "\n", "maven.install", "artifacts", "[", "]"],
    ".bazelrc": ["build", ":a", " --x", "\n", "#", " ", "test"],
    "Dockerfile": [
        "FROM ", "node:20", " AS ", "a", "ARG ", "A=1", "COPY --from=", "EXPOSE ", "80", "CMD ", '["x"]', "RUN ", "\\\n", "\n", " ", "#",
        "<<EOF", "EOF", "$A", "${A:-b}", "LABEL org.opencontainers.image.title=", '"', "'", "0",
    ],
    "CMakePresets.json": [
        "{", "}", "[", "]", ",", ":", '"configurePresets"', '"buildPresets"', '"name"', '"a"', '"inherits"', '"hidden"', "true", "1",
        '"binaryDir"', '"${sourceDir}/b"', " ", "\n",
    ],
    "Package.swift": [
        "Package(", ".target(", ".package(", "name: ", "url: ", '"a"', "from: ", "dependencies: ", "[", "]", ")", ",", "\n", "let x = ",
        ".executable(", "targets: ", "// swift-tools-version:5", "..<",
    ],
    "build.sbt": [
        "name", " := ", '"a"', " += ", " ++= ", "libraryDependencies", "Seq(", ")", " % ", " %% ", "lazy val ", "x", " = ", "project",
        ".settings(", ", ", "\n", "ThisBuild / ", "Test", "addSbtPlugin(", "file(", ".dependsOn(",
    ],
    "justfile": ["a", ":", ":=", " ", "\n", "    ", "#", "[private]", "b", "set ", "alias ", '"x"', "@", "_", "*", "="],
    "Taskfile.yml": ["tasks", ":", "\n", "  ", "a", "deps", "[", "]", "- ", "vars", "desc", "internal", "true", "'", "3", "&x", "*x"],
}  # fmt: skip
"""Pieces out of which almost right files are put together, by path."""

BUILD = TypeAdapter(BuildFacts)


@pytest.mark.parametrize("path", PIECES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_bytes_give_facts_or_a_problem(path, data):
    made = st.lists(st.sampled_from(PIECES[path]), max_size=60).map("".join).map(str.encode)
    source = data.draw(st.one_of(st.binary(max_size=300), made))
    facts = read_build(path, source)
    assert facts.problem is None or facts.problem.startswith(f"{path} is not valid ")
    assert BUILD.validate_json(BUILD.dump_json(facts)) == facts
    last = source.count(b"\n") + source.count(b"\r") + 1
    for item in (*facts.targets, *facts.options, *facts.dependencies):
        assert item.name.strip()
        assert "\n" not in item.name
        assert 1 <= item.line <= last or b"\0" in source
    assert all(command.strip() for _, command in facts.commands)
    assert [build.file for build in combine([facts])] == [path]
