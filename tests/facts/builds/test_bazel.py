import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "BUILD") -> BuildFacts:
    return read_build(path, text.encode())


def targets(text: str) -> dict[str, Target]:
    return {target.name: target for target in read(text).targets}


MODULE = """\"\"\"The shop.\"\"\"
module(
    name = "shop",
    version = "1.2",
    compatibility_level = 1,
)

bazel_dep(name = "rules_cc", version = "0.0.9")
bazel_dep(name = "googletest", version = "1.14.0", dev_dependency = True)
bazel_dep(name = "mine")
local_path_override(module_name = "mine", path = "../mine")

maven = use_extension("@rules_jvm_external//:extensions.bzl", "maven")
maven.install(artifacts = ["com.google.guava:guava:32.1.3-jre", "junit:junit"])
maven.artifact(group = "a", artifact = "b", version = "1")
use_repo(maven, "maven")
"""


def test_a_module_is_read():
    facts = read(MODULE, "MODULE.bazel")
    assert (facts.system, facts.name, facts.version, facts.problem) == ("bazel", "shop", "1.2", None)
    assert facts.dependencies == (
        Dependency("rules_cc", "0.0.9", 8),
        Dependency("googletest", "1.14.0", 9, "dev"),
        Dependency("mine", "../mine", 10),
        Dependency("com.google.guava:guava", "32.1.3-jre", 14),
        Dependency("junit:junit", "", 14),
        Dependency("a:b", "1", 15),
    )
    assert facts.commands == (("build", "bazel build //..."), ("test", "bazel test //..."))


WORKSPACE = """workspace(name = "com_acme_shop")
load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")
V = "3.21.12"
http_archive(
    name = "com_google_protobuf",
    strip_prefix = "protobuf-" + V,
    urls = ["https://x.org/protobuf/archive/v%s.tar.gz" % V],
)
http_archive(name = "rules_go", url = "https://x.org/rules_go-v0.39.1.zip")
git_repository(name = "abseil", commit = "0123456789abcdef", remote = "x")
git_repository(name = "tagged", tag = "v2", remote = "x")
go_repository(name = "com_github_x", importpath = "github.com/x", version = "v1.0.0")
maven_install(artifacts = ["a:b:2"])
"""


def test_a_workspace_is_read():
    facts = read(WORKSPACE, "WORKSPACE")
    assert facts.name == "com_acme_shop"
    assert [(d.name, d.version, d.line) for d in facts.dependencies] == [
        ("com_google_protobuf", "3.21.12", 4),
        ("rules_go", "0.39.1", 9),
        ("abseil", "0123456789ab", 10),
        ("tagged", "v2", 11),
        ("com_github_x", "v1.0.0", 12),
        ("a:b", "2", 13),
    ]


PACKAGE = """load("@rules_cc//cc:defs.bzl", "cc_library")
load("@bazel_skylib//rules:common_settings.bzl", "bool_flag")

package(default_visibility = ["//visibility:public"])
licenses(["notice"])
COPTS = ["-Wall"]
HDRS = glob(["include/**/*.h"], exclude = ["x"])

cc_library(
    name = "core",
    srcs = ["a.cc", "b.cc"] + select({"//c:linux": ["linux.cc"], "//conditions:default": ["other.cc"]}),
    hdrs = HDRS,
    deps = [":util", "@abseil//absl/strings", "//lib:x"],
)

# The shop itself.
# More of it.
cc_binary(name = "app", srcs = ["main.cc"], deps = [":core"])
[cc_test(name = "%s_test" % n, srcs = [n + "_test.cc"], deps = [":core"]) for n in ["one", "two"]]
genrule(name = "gen", srcs = ["t"], outs = ["o"], cmd = "x")  # not for all
test_suite(name = "all", tests = [":one_test"])
bool_flag(name = "fast", build_setting_default = False)
config_setting(name = "linux")
my.macro_library(name = "made")
"""


def test_a_package_is_read():
    facts = read(PACKAGE, "src/app/BUILD.bazel")
    assert (facts.system, facts.folder, facts.commands, facts.problem) == ("bazel", "src/app", (), None)
    assert facts.targets == (
        Target("core", "library", 9, ("a.cc", "b.cc", "linux.cc", "other.cc", "include/**/*.h"),
               ("util", "@abseil//absl/strings", "//lib:x"), "bazel build //src/app:core"),
        Target("app", "executable", 18, ("main.cc",), ("core",), "bazel run //src/app", "The shop itself."),
        Target("one_test", "test", 19, ("one_test.cc",), ("core",), "bazel test //src/app:one_test"),
        Target("two_test", "test", 19, ("two_test.cc",), ("core",), "bazel test //src/app:two_test"),
        Target("gen", "custom", 20, ("t",), (), "bazel build //src/app:gen"),
        Target("all", "test", 21, (), ("one_test",), "bazel test //src/app:all"),
        Target("made", "library", 24, (), (), "bazel build //src/app:made"),
    )  # fmt: skip
    assert facts.options == (Option("--//src/app:fast", "False", 22),)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('N = "a"\nx_library(name = N + "b")', ["ab"]),
        ('x_library(name = "{}-{k}".format("a", k = "b"))', ["a-b"]),
        ('D = {"k": ["x", "y"]}\nx_library(name = D["k"][1])\nx_library(name = D.get("k")[0])', ["y", "x"]),
        ('[x_library(name = k + v) for k, v in {"a": "1"}.items()]', ["a1"]),
        ('[[x_library(name = a + b) for b in ["1", "2"]] for a in ["x"] if a]', ["x1", "x2"]),
        ('L = ["a"]\nL += ["b"]\n[x_library(name = n) for n in L]', ["a", "b"]),
        ('x_library(name = "_".join(["a", "b"]).upper().replace("_", "-"))', ["A-B"]),
        ('x_library(**{"name": "splat"})', ["splat"]),
        ('x_library(name = "a" "b")\nx_library(name = ("c"))\nx_library(name = r"d\\e")\nx_library(name = "f\\\\g")', ["ab", "c", "d\\e", "f\\g"]),
        ('x_library(name = "a" if True else "b")', ["a"]),
        ('x_library(name = unknown)\nx_library(name = f())\nx_library(name = "%s" % x)\nx_library("positional")', []),
        ('x_library(name = "a")\ny_library(name = "a")', ["a"]),
    ],
)  # fmt: skip
def test_names_of_targets_are_worked_out(text, names):
    assert list(targets(text)) == names


