import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "Makefile") -> BuildFacts:
    return read_build(path, text.encode())


def targets(text: str) -> dict[str, Target]:
    return {target.name: target for target in read(text).targets}


C_PROGRAM = """# Makefile of the scanner. Copyright 2020 Somebody, MIT licence.

PREFIX ?= /usr/local  # where things go
# How much is told
V ?= 0
CC ?= gcc
SRC := $(wildcard src/*.c) main.c
OBJ := $(SRC:.c=.o)
LDLIBS = -lz -lm $(shell pkg-config --libs "gtk+-3.0 >= 3.22" cairo)
CFLAGS += -std=c11 -Wall
BIN := scan
SUBDIRS = lib docs

.PHONY: all test install clean $(SUBDIRS)

all: $(BIN) ## Build everything

$(BIN): $(OBJ) libscan.a
\t$(CC) -o $@ $^ $(LDLIBS) -lscan

libscan.a: util.o
\tar rcs $@ $^

%.o: %.c config.h
\t$(CC) -c $<

## test: run the tests of everything
test: all
\t./run-tests

$(SUBDIRS):
\t$(MAKE) -C $@

install: all
\tinstall $(BIN) $(PREFIX)/bin
\tfor d in po man; do \\
\t  $(MAKE) -C $$d install; \\
\tdone

clean:
\trm -f *.o
"""


def test_a_program_in_c_is_read():
    facts = read(C_PROGRAM)
    assert (facts.system, facts.standard, facts.problem, facts.installs) == ("make", "C11", None, True)
    assert facts.targets == (
        Target("all", "custom", 16, (), ("scan",), "make all", "Build everything"),
        Target("scan", "executable", 18, ("src/*.c", "main.c"), ("libscan.a",), "./scan"),
        Target("libscan.a", "library", 21, ("util.c",), (), "make libscan.a"),
        Target("test", "test", 28, (), ("all",), "make test", "run the tests of everything"),
        Target("lib", "custom", 31, (), (), "make lib"),
        Target("docs", "custom", 31, (), (), "make docs"),
        Target("install", "custom", 34, (), ("all",), "make install"),
        Target("clean", "custom", 40, (), (), "make clean"),
    )
    assert facts.options == (
        Option("PREFIX", "/usr/local", 3, "where things go"),
        Option("V", "0", 5, "How much is told"),
        Option("CC", "gcc", 6),
    )
    assert facts.dependencies == (
        Dependency("gtk+-3.0", ">=3.22", 9),
        Dependency("cairo", "", 9),
        Dependency("z", "", 9),
    )
    assert facts.subfolders == ("lib", "docs", "po", "man")
    assert dict(facts.commands) == {
        "build": "make", "test": "make test", "run": "./scan", "install": "make install",
    }  # fmt: skip


SELF_DOCUMENTED = """.DEFAULT_GOAL := help
VERSION = 1.4.0
PROJECT := shop

##@ Development

.PHONY: build
build: ## Compile the server
\tgo build -o bin/server ./cmd/server

# Starts the server.
# On port 8080.
.PHONY: run
run: build
\t./bin/server

.PHONY: check ## Look for mistakes
check:
\tgolangci-lint run

help: ## Show this
\t@grep -h "##" $(MAKEFILE_LIST)
"""


