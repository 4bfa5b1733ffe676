import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.builds.autotools.m4 import MAX_DEPTH, Script
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target

CONFIGURE = """dnl AC_INIT([not this], [0])
# nor AC_INIT([this], [0])
AC_PREREQ([2.69])
m4_define([viewer_major], [3])
m4_define([viewer_version], [viewer_major.14])
AC_INIT([Image Viewer], [viewer_version], [bugs@example.org])
AC_CONFIG_SRCDIR([src/main.c])
AM_INIT_AUTOMAKE([1.15 foreign subdir-objects])
AC_PROG_CC
AC_PROG_CXX
AX_CXX_COMPILE_STDCXX([17], [noext], [mandatory])
LT_INIT

GTK_REQUIRED=3.22
PKG_CHECK_MODULES([GTK], [gtk+-3.0 >= $GTK_REQUIRED cairo])

AC_ARG_ENABLE([svg],
  [AS_HELP_STRING([--disable-svg],
                  [leave out SVG @<:@default=no@:>@])],
  [], [enable_svg=yes])
AC_ARG_WITH(png, [  --with-png=DIR   where libpng is], , with_png=check)
AC_ARG_ENABLE([fast-math], AS_HELP_STRING([--enable-fast-math], [be fast]))
AC_ARG_VAR([SPELLER], [the spell checker])
AS_IF([test "x$with_png" != xno],
  [AC_CHECK_LIB([png], [png_read_info], [],
     [AC_MSG_ERROR([no libpng (sorry])])
   AC_SEARCH_LIBS([floor], [m])
   PKG_CHECK_MODULES(TIFF,
     [libtiff-4])])

AC_CONFIG_FILES([Makefile src/Makefile
  tests/Makefile:tests/Makefile.tmpl
  doc/Doxyfile])
AC_CONFIG_SUBDIRS([vendor/zlib])
AC_OUTPUT
"""


def read(text: str, path: str = "configure.ac") -> BuildFacts:
    return read_build(path, text.encode())


def test_a_configure_script_is_read():
    facts = read(CONFIGURE)
    assert (facts.system, facts.name, facts.version, facts.minimum) == ("autotools", "Image Viewer", "3.14", "2.69")
    assert (facts.standard, facts.languages, facts.problem) == ("C++17", ("C", "CXX"), None)
    assert facts.options == (
        Option("--disable-svg", "yes", 17, "leave out SVG default=no"),
        Option("--with-png", "check", 21, "where libpng is"),
        Option("--enable-fast-math", "", 22, "be fast"),
        Option("SPELLER", "", 23, "the spell checker"),
    )
    assert facts.dependencies == (
        Dependency("automake", ">=1.15", 8, "build"),
        Dependency("gtk+-3.0", ">=3.22", 15),
        Dependency("cairo", "", 15),
        Dependency("png", "", 25),
        Dependency("libtiff-4", "", 28),
    )
    assert facts.subfolders == ("src", "tests", "vendor/zlib")
    assert dict(facts.commands) == {
        "configure": "autoreconf --install && ./configure",
        "build": "make",
        "install": "make install",
    }


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("AC_INIT(tool, 1.0)", "tool", "1.0"),
        ("AC_INIT([tool],[m4_esyscmd_s([git describe])])", "tool", ""),
        ("AC_INIT([tool],[tool_version()])", "tool", ""),
        ("AC_INIT(src/main.c)\nAM_INIT_AUTOMAKE(tool, 0.9)", "tool", "0.9"),
        ("AC_INIT(\n  [GNU [x]tool],\n  [2])", "GNU xtool", "2"),
        ("AC_INIT", "", ""),
        ("m4_define(v, [m4_esyscmd(x)])AC_INIT([a], v)", "a", ""),
        ("m4_define([a], [b])m4_define([b], [a])AC_INIT([a], [b])", "b", "b"),
    ],
)
def test_name_and_version(text, name, version):
    facts = read(text)
    assert (facts.name, facts.version) == (name, version)


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("AC_ARG_ENABLE(x_y)", ("--enable-x-y", "")),
        ("AC_ARG_WITH([x], [AS_HELP_STRING([--with-x@<:@=ARG@:>@], [use x (default: auto)])])", ("--with-x", "auto")),
        ("AC_ARG_WITH([x], AC_HELP_STRING([--without-x], [no x]))", ("--without-x", "yes")),
        ("AC_ARG_ENABLE([x], [], [], [AC_MSG_NOTICE([a=b])\nenable_x='maybe'])", ("--enable-x", "maybe")),
    ],
)
def test_options_are_named_as_they_are_typed_and_have_a_default_where_it_is_told(text, option):
    found = read(text).options
    assert [(each.name, each.default) for each in found] == [option]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AM_PATH_PYTHON([3.6])", [("python", ">=3.6", "")]),
        ("AX_BOOST_BASE([1.70])", [("boost", ">=1.70", "")]),
        ("LT_PREREQ([2.4.2])\nAM_GNU_GETTEXT_VERSION([0.19.8])", [("libtool", ">=2.4.2", "build"), ("gettext", ">=0.19.8", "build")]),
        ("AC_SEARCH_LIBS([tgetent], [ncurses curses])", [("ncurses", "", "")]),
        ("AC_CHECK_LIB($lib, f)\nAC_CHECK_LIB(pthread, f)\nAC_SEARCH_LIBS", []),
        ("PKG_CHECK_MODULES([A], [$DEPS a-$V ${X} b])", [("b", "", "")]),
        ("PKG_CHECK_MODULES([A], [a])\nPKG_CHECK_MODULES([B], [a > 2])", [("a", ">2", "")]),
    ],
)  # fmt: skip
def test_dependencies(text, found):
    assert [(each.name, each.version, each.group) for each in read(text).dependencies] == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("AC_INIT([a],[1])\nAC_OUTPUT(Makefile", "line 2: the parenthesis of AC_OUTPUT is not closed"),
        ("AC_INIT([a],[1])\n\nAC_X([a", "line 3: the parenthesis of AC_X is not closed"),
    ],
)
def test_what_is_not_closed_is_told(text, problem):
    facts = read(text, "x/configure.ac")
    assert facts.problem == f"x/configure.ac is not valid Autoconf: {problem}. Mend the file to have its facts."
    assert facts.name == "a"


