import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.builds.meson import syntax
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target

PROJECT = """# project('not this')
project('viewer', 'c', 'cpp',
  version : '1.2.0',
  meson_version: '>= 0.60.0',
  default_options: ['warning_level=3', 'c_std=gnu11', 'cpp_std=c++17'])

cc = meson.get_compiler('c')
gtk = dependency('gtk4', version: ['>= 4.4', '< 5'])
boost = dependency('boost', modules : ['filesystem', 'system'], required: get_option('boost'))
math = cc.find_library('m', required : false)
jpeg = cc.find_library('jpeg')

core_sources = files('core.c', './src//image.c')
core_sources += 'cache.c'
if host_machine.system() == 'windows'
  core_sources += ['win.c']
else
  core_sources += ['posix.c']
endif
core = static_library('core', core_sources, dependencies: [gtk, math])
core_dep = declare_dependency(link_with: core, dependencies: gtk)

executable(meson.project_name(), 'main.c',
  dependencies: [core_dep, jpeg],
  link_with: core,
  install: true,
)

foreach name, sources : {'load': ['a.c'], 'save': ['b.c', 'c.c']}
  exe = executable('test-@0@'.format(name), sources)
  test(name, exe, args: ['--all'], timeout: 30)
endforeach
test('smoke', find_program('smoke.sh'))
benchmark('speed', exe)

custom_target('docs', input: 'doc.md', output: 'doc.html', command: ['pandoc', '@INPUT@'])
run_target('format', command: ['clang-format'])
subdir('po')
subdir('src' / 'plugins')
install_data('viewer.desktop')
"""


def read(text: str, path: str = "meson.build") -> BuildFacts:
    return read_build(path, text.encode())


def targets(text: str) -> dict[str, Target]:
    return {target.name: target for target in read(text).targets}


def test_a_project_is_read():
    facts = read(PROJECT)
    assert (facts.system, facts.name, facts.version, facts.minimum) == ("meson", "viewer", "1.2.0", "0.60.0")
    assert (facts.standard, facts.languages, facts.problem) == ("C++17", ("C", "C++"), None)
    assert facts.dependencies == (
        Dependency("gtk4", ">=4.4,<5", 8),
        Dependency("boost", "", 9, components=("filesystem", "system")),
        Dependency("jpeg", "", 11),
    )
    assert facts.targets == (
        Target("core", "library", 20, ("core.c", "src/image.c", "cache.c", "win.c", "posix.c"), ("gtk4", "m"),
               "meson compile -C builddir core"),
        Target("viewer", "executable", 23, ("main.c",), ("core", "gtk4", "jpeg"), "./builddir/viewer"),
        Target("test-load", "executable", 30, ("a.c",), (), "./builddir/test-load"),
        Target("test-save", "executable", 30, ("b.c", "c.c"), (), "./builddir/test-save"),
        Target("load", "test", 31, (), ("test-load",), "meson test -C builddir load"),
        Target("save", "test", 31, (), ("test-save",), "meson test -C builddir save"),
        Target("smoke", "test", 33, (), (), "meson test -C builddir smoke"),
        Target("speed", "benchmark", 34, (), ("test-save",), "meson test --benchmark -C builddir speed"),
        Target("docs", "custom", 36, ("doc.md",), (), "meson compile -C builddir docs"),
        Target("format", "custom", 37, (), (), "meson compile -C builddir format"),
    )  # fmt: skip
    assert facts.subfolders == ("po", "src/plugins")
    assert facts.commands == (
        ("configure", "meson setup builddir"),
        ("build", "meson compile -C builddir"),
        ("test", "meson test -C builddir"),
        ("run", "./builddir/viewer"),
        ("install", "meson install -C builddir"),
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("n = 'a'\nn += 'b'\nexecutable(n, 'x.c')", ["ab"]),
        ("if x\n n = 'a'\nelif y\n n = 'b'\nelse\n n = 'c'\nendif\nexecutable(n, 'x.c')", ["a"]),
        ("p = {'k': ['x', 'y']}\nexecutable(p['k'][1])\nexecutable(p.get('k').get(0))", ["x", "y"]),
        ("foreach p : [['a', 'b'], ['c', 'd']]\nexecutable(p[1])\nendforeach", ["b", "d"]),
        ("v = 'x'\nexecutable(f'a-@v@')\nexecutable(f'a-@unknown@')", ["a-x"]),
        ("executable('_'.join(['a', 'b']))\nexecutable('A b'.underscorify().to_lower())", ["a_b"]),
        ("executable('a,b'.split(',')[1] + '.x'.replace('.', '-'))", ["b-x"]),
        ("executable(get_option('name'))\nexecutable(unknown)\nexecutable()", []),
        ("set_variable('a', 'n')\nexecutable(get_variable('a'))\nexecutable(get_variable('no', 'm'))", ["n", "m"]),
        ("executable(cond ? 'a' : 'b')", ["a"]),
        ("executable('''long\nname''')\nexecutable('it\\'s')", ["long name", "it's"]),
        ("foreach i : unknown\nexecutable(i)\nexecutable('b')\ncontinue\nendforeach", ["b"]),
        ("x = 1 + 2 * 3\ny = not (x in [1]) and x not in [2] or -x < 3\nexecutable('a')", ["a"]),
        ("a = true or\n  false\nexecutable('b')", ["b"]),
        ("x = [\n 'a', # comment\n]\nexecutable(\n  x\n)\nexecutable('b', \\\n 'c.c')", ["b"]),
        ("py.extension_module('_native', 'n.c')\njar('tool', 'A.java')", ["_native", "tool"]),
        ("build_target('x', target_type: 'executable')\nboth_libraries('l', 'l.c')", ["x", "l"]),
    ],
)
def test_names_of_targets_are_worked_out(text, names):
    assert sorted(targets(text)) == sorted(names)


