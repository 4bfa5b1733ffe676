"""Whatever is done to the files, an index kept up to date equals one made afresh."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workspace.store_content import content

from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace import sample_cache
from codeanvil.workspace.dataset import write_dataset
from codeanvil.workspace.index import build
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store.schema import discard

TYPES = ["Shape", "Circle", "Square", "ShapeManager", "Reader", "run"]

READS = 'import os\n\nDEPTH = os.getenv("DEPTH", "1")\n'

PATHS = [
    *("a.py", "b.py", "pkg/__init__.py", "pkg/a.py", "pkg/deep/c.py", "x.cpp", "x.hpp", "lib/y.hpp"),
    *("go/a.go", "go/b.go", "swift/a.swift", "swift/b/c.swift", "rust/a.rs", "rust/b/c.rs", "a.cs", "b.cs"),
    *("pyproject.toml", "CMakeLists.txt", ".gitignore", ".gitattributes", "lib/.codeanvilignore", "notes.txt"),
    *("README.md", "docs/guide.rst", "config.toml"),
]


# Of languages whose types lie in several files: a type, and what other files may add to it.
SPREAD = {
    "go": ["type {name} struct {{ {base} }}\n", "func (x *{name}) area() {{}}\n", "func (x {name}) run() {{}}\n"],
    "swift": ["struct {name}: {base} {{ func area() {{}} }}\n", "extension {name}: {base} {{\n  func run() {{}}\n}}\n"],
    "rs": [
        "struct {name}; trait {base} {{}}\n",
        "impl {base} for {name} {{\n  fn run() {{}}\n}}\n",
        "impl {name} {{}}\n",
    ],
    "cs": ["partial class {name} : {base} {{ void area() {{}} }}\n", "class {name} {{ void run() {{}} }}\n"],
}


@st.composite
def sources(draw: st.DrawFn, path: str) -> bytes:
    """The text of a file with a few types, functions, bases and uses of each other."""
    if path.endswith("attributes"):
        return draw(st.sampled_from(["a.py linguist-vendored\n", "*.hpp linguist-generated\n", ""])).encode()
    if path.endswith("ignore"):
        return draw(st.sampled_from(["*.hpp\n", "a.py\n", "deep/\n", "!a.py\n", "", "*.py\n!b.py\n"])).encode()
    if path == "pyproject.toml":
        return f'[project]\nname = "{draw(st.sampled_from(TYPES))}"\n'.encode()
    if path == "CMakeLists.txt":
        return f"project({draw(st.sampled_from(TYPES))})\nadd_executable(app x.cpp)\n".encode()
    if path == "config.toml":
        return draw(st.sampled_from(["depth = 1\n", "[tide]\nlevel = 2\n", "depth = 3\nsafe = true\n", "= ="])).encode()
    if path in {"README.md", "docs/guide.rst"}:
        titles = draw(st.lists(st.sampled_from([*TYPES, "Setup"]), max_size=3))
        under = "{0}\n------------\n\nAbout {1}: `{1}`.\n\n"
        return "".join(under.format(title, draw(st.sampled_from(TYPES))) for title in titles).encode()
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([b"\0\0", b"", b"\xff\xfe\xff", b"class (((", b"x" * 9_000]))
    names = draw(st.lists(st.sampled_from(TYPES), max_size=3))
    suffix = path.rpartition(".")[2]
    if suffix in SPREAD:
        forms = draw(st.lists(st.tuples(st.sampled_from(SPREAD[suffix]), st.sampled_from(TYPES)), max_size=4))
        return "".join(form.format(name=name, base=draw(st.sampled_from(TYPES))) for form, name in forms).encode()
    lines = [
        draw(st.sampled_from(["", "# ShapeManager\n", "import b\n", "from pkg.a import Shape\n", READS]))
        if path.endswith(".py")
        else '#include "x.hpp"\n'
    ]
    for name in names:
        base = draw(st.sampled_from([*TYPES, ""]))
        method = draw(st.sampled_from(["area", "run", "__init__"]))
        if path.endswith(".py"):
            lines.append(f"class {name}{f'({base})' if base else ''}:\n    def {method}(self):\n        {base or 0}\n")
        else:
            body = draw(st.sampled_from([f"{{ void {method}(); }};", "{};", ";"]))
            lines.append(f"class {name}{f' : public {base} ' if base and body != ';' else ''}{body}\n")
            lines.append(draw(st.sampled_from(["", f"void {name}::{method}() {{ {base}; }}\n"])))
    return "".join(lines).encode()


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, str, Any]]:
    """(what, path, content, new path or whether): a workspace and its first build, then changes with builds between."""
    found: list[tuple[str, str, Any]] = [
        ("write", path, draw(sources(path))) for path in draw(st.sets(st.sampled_from(PATHS), min_size=3))
    ]
    for _ in range(draw(st.integers(1, 5))):
        found.append(("build", "", draw(st.booleans())))
        found.append(("samples", "", draw(st.booleans())))
        for _ in range(draw(st.integers(1, 2))):
            path = draw(st.sampled_from(PATHS))
            what = draw(st.sampled_from(["write", "write", "write", "delete", "rename"]))
            if draw(st.integers(0, 3)) == 0:
                found.append(("commit", "", None))
            found.append((what, path, draw(sources(path)) if what == "write" else draw(st.sampled_from(PATHS))))
    return found


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps(), st.sampled_from([100, 10_000]), st.sampled_from([0, 1, 50]))
def test_an_index_kept_up_to_date_equals_a_fresh_one(
    open_project: Callable[[Path], Any], todo: list[tuple[str, str, Any]], most_samples: int, at_once: int
) -> None:
    root = Path(tempfile.mkdtemp()) / "project"
    root.mkdir()
    project = open_project(root)
    project.settings = Settings(samples=SampleSettings(max=most_samples))
    touched: set[str] = set()
    before = sample_cache.AT_ONCE
    sample_cache.AT_ONCE = build.AT_ONCE = at_once
    try:
        for what, path, more in todo:
            full = root / path
            if what == "write":
                project.write({path: more})
                touched.add(path)
            elif what == "delete":
                full.unlink(missing_ok=True)
                touched.add(path)
            elif what == "rename" and full.exists():
                (root / more).parent.mkdir(parents=True, exist_ok=True)
                full.rename(root / more)
                touched |= {path, more}
            elif what == "commit" and shutil.which("git"):
                commit(root)
            elif what == "build":
                build_index(root, project.settings, only=touched if more else None, workers=project.workers)
                touched.clear()
            elif what == "samples" and more:
                project.make_samples()
        kept = index_path(root, Settings())
        project.index()
        kept_report = replace(project.store_report(), samples={})
        kept_rows = data_set(project)
        kept_content = content(kept)
        assert project.index().regenerated == ()
        discard(kept)
        project.index()
        assert replace(project.store_report(), samples={}) == kept_report
        assert data_set(project) == kept_rows
        fresh_content = content(kept)
        # Of more sources than the data set needs samples may have been made before, of a file that was saved for one.
        for part in ("samples", "candidates"):
            kept_part, fresh_part = kept_content.pop(part), fresh_content.pop(part)
            assert all(kept_part[source] == made for source, made in fresh_part.items())
        assert fresh_content == kept_content
    finally:
        sample_cache.AT_ONCE = build.AT_ONCE = before
        shutil.rmtree(root.parent)


def commit(root: Path) -> None:
    """Commit whatever is there: the last commits, and what they removed, are samples of the project."""
    who = {f"GIT_{role}_{what}": "ann" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    for arguments in (
        ["init", "-q"],
        ["add", "-A", "--", ":!.codeanvil"],
        ["commit", "-q", "--allow-empty", "-m", "More"],
    ):
        subprocess.run(["git", "-C", str(root), *arguments], env=environment, capture_output=True, check=True)


def data_set(project: Any) -> bytes:
    return Path(write_dataset(project.root, project.settings, project.workers).path).read_bytes()
