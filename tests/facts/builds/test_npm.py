import json

import pytest

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.builds.versions import oldest
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(text: str, path: str = "package.json") -> BuildFacts:
    return read_build(path, text.encode())


def together(files: dict[str, object]) -> dict[str, BuildFacts]:
    """Combined facts by path; a file's content is text, or what its JSON says."""
    texts = {path: content if isinstance(content, str) else json.dumps(content) for path, content in files.items()}
    return {build.file: build for build in combine([read(texts[path], path) for path in sorted(texts)])}


PACKAGE = """{
  "name": "@acme/harbour",
  "version": "3.1.0",
  "type": "module",
  "main": "./dist/index.js",
  "bin": {
    "harbour": "./bin/harbour.js",
    "dock": "bin/dock.mjs"
  },
  "scripts": {
    "build": "tsc -b && vite build",
    "test": "vitest run",
    "test:e2e": "playwright test",
    "dev": "vite",
    "version": "changeset version",
    "lint": "eslint ."
  },
  "engines": { "node": ">=18.17 <23", "npm": ">=9" },
  "dependencies": {
    "react": "^18.2.0",
    "left-pad": "*",
    "tool": "git+https://x.org/tool.git#v2",
    "fsevents": "2.3.3"
  },
  "devDependencies": { "typescript": "~5.4.2", "vitest": "1.6.0" },
  "peerDependencies": { "react-dom": ">=18" },
  "optionalDependencies": { "fsevents": "^2.3.3" },
  "workspaces": ["packages/*", "!packages/old"]
}
"""


def test_a_package_is_read():
    facts = read(PACKAGE, "web/package.json")
    assert (facts.system, facts.folder, facts.name, facts.version) == ("npm", "web", "@acme/harbour", "3.1.0")
    assert (facts.minimum, facts.languages, facts.problem) == ("18.17", ("JavaScript", "TypeScript"), None)
    assert facts.targets == (
        Target("@acme/harbour", "library", 5, ("dist/index.js",)),
        Target("harbour", "executable", 7, ("bin/harbour.js",), command="npx harbour"),
        Target("dock", "executable", 8, ("bin/dock.mjs",), command="npx dock"),
        Target("build", "script", 11, command="npm run build", doc="Runs `tsc -b && vite build`."),
        Target("test", "test", 12, command="npm test", doc="Runs `vitest run`."),
        Target("test:e2e", "test", 13, command="npm run test:e2e", doc="Runs `playwright test`."),
        Target("dev", "script", 14, command="npm run dev", doc="Runs `vite`."),
        Target("version", "script", 15, command="npm run version", doc="Runs `changeset version`."),
        Target("lint", "script", 16, command="npm run lint", doc="Runs `eslint .`."),
    )
    assert facts.dependencies == (
        Dependency("react", "^18.2.0", 20),
        Dependency("left-pad", "", 21),
        Dependency("tool", "git+https://x.org/tool.git#v2", 22),
        Dependency("typescript", "~5.4.2", 25, "dev"),
        Dependency("vitest", "1.6.0", 25, "dev"),
        Dependency("react-dom", ">=18", 26, "peer"),
        Dependency("fsevents", "^2.3.3", 27, "optional"),
    )
    assert facts.subfolders == ("packages/*", "!packages/old")
    assert dict(facts.commands) == {
        "configure": "npm install",
        "build": "npm run build",
        "test": "npm test",
        "run": "npm run dev",
        "install": "npm install",
    }


@pytest.mark.parametrize(
    ("written", "manager", "build", "test", "version"),
    [
        ("yarn@4.1.0", "yarn", "yarn build", "yarn test", "yarn run version"),
        ("pnpm@9.0.0+sha512.abc", "pnpm", "pnpm build", "pnpm test", "pnpm run version"),
        ("bun@1.1", "bun", "bun run build", "bun run test", "bun run version"),
        ("npm@10", "npm", "npm run build", "npm test", "npm run version"),
        ("other@1", "npm", "npm run build", "npm test", "npm run version"),
    ],
)
def test_the_manager_that_a_package_names_gives_its_commands(written, manager, build, test, version):
    text = json.dumps({"packageManager": written, "scripts": {"build": "b", "test": "t", "version": "v"}})
    facts = read(text)
    commands = dict(facts.commands)
    assert (facts.system, commands["build"], commands["test"]) == (manager, build, test)
    assert commands["install"] == f"{manager} install"
    assert [target.command for target in facts.targets] == [build, test, version]


@pytest.mark.parametrize(
    ("lock", "manager"),
    [("package-lock.json", "npm"), ("yarn.lock", "yarn"), ("pnpm-lock.yaml", "pnpm"), ("bun.lock", "bun")],
)
def test_a_lock_file_tells_the_manager_and_is_told_no_further(lock, manager):
    found = together(
        {"a/package.json": {"scripts": {"build": "x"}}, f"a/{lock}": "not even read", "b/package.json": {"name": "b"}}
    )
    assert list(found) == ["a/package.json", "b/package.json"]
    assert found["a/package.json"].system == manager
    assert found["b/package.json"].system == "npm"