def test_a_program_that_is_a_test_of_the_same_name_is_a_test():
    found = targets("e = executable('unit', 'u.c')\ntest('unit', e)")
    assert found["unit"] == Target("unit", "test", 1, ("u.c",), (), "meson test -C builddir unit")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dependency('a', 'b', version: '>=1')", [("a", ">=1")]),
        ("dependency('a', required: false)\nx = dependency('a', version: '>2')", [("a", ">2")]),
        ("dependency('')\ndependency(x)\ndependency()", []),
        ("subproject('zlib', version: '>=1.2')", [("zlib", ">=1.2")]),
        ("c.find_library('dl')\nc.find_library('z')", [("z", "")]),
    ],
)
def test_dependencies(text, found):
    assert [(each.name, each.version) for each in read(text).dependencies] == found


@pytest.mark.parametrize(
    ("options", "standard"),
    [("'c_std=c99'", "C99"), ("'cpp_std=vc++17,c++20'", "C++20"), ("['cpp_std=gnu++2a', 'c_std=c11']", "C++2A"),
     ("{'c_std': 'c11'}", ""), ("'warning_level=1'", "")],
)  # fmt: skip
def test_the_standard_is_an_option_of_the_project(options, standard):
    assert read(f"project('a', default_options: {options})").standard == standard


def test_a_file_without_a_project_is_a_part():
    assert read("executable('a', 'a.c')").commands == ()


def test_switches_are_read():
    facts = read(
        "option('gui', type : 'boolean', value : false, description : 'Build the\\n window')\n"
        "option('backend', type: 'combo', choices: ['x11', 'wayland'], description: 'Where to draw')\n"
        "option('docs', type: 'feature')\noption('on', type: 'boolean')\n"
        "option('plugins', type: 'array', value: ['png', 'jpeg'])\n"
        "option('jobs', type: 'integer', min: 1, value: 4, yield: true)\noption(name)\noption('prefix', type: 'string')\n",
        "meson_options.txt",
    )
    assert facts.options == (
        Option("gui", "false", 1, "Build the window"),
        Option("backend", "x11", 2, "Where to draw (one of x11, wayland)"),
        Option("docs", "auto", 3),
        Option("on", "true", 4),
        Option("plugins", "png,jpeg", 5),
        Option("jobs", "4", 6),
        Option("prefix", "", 8),
    )
    assert (facts.system, facts.commands, facts.problem) == ("meson", (), None)