@pytest.mark.parametrize(
    ("rule", "kind"),
    [("go_binary", "executable"), ("oci_image", "executable"), ("py_test", "test"), ("java_proto_library", "library"),
     ("filegroup", "custom"), ("swift_library", "library"), ("alias", "custom")],
)  # fmt: skip
def test_rules_tell_the_kind(rule, kind):
    assert targets(f'{rule}(name = "x")')["x"].kind == kind


def test_a_workspace_learns_from_its_packages():
    found = combine(
        [
            read('module(name = "app")', "p/MODULE.bazel"),
            read('workspace(name = "old")', "p/WORKSPACE"),
            read("7.1.0\n", "p/.bazelversion"),
            read('cc_binary(name = "tool")\ncc_binary(name = "app")', "p/src/BUILD"),
            read('cc_test(name = "t")\nbool_flag(name = "f")', "p/BUILD"),
            read('cc_library(name = "inner")', "p/sub/lib/BUILD"),
            read("", "p/sub/WORKSPACE"),
            read('cc_library(name = "outside")', "other/BUILD"),
        ]
    )
    files = {build.file: build for build in found}
    assert dict(files["p/MODULE.bazel"].commands) == {
        "build": "bazel build //...", "test": "bazel test //...", "run": "bazel run //src:app",
    }  # fmt: skip
    assert files["p/MODULE.bazel"].minimum == "7.1.0"
    assert files["p/WORKSPACE"].commands == ()
    assert files["p/sub/WORKSPACE"].commands == (("build", "bazel build //..."),)
    assert "p/.bazelversion" not in files
    assert [t.command for t in files["p/BUILD"].targets] == ["bazel test //:t"]
    assert [o.name for o in files["p/BUILD"].options] == ["--//:f"]
    assert [t.command for t in files["p/sub/lib/BUILD"].targets] == ["bazel build //lib:inner"]


def test_settings_are_configurations():
    facts = read(
        "# Finds misuse of memory\nbuild:asan --copt -fsanitize=address\nbuild:asan -c dbg\n\ntest --x\nrun:ci --y\n",
        ".bazelrc",
    )
    assert facts.options == (Option("--config=asan", "", 2, "Finds misuse of memory"), Option("--config=ci", "", 6))


@pytest.mark.parametrize(
    ("text", "version"), [("7.1.0", "7.1.0"), ("", ""), ("latest", ""), ("bazelbuild/6.4.0\n", "6.4.0"), ("\xff", "")]
)
def test_the_version_of_bazel(text, version):
    assert read(text, ".bazelversion").minimum == version


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('cc_library(name = "a")\nx = (', 2),
        ('cc_library(name = "a")\n\n???', 3),
        ("<<<<<<< HEAD\ncc_library(name = 'a')", 1),
    ],
)
def test_what_is_no_starlark_is_told_and_the_rest_is_read(text, line):
    facts = read(text, "x/BUILD")
    assert (
        facts.problem == f"x/BUILD is not valid Starlark: line {line} cannot be read. Mend the file to have its facts."
    )
    assert [target.name for target in facts.targets] == ["a"]


@pytest.mark.parametrize(
    "path", ["BUILD", "a/BUILD.bazel", "WORKSPACE", "WORKSPACE.bazel", "MODULE.bazel", ".bazelrc", ".bazelversion"]
)
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".txt")
    assert not is_build_file("MODULE")


@pytest.mark.parametrize(
    "text",
    ["x(" * 20_000, "[" * 20_000 + "]" * 20_000, "a = [1]\n" + "a = a + a\n" * 60, "a = ['b']\n" + "a = [a, a]\n" * 60 + "x_library(name = 'y', srcs = a)",
     "L = [" + "'a'," * 2_000 + "]\n[[[x_library(name = a) for a in L] for b in L] for c in L]", "a = 'x' % b\n" * 5_000,
     "a = 'x'\n" + "a = '{}{}'.format(a, a)\na = a.replace('x', a)\n" * 60, "-" * 30_000, "a = " + "b + " * 20_000 + "c", "a." * 20_000,
     "not " * 20_000, '"' * 40_000],
    ids=range(12),
)  # fmt: skip
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