def test_help_texts_are_docs_and_help_is_no_build():
    facts = read(SELF_DOCUMENTED)
    assert [(t.name, t.kind, t.doc) for t in facts.targets] == [
        ("build", "custom", "Compile the server"),
        ("run", "custom", "Starts the server."),
        ("check", "test", "Look for mistakes"),
        ("help", "custom", "Show this"),
    ]
    assert (facts.name, facts.version) == ("shop", "1.4.0")
    assert facts.commands == (("build", "make build"), ("test", "make check"), ("run", "make run"))


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", {}),
        ("CFLAGS = -g\n%.o: %.c\n\tcc $<\n.c.o:\n\tcc $<", {}),
        ("all:\n\tx", {"build": "make"}),
        ("app: a.c\n\tcc -o app a.c", {"build": "make", "run": "./app"}),
        ("install:\n\tpip install .\nlint:\n\truff", {"install": "make install"}),
        ("help:\n\techo\nall: x", {"build": "make all"}),
        ("all: x\ntests:\n\tpytest", {"build": "make", "test": "make tests"}),
        ("first: x\nbuild:\n.DEFAULT_GOAL = clean\nclean:", {"build": "make build"}),
        ("./out/x: x.c\n\tcc $<", {"build": "make"}),
        ("other: x.o\n.DEFAULT_GOAL = all\nall: sub\nsub: app\napp: y.o", {"build": "make", "run": "./app"}),
        ("all: bench\nbench: x.o\ntest_x: y.o", {"build": "make"}),
    ],
)
def test_commands_are_those_that_have_a_target(text, commands):
    assert dict(read(text).commands) == commands


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A = b\n$(A) ${A}x: c", ["b", "bx"]),
        ("B = out\n$(B)/app: c", ["out/app"]),
        ("$(UNKNOWN)/app other: c", ["other"]),
        ("N = x y\n$(addprefix run-,$(N)): z", ["run-x", "run-y"]),
        ("N = a.c b.txt\n$(patsubst %.c,%.html,$(filter %.c,$(N))): z", ["a.html"]),
        ("N = a.c b.c\n$(N:%.c=%.pdf): z", ["a.pdf", "b.pdf"]),
        ("$(foreach n,x y,$(n)-all): z", ["x-all", "y-all"]),
        ("$(subst -,_,a-b): z", ["a_b"]),
        ("$(notdir $(basename src/a.c)) $(addsuffix /,$(sort b a b)): z", ["a", "a/", "b/"]),
        ("a b &: c\nd:: e\nd:: f", ["a", "b", "d"]),
        ("a: ; echo b: c", ["a"]),
        ("a: CFLAGS = -g\nb: c", ["b"]),
        ("define x\nno: y\nendef\na: b", ["a"]),
        ("ifdef X\na: b\nelse ifeq ($(Y),z)\nc: d\nendif", ["a", "c"]),
        ("X = a\nifdef Y\nX = b\nelse\nX = c\nendif\n$(X): z", ["b"]),
        ("X := $(X) a\n$(lastword $(X)): z", ["a"]),
        ("A = $(B)\nB = late\n$(A): z", ["late"]),
        ("A := $(B)\nB = late\nx$(A): z", ["xlate"]),
        ("V = a\nV ?= b\nV += c\n$(V): z", ["a", "c"]),
        ("objs: %.o: %.c\nmain.o: main.c\n.SUFFIXES: .c\na.b: c", ["a.b"]),
        ("a \\\n  b: \\\n  c # d\n\techo \\\n  e: f", ["a", "b"]),
        ("\tifeq (a,b)\n\tx: y\n\tendif", ["x"]),
        ("a: FORCE\n.dep/x: y\n./b: c\nsub/.x: y\n*.z: a", ["a", "./b"]),
        ("C\\:x: y", []),
    ],
)
def test_names_of_targets_are_worked_out(text, names):
    assert list(targets(text)) == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("t: a.o b.o", "executable"),
        ("t: a.c\n\t$(CXX) $(FLAGS) -o $@ $^", "executable"),
        ("t: a.c\n\tgcc a.c -o t", "executable"),
        ("t: a.c\n\tgcc a.c -o other", "custom"),
        ("t: a.go\n\tgo build -o $@ .", "executable"),
        ("t: a.c\n\t$(CC) -c -o $@ $<", "custom"),
        (".PHONY: t\nt: a.o\n\t$(CC) -o $@ $^", "custom"),
        ("t: a.c\n\t$(CC) -shared -o $@ a.c", "library"),
        ("t:\n\techo", "custom"),
    ],
)
def test_programs_are_told_by_their_recipes(text, kind):
    assert targets(text)["t"].kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lib.a", "library"), ("libx.so.1.2", "library"), ("libx.la", "library"), ("test", "test"),
        ("test-unit", "test"), ("unit_tests", "test"), ("check", "test"), ("latest", "custom"), ("contest.txt", "custom"),
        ("check-style", "test"), ("git-check-attr", "custom"),
    ],
)  # fmt: skip
def test_libraries_and_tests_are_told_by_their_names(name, kind):
    assert targets(f"{name}: x\n\ty")[name].kind == kind


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("app: a.o\na.o: a.cpp a.h", ("a.cpp",)),
        ("app: build/a.o\nbuild/%.o: src/%.c", ("src/a.c",)),
        ("SRC = a.cc b.c\napp: $(patsubst %.c,%.o,$(SRC:.cc=.o))\n%.o: %.c\n%.o: %.cc", ("a.cc", "b.c")),
        ("SRC = a.cc\napp: a.o", ("a.cc",)),
        ("app: a.o", ("a.o",)),
        ("OBJ = x.o\n$(OBJ): %.o: %.d/x.c\napp: $(OBJ)", ("x.d/x.c",)),
        ("app: a.c | out\n\tcc -o app a.c", ("a.c",)),
        ("app: FORCE a.c other\n\tcc -o app a.c", ("a.c",)),
    ],
)
def test_sources_are_told_where_a_rule_says_which_make_an_object(text, sources):
    assert targets(text)["app"].sources == sources


