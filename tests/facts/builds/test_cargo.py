import pytest

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(text: str, path: str = "Cargo.toml") -> BuildFacts:
    return read_build(path, text.encode())


def together(sources: tuple[str, ...] = (), **manifests: str) -> dict[str, BuildFacts]:
    """Combined facts by folder ('__' for '/', 'root' for the top) of manifests, beside `sources`."""
    paths = {
        ("" if key == "root" else key.replace("__", "/") + "/") + "Cargo.toml": text for key, text in manifests.items()
    }
    return {build.folder: build for build in combine([read(paths[path], path) for path in sorted(paths)], sources)}


PACKAGE = """[package]
name = "ferry-tool"
version = "0.4.1"
edition = "2021"
rust-version = "1.74"

[lib]
name = "ferry"
path = "src/ferry.rs"

[[bin]]
name = "ferry"
path = "src/bin/ferry.rs"
required-features = ["cli"]

[[bench]]
name = "throughput"
harness = false

[features]
default = ["std", "cli"]
std = ["alloc"]
alloc = []
cli = ["dep:clap", "std"]
simd = []

[dependencies]
serde = { version = "1.0", features = ["derive"] }
clap = { version = "4", optional = true }
rand = "*"
proto = { package = "prost", git = "https://x.org/prost" }
local = { path = "../local" }

[dependencies.tokio]
version = "1.38"
features = ["rt", "macros"]

[dev-dependencies]
criterion = "0.5"

[build-dependencies]
cc = "1.0"

[target.'cfg(windows)'.dependencies]
winapi = "0.3"
"""


def test_a_package_is_read():
    facts = read(PACKAGE)
    assert (facts.system, facts.name, facts.version, facts.minimum) == ("cargo", "ferry-tool", "0.4.1", "1.74")
    assert (facts.standard, facts.languages, facts.problem) == ("Rust 2021", ("Rust",), None)
    assert facts.targets == (
        Target("ferry", "library", 7, ("src/ferry.rs",)),
        Target("ferry", "executable", 12, ("src/bin/ferry.rs",)),
        Target("throughput", "benchmark", 17, ()),
    )
    assert facts.options == (
        Option("std", "on", 22, "Turns on alloc."),
        Option("alloc", "on", 23),
        Option("cli", "on", 24, "Turns on dep:clap, std."),
        Option("simd", "off", 25),
    )
    assert facts.dependencies == (
        Dependency("serde", "1.0", 28, components=("derive",)),
        Dependency("clap", "4", 29, "optional"),
        Dependency("rand", "", 30),
        Dependency("prost", "https://x.org/prost", 31),
        Dependency("local", "../local", 32),
        Dependency("tokio", "1.38", 34, components=("rt", "macros")),
        Dependency("criterion", "0.5", 39, "dev"),
        Dependency("cc", "1.0", 42, "build"),
        Dependency("winapi", "0.3", 45, "cfg(windows)"),
    )
    assert dict(facts.commands) == {
        "build": "cargo build",
        "test": "cargo test",
        "run": "cargo run",
        "install": "cargo install --path .",
    }


ROOT = """[workspace]
members = ["crates/*", "tools/gen"]
exclude = ["crates/old"]
resolver = "2"

[workspace.package]
version = "2.0.0"
edition = "2024"
rust-version = "1.85"

[workspace.dependencies]
serde = { version = "1.0.200", features = ["derive"] }
anyhow = "1"
"""
MEMBER = """[package]
name = "{name}"
version.workspace = true
edition = {{ workspace = true }}

[dependencies]
serde = {{ workspace = true, features = ["rc"] }}
anyhow.workspace = true
core = {{ path = "../core", version = "2" }}
"""


def workspace(*sources: str) -> dict[str, BuildFacts]:
    return together(
        sources,
        root=ROOT,
        crates__core=MEMBER.format(name="core"),
        crates__app=MEMBER.format(name="app"),
        crates__old='[package]\nname = "old"\nversion = "0.1.0"\n[workspace]\n',
        tools__gen='[package]\nname = "gen"\nversion = "0.9.0"\n[dependencies]\nlog = "0.4"\n',
    )


def test_members_inherit_from_their_workspace():
    found = workspace()
    app = found["crates/app"]
    # What the member does not ask to inherit is not given to it.
    assert (app.name, app.version, app.standard, app.minimum) == ("app", "2.0.0", "Rust 2024", "")
    assert app.dependencies == (
        Dependency("serde", "1.0.200", 7, components=("derive", "rc")),
        Dependency("anyhow", "1", 8),
        Dependency("core", "2", 9),
    )
    assert found["tools/gen"].version == "0.9.0"
    assert found["crates/old"].dependencies == ()