def test_a_project_learns_from_its_folders():
    found = combine(
        [
            read(
                "project('gallery')\nsubdir('src')\nsubdir('tests')\nsubdir('gone')\nsubdir('vendor')", "p/meson.build"
            ),
            read(
                "executable('gal', 'g.c')\nexecutable('gallery', 'm.c', install: true)\nsubdir('.')",
                "p/src/meson.build",
            ),
            read("test('all', executable('t', 't.c'))", "p/tests/meson.build"),
            read("project('other')", "p/vendor/meson.build"),
        ]
    )
    assert dict(found[0].commands) == {
        "configure": "meson setup builddir",
        "build": "meson compile -C builddir",
        "test": "meson test -C builddir",
        "run": "./builddir/src/gallery",
        "install": "meson install -C builddir",
    }
    assert [target.command for target in found[2].targets] == ["./builddir/tests/t", "meson test -C builddir all"]
    assert found[3].name == "other"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("project('a'\nx", "line 2: ')' is missing"),
        ("project('a')\nendif", "line 2: endif has nothing that it belongs to"),
        ("project('a')\nif x\n", "line 2: the block is not closed"),
        ("x = = 3\nproject('a')", "line 1: '=' is not expected"),
        ("foreach x\nproject('a')", "line 1: ':' is missing"),
        ("project('a') project('b')", "line 1: 'project' is not expected"),
        ("project('a')\nx = 'abc", 'line 2: "\'" is not expected'),
        ("project('a')\nx = " + "[" * 300, "line 2: it is nested too deep"),
        ("project('a')\nx = a" + "[0]" * 300, "line 2: it is too long"),
        ("project('a')\n" + "if x\n" * 100, "line 62: it is nested too deep"),
    ],
)  # fmt: skip
def test_what_is_not_meson_is_told_and_the_rest_is_read(text, problem):
    facts = read(text, "x/meson.build")
    assert facts.problem == f"x/meson.build is not valid Meson: {problem}. Mend the file to have its facts."
    assert facts.name == ("a" if "project('a'\n" not in text else "")


def test_numbers_of_any_form_are_read():
    script = syntax.parse("a = [0x1F, 0b101, 0o17, 007, 99999999999999999999999999999]")
    assert script.problem is None


@pytest.mark.parametrize("path", ["meson.build", "a/meson.build", "meson_options.txt", "meson.options"])
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".in")


@pytest.mark.parametrize(
    "text",
    [
        "a = [[], []]\n" + "a = [a, a]\n" * 60 + "executable('x', a)\n",
        "a = ['x']\n" + "a += a\n" * 60 + "executable('x', a)\n" * 200,
        "a = 'x'\n" + "a += a\n" * 60 + "b = '@0@@0@'.format(a)\nb = b.replace('x', b).join([b, b])\n" * 50,
        "a = ['x']\nforeach i : a\n" * 30 + "a += a\n" + "endforeach\n" * 30,
        "l = ['1','2','3','4','5','6','7','8','9']\n"
        + "foreach i : l\n" * 20
        + "executable(i)\n"
        + "endforeach\n" * 20,
        "x = " + "a + " * 30_000 + "a",
        "x = " + "a ? b : " * 30_000 + "a",
        "x = " + "not " * 30_000 + "a",
        "x = " + "a and b or " * 30_000 + "a",
        "x = 'a" * 30_000,
        "x = '''" * 30_000,
        "d = {'a': 1}\n" + "d = {'a': d, 'b': d}\n" * 100,
        "x = f'" + "@a@" * 30_000 + "'",
    ],
    ids=range(13),
)
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