def test_a_file_without_a_project_has_no_commands():
    assert read("AC_PROG_CC").commands == ()


def test_macros_have_their_lines_however_deep_they_are():
    text = "AS_IF([x],\n [AS_IF([y],\n\n  [AC_A([1],\n[2])\n AC_B])])"
    assert [(macro.name, macro.line) for macro in Script(text).macros] == [
        ("AS_IF", 1),
        ("AS_IF", 2),
        ("AC_A", 4),
        ("AC_B", 6),
    ]


MAKEFILE = """SUBDIRS = . lib
bin_PROGRAMS = viewer thumb$(EXEEXT)
noinst_LTLIBRARIES = libcore.la
dist_bin_SCRIPTS = helper.sh
check_PROGRAMS = unit \\
  slow
TESTS = $(check_PROGRAMS) run.sh
if SVG
bin_PROGRAMS += svgview
endif
SOURCES = main.c
viewer_SOURCES = $(SOURCES) ui.c
viewer_LDADD = libcore.la $(GTK_LIBS) -lz -lm ../other/libo.a
LDADD = libcore.la
libcore_la_SOURCES = core.c core.h
libcore_la_LIBADD = -lpng
EXTRA_PROGRAMS = other

# Makes the manual.
manual.html: manual.txt
\tasciidoc $<

install-data-hook:
\tldconfig
"""


def test_a_makefile_of_automake_is_read():
    facts = read(MAKEFILE, "src/Makefile.am")
    assert (facts.system, facts.folder, facts.commands, facts.installs) == ("autotools", "src", (), True)
    assert facts.targets == (
        Target("viewer", "executable", 2, ("main.c", "ui.c"), ("libcore.la", "z", "libo.a"), "./viewer"),
        Target("thumb", "executable", 2, ("thumb.c",), ("libcore.la",), "./thumb"),
        Target("libcore.la", "library", 3, ("core.c", "core.h"), ("png",), "make libcore.la"),
        Target("helper.sh", "script", 4, (), (), "./helper.sh"),
        Target("unit", "test", 5, ("unit.c",), ("libcore.la",), "make check TESTS=unit"),
        Target("slow", "test", 5, ("slow.c",), ("libcore.la",), "make check TESTS=slow"),
        Target("run.sh", "test", 7, (), (), "make check TESTS=run.sh"),
        Target("svgview", "executable", 9, ("svgview.c",), ("libcore.la",), "./svgview"),
        Target("manual.html", "custom", 20, ("manual.txt",), (), "make manual.html", "Makes the manual."),
    )
    assert facts.subfolders == ("lib",)


def test_a_project_learns_from_its_makefiles_how_it_is_tested_and_run():
    found = combine(
        [
            read("AC_INIT([a],[1])\nAM_INIT_AUTOMAKE\nAC_CONFIG_FILES([Makefile src/Makefile])", "p/configure.ac"),
            read("SUBDIRS = src tests", "p/Makefile.am"),
            read("bin_PROGRAMS = viewer", "p/src/Makefile.am"),
            read("TESTS = t.sh\nSUBDIRS = .. .", "p/tests/Makefile.am"),
        ]
    )
    assert dict(found[0].commands) == {
        "configure": "autoreconf --install && ./configure",
        "build": "make",
        "test": "make check",
        "run": "./src/viewer",
        "install": "make install",
    }


def test_without_automake_the_template_of_the_makefile_tells():
    found = combine(
        [
            read("AC_INIT([a],[1])\nAC_CONFIG_FILES([Makefile])"),
            read("@SET_MAKE@\nall: x\nx: x.o\n\t$(CC) -o $@ x.o\ncheck: x\ninstall: x\n\tcp x @bindir@", "Makefile.in"),
            read("x: y", "GNUmakefile"),
        ]
    )
    assert dict(found[0].commands) == {
        "configure": "autoreconf --install && ./configure",
        "build": "make",
        "test": "make check",
        "run": "./x",
        "install": "make install",
    }
    assert found[0].installs
    assert found[1].commands == ()


def test_templates_that_automake_wrote_say_nothing():
    assert read("# Makefile.in generated by automake 1.16\nall: x", "Makefile.in").targets == ()


@pytest.mark.parametrize("path", ["configure.ac", "a/configure.in", "Makefile.am", "Makefile.in", "GNUmakefile.in"])
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".orig")


@pytest.mark.parametrize(
    "text",
    ["AC_X(" * 20_000, "[" * 200_000, "AC_X([" * 20_000 + "])" * 20_000, "AC_A(b)" * 20_000, "AC_ARG_WITH(a,[" * 10_000,
     "AC_X(,,,," * 20_000, "a_" * 60_000, "PKG_CHECK_MODULES(a, [" + "a " * 60_000 + "])", "A_B " * 30_000,
     "m4_define([a], [" + "a " * 100_000 + "])AC_INIT([a],[a])", "AC_ARG_ENABLE([x], [default " + "default" * 50_000 + "])"],
    ids=range(11),
)  # fmt: skip
def test_hostile_files_take_no_time_to_speak_of(text):
    assert MAX_DEPTH < 50
    read(text)


def test_large_files_are_not_read():
    assert "more than the 500000 that are read" in str(read("#" * 500_001).problem)