WORKSPACE = {
    "package.json": {"name": "root", "private": True, "workspaces": ["packages/*", "apps/**"], "scripts": {"lint": "eslint"}},
    "packages/core/package.json": {"name": "core", "scripts": {"build": "tsc", "test": "vitest"}},
    "apps/web/site/package.json": {"name": "site", "dependencies": {"core": "workspace:^"}, "scripts": {"dev": "vite"}},
    "other/package.json": {"name": "other", "scripts": {"build": "x"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "build", "member"),
    [
        ({"package-lock.json": ""}, "npm run build --workspaces --if-present", "npm run build"),
        ({"yarn.lock": ""}, "yarn workspaces run build", "yarn build"),
        ({"bun.lock": ""}, "bun run --filter '*' build", "bun run build"),
        ({}, "npm run build --workspaces --if-present", "npm run build"),
    ],
)
def test_members_have_the_manager_of_their_workspace(extra, build, member):
    found = together({**WORKSPACE, **extra})
    root = found["package.json"]
    assert root.subfolders == ("apps/web/site", "packages/core")
    assert dict(root.commands)["build"] == build
    assert dict(found["packages/core/package.json"].commands)["build"] == member
    assert found["other/package.json"].system == "npm"
    assert found["apps/web/site/package.json"].dependencies[0].version == "workspace:^"


def test_later_yarns_run_a_script_in_each_package_by_another_command():
    root = {**WORKSPACE["package.json"], "packageManager": "yarn@4.2.1"}
    assert dict(together({**WORKSPACE, "package.json": root})["package.json"].commands)["test"] == (
        "yarn workspaces foreach -A run test"
    )


PNPM = """packages:
  - packages/*
  - '!packages/private-*'
catalog:
  react: ^18.3.1
catalogs:
  next:
    react: ^19.0.0
"""


def test_a_pnpm_workspace_gives_folders_manager_and_versions():
    found = together(
        {
            "package.json": {"name": "root"},
            "pnpm-workspace.yaml": PNPM,
            "packages/a/package.json": {"name": "a", "dependencies": {"react": "catalog:", "odd": "catalog:none"}},
            "packages/b/package.json": {
                "name": "b",
                "dependencies": {"react": "catalog:next"},
                "scripts": {"build": "x"},
            },
            "packages/private-c/package.json": {"name": "c"},
        }
    )
    workspace = found["pnpm-workspace.yaml"]
    assert workspace.subfolders == found["package.json"].subfolders == ("packages/a", "packages/b")
    assert [(d.name, d.version, d.line, d.group) for d in workspace.dependencies] == [
        ("react", "^18.3.1", 5, "managed"), ("react", "^19.0.0", 8, "managed"),
    ]  # fmt: skip
    a, b = found["packages/a/package.json"], found["packages/b/package.json"]
    assert [(d.name, d.version) for d in a.dependencies] == [("react", "^18.3.1"), ("odd", "catalog:none")]
    assert [(d.name, d.version) for d in b.dependencies] == [("react", "^19.0.0")]
    assert (a.system, dict(found["package.json"].commands)["build"]) == ("pnpm", "pnpm -r build")


def test_a_catalogue_may_stand_in_the_package_itself():
    root = {"workspaces": {"packages": ["p/*"], "catalog": {"zod": "3.1"}}, "packageManager": "bun@1.2"}
    found = together({"package.json": root, "p/a/package.json": {"dependencies": {"zod": "catalog:"}}})
    assert found["p/a/package.json"].dependencies[0].version == "3.1"


def test_a_test_script_that_tests_nothing_is_no_way_to_test():
    facts = read('{"name": "a", "scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}')
    assert "test" not in dict(facts.commands)


@pytest.mark.parametrize(
    ("package", "run"),
    [
        ({"bin": "cli.js", "name": "@a/tool"}, "node cli.js"),
        ({"bin": "cli.js", "scripts": {"serve": "x"}}, "npm run serve"),
        ({"main": "index.js", "name": "lib"}, None),
    ],
)
def test_how_a_package_is_run(package, run):
    assert dict(read(json.dumps(package)).commands).get("run") == run


@pytest.mark.parametrize(
    ("written", "version"),
    [
        (">=18.17 <21 || ^22", "18.17"), ("^20.1.0", "20.1.0"), ("18.x", "18"), ("16 || 18 || 20", "16"), (">= 14", "14"),
        ("~8.2", "8.2"), ("1.2 - 3.4", "1.2"), (">=2.0.0-rc9", "2.0.0"), ("^7.4|^8.0", "7.4"), ("v12.1", "12.1"),
        ("*", "*"), ("<20", "<20"), ("lts/*", "lts/*"), ("", ""), (">=8.1,!=8.1.3", "8.1"), ("0x10", "0"),
    ],
)  # fmt: skip
def test_the_oldest_version_of_a_constraint(written, version):
    assert oldest(written) == version


@pytest.mark.parametrize(
    "text",
    [
        '{"name": 1, "scripts": [], "bin": 3, "workspaces": {"packages": 1}, "dependencies": "x", "engines": []}',
        '{"scripts": {"a": 1, "": "x"}, "bin": {"x": 2, "": "y"}, "main": [], "packageManager": {}, "catalogs": {"a": 1}}',
        '{"dependencies": {"a": null, "": "1"}, "workspaces": [1, "", "!"], "catalog": []}',
        "{}",
    ],
)
def test_values_of_the_wrong_kind_are_passed_over(text):
    facts = read(text)
    assert facts.problem is None
    assert combine([facts])


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("package.json", "[1]", "package.json is not valid JSON: it holds no table."),
        (
            "a/package.json",
            '{"name": }',
            "a/package.json is not valid JSON: Expecting value: line 1 column 10 (char 9).",
        ),
        ("package.json", '{"a":' * 50_000, "package.json is not valid JSON: it is nested too deep."),
        ("pnpm-workspace.yaml", "- a", "pnpm-workspace.yaml is not valid YAML: it holds no mapping."),
    ],
)
def test_a_file_that_is_not_in_its_format_is_a_problem_that_names_it(path, text, problem):
    assert str(read(text, path).problem).startswith(problem)