@pytest.mark.parametrize(
    ("recipe", "folders"),
    [
        ("$(MAKE) -C src all", ("src",)),
        ("cd ./doc && ${MAKE}", ("doc",)),
        ("@for d in a b; do $(MAKE) -C $$d || exit 1; done", ("a", "b")),
        ("@for d in a; do (cd $${d} && make); done", ("a",)),
        ("$(MAKE) -C .. x; $(MAKE) -C /abs; $(MAKE) -C $(UNKNOWN); $(MAKE) -C .", ()),
        ("cd doc && ls", ()),
        ("tar -C out x", ()),
    ],
)
def test_folders_are_those_that_make_is_called_in(recipe, folders):
    assert read(f"all:\n\t{recipe}").subfolders == folders


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LIBS = -lssl -lcrypto -lpthread", ["ssl", "crypto"]),
        ("P = pkg-config\nX := $(shell $(P) --cflags glib-2.0 2>/dev/null)", ["glib-2.0"]),
        ("X = `pkg-config --exists 'a >= 1' b`", ["a", "b"]),
        ("libown.a: x\nLIBS = -lown -lother", ["other"]),
        ("a:\n\techo -lx -level\n\tls -lrt\n\t$(CC) $^ -lz", ["z"]),
    ],
)
def test_libraries_are_dependencies(text, found):
    assert [dependency.name for dependency in read(text).dependencies] == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n    echo", "line 2: 'echo' is neither a rule nor an assignment"),
        ("a:\nendif", "line 2: endif without a conditional before it"),
        ("ifdef A\na:", "line 1: the conditional is not closed"),
        ("a:\ndefine B\nc", "line 2: define is not closed"),
        ("<<<<<<< HEAD\na:", "line 1: '<<<<<<< HEAD' is neither"),
    ],
)
def test_what_is_no_makefile_is_told_and_the_rest_is_read(text, problem):
    facts = read(text, "sub/Makefile")
    assert str(facts.problem).startswith(f"sub/Makefile is not valid Make: {problem}")
    assert [target.name for target in facts.targets] == ["a"]


@pytest.mark.parametrize(
    "line",
    [
        "$(eval $(call x))", "$(info hello)", "export A B", "unexport C", "vpath %.c src", "@SET_MAKE@", "!IFDEF X",
        ".if X", ".endif", ".include <bsd.prog.mk>", "override A = b", "export A ?= b", "load x.so", "-include x", "X!=ls",
    ],
)  # fmt: skip
def test_other_lines_do_no_harm(line):
    facts = read(f"{line}\na: b")
    assert (facts.problem, [target.name for target in facts.targets]) == (None, ["a"])


@pytest.mark.parametrize(
    "head",
    ["# Makefile.in generated by automake 1.16.5", "# CMAKE generated file: DO NOT EDIT!\n# Generated by \"Unix\"",
     "# This Makefile is generated automatically by qmake"],
)  # fmt: skip
def test_generated_files_say_nothing(head):
    facts = read(f"{head}\nall: x\n\ty")
    assert (facts.targets, facts.commands, facts.problem) == ((), (), None)


def test_a_file_that_another_includes_gives_it_commands():
    facts = combine(
        [
            read("include mk/*.mk\nall: x"),
            read("test: y\n\tz\nrunner: a.o\n", "mk/test.mk"),
            read("all: x", "sub/Makefile"),
            read("install:", "sub/GNUmakefile"),
        ]
    )
    found = {build.file: build for build in facts}
    assert found["Makefile"].includes == ("mk/*.mk",)
    assert dict(found["Makefile"].commands) == {"build": "make", "test": "make test", "run": "./runner"}
    assert found["mk/test.mk"].commands == ()
    assert [t.command for t in found["mk/test.mk"].targets] == ["make -C .. test", "../runner"]
    assert (found["sub/Makefile"].commands, found["sub/GNUmakefile"].commands) == ((), (("install", "make install"),))


def test_a_makefile_that_only_includes_others_builds_what_they_build():
    found = combine([read("-include rules.mk"), read("include Makefile\nprog: a.o\n", "rules.mk")])
    assert dict(found[0].commands) == {"build": "make", "run": "./prog"}


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("Makefile", True),
        ("a/makefile", True),
        ("GNUmakefile", True),
        ("a.mk", True),
        ("Makefile.txt", False),
        ("MAKEFILE", False),
    ],
)
def test_makefiles_are_known_by_name(path, known):
    assert is_build_file(path) is known


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"v{i} = $(v{i + 1})$(v{i + 1})$(v{i + 1})\n" for i in range(60)) + "v60 = x\n$(v0): y",
        "a = $(a)$(a)\n$(a): y",
        "x = " + "$(" * 50_000 + "\n$(x): y",
        "x = " + "$(a" * 20_000 + ")" * 20_000 + "\n$(x): y",
        f"p := {'a' * 40_000}\nw := {'b ' * 20_000}\n$(addprefix $(p),$(w)): y",
        f"w := {'b ' * 20_000}\n" + "$(filter-out $(w),$(w)): y\n" * 200,
        "$(foreach a,1 2 3 4 5 6 7 8 9,$(foreach b,1 2 3 4 5 6 7 8 9,$(foreach c,1 2 3 4 5 6 7 8 9,$(foreach d,1 2 3 4 5 6 7 8 9,"
        "$(foreach e,1 2 3 4 5 6 7 8 9,$(foreach f,1 2 3 4 5 6 7 8 9,$(foreach g,1 2 3 4 5 6 7 8 9,$(a)$(b)))))))): x",
        "a: \\\n" * 20_000,
        "ifdef A\n" * 20_000,
        "a" * 500_000,
        "a:\n" + "\tfor d in a; do make -C $$d; done; \\\n" * 3_000,
        " ".join(f"t{i}" for i in range(20_000)) + ": x",
    ],
    ids=range(12),
)
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