def test_a_workspace_names_the_folders_of_its_members():
    root = workspace()[""]
    assert root.subfolders == ("crates/app", "crates/core", "tools/gen")
    assert dict(root.commands) == {"build": "cargo build", "test": "cargo test"}
    assert [(d.name, d.version, d.line, d.group) for d in root.dependencies] == [
        ("serde", "1.0.200", 12, "managed"), ("anyhow", "1", 13, "managed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "run"),
    [
        (("crates/app/src/main.rs", "crates/core/src/lib.rs"), "cargo run"),
        (("crates/app/src/main.rs", "tools/gen/src/bin/a.rs"), "cargo run -p app"),
        (("crates/core/src/lib.rs",), None),
    ],
)
def test_a_workspace_runs_the_program_of_a_member(sources, run):
    assert dict(workspace(*sources)[""].commands).get("run") == run


def test_targets_are_found_by_where_their_sources_lie():
    found = together(
        (
            "src/lib.rs", "src/main.rs", "src/bin/one.rs", "src/bin/two/main.rs", "src/bin/two/more.rs",
            "examples/show.rs", "tests/all.rs", "tests/common/mod.rs", "benches/fast.rs", "build.rs", "src/util/mod.rs",
            "other/src/main.rs", "examples/app/main.rs",
        ),
        root='[package]\nname = "my-tool"\nversion = "1.0.0"\n',
    )[""]  # fmt: skip
    assert [(t.name, t.kind, t.sources) for t in found.targets] == [
        ("fast", "benchmark", ("benches/fast.rs",)),
        ("app", "example", ("examples/app/main.rs",)),
        ("show", "example", ("examples/show.rs",)),
        ("one", "executable", ("src/bin/one.rs",)),
        ("two", "executable", ("src/bin/two/main.rs",)),
        ("my_tool", "library", ("src/lib.rs",)),
        ("my-tool", "executable", ("src/main.rs",)),
        ("all", "test", ("tests/all.rs",)),
    ]
    assert dict(found.commands)["run"] == "cargo run --bin one"


def test_targets_that_the_manifest_states_or_forbids_are_not_found_again():
    sources = ("src/lib.rs", "src/main.rs", "src/bin/x.rs", "tests/t.rs")
    text = '[package]\nname = "a"\nautotests = false\ndefault-run = "a"\n[lib]\nname = "core"\n[[bin]]\nname = "x"\n[[bin]]\nname = "main"\npath = "src/main.rs"\n'
    found = together(sources, root=text)[""]
    assert [(t.name, t.kind) for t in found.targets] == [
        ("core", "library"),
        ("x", "executable"),
        ("main", "executable"),
    ]
    assert dict(found.commands)["run"] == "cargo run"
    assert together(sources, root='[package]\nname = "a"\nautobins = false\nautolib = false')[""].targets == (
        Target("t", "test", 0, ("tests/t.rs",)),
    )


def test_a_package_that_is_the_root_of_a_workspace_builds_all_of_it():
    found = together(root='[package]\nname = "top"\n[workspace]\nmembers = ["sub"]', sub='[package]\nname = "sub"\n')
    assert dict(found[""].commands) == {"build": "cargo build --workspace", "test": "cargo test --workspace"}
    assert dict(found["sub"].commands)["build"] == "cargo build"


@pytest.mark.parametrize(
    "text",
    [
        '[package]\nname = 1\nversion = []\nedition = {x = 1}\nrust-version = true',
        'package = "x"\nworkspace = 1\nfeatures = []\ndependencies = 3\nbin = 4\nlib = "x"',
        "[workspace]\nmembers = 1\nexclude = {}\npackage = 3\ndependencies = []",
        "bin = [1, {name = 2}, {}]\n[features]\na = 1\ndefault = {}\n[target]\nx = 1",
        "[dependencies]\na = 1\nb = {version = 2, features = 3}\nc = []",
        "[features]\ndefault = ['a']\na = ['b']\nb = ['a', 'default']",
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_and_circles_are_no_danger(text):
    assert read(text).problem is None
    assert combine([read(text)])


def test_what_is_no_toml_is_a_problem_that_names_the_file():
    assert str(read("[package\n", "a/Cargo.toml").problem).startswith("a/Cargo.toml is not valid TOML: ")


def test_a_file_that_is_neither_package_nor_workspace_has_no_commands():
    assert read("[profile.release]\nlto = true\n").commands == ()
