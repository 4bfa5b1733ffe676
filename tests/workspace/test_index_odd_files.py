"""Files with which something is wrong are left out, set aside or read as well as can be, and counted."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.workspace.sources import BASE, CIRCLE, OTHER

from codeanvil.workspace import contents, files
from codeanvil.workspace.index import jobs
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.workers import Workers


class Stuck(Workers):
    """Workers that hang with each job."""

    def _give(self, worker: Any, task: Any) -> None:
        super()._give(worker, task)
        os.kill(worker.process.pid, signal.SIGSTOP)


def test_nul_bytes_and_other_binary_data_are_left_out_and_counted(project: Any) -> None:
    project.write({"head.py": b"\0\0\0", "late.py": b"class Early: ...\n" * 1000 + b"\0" * 10, "ok.py": BASE})
    report = project.index()
    assert report.left_out == {contents.BINARY: 1}
    assert set(report.parsed) == {"late.py", "ok.py"}
    project.write({"head.py": OTHER})
    report = project.index("head.py")
    assert report.parsed == ("head.py",)
    assert report.left_out == {}


def test_line_ends_of_windows_keep_line_numbers(project: Any) -> None:
    project.write({"a.py": BASE.replace("\n", "\r\n"), "b.py": BASE})
    project.index()
    with project.store() as store:
        assert [s.line for s in store.symbols_in("a.py")] == [s.line for s in store.symbols_in("b.py")]
        assert [s.doc for s in store.symbols_in("a.py")] == [s.doc for s in store.symbols_in("b.py")]


@pytest.mark.parametrize(
    "source",
    [b"\xff\xfe\xff", b"\xed\xa0\x80 = 1", b"class \xc3\x28: pass", "class É: ...".encode("utf-16"), b"\xef\xbb\xbf#"],
)
def test_any_bytes_are_indexed(project: Any, source: bytes) -> None:
    project.write({"odd.py": source})
    assert project.index().parsed == ("odd.py",)
    assert project.index().parsed == ()


def test_names_that_are_not_utf8_are_counted_and_harm_nothing(project: Any) -> None:
    project.write({os.fsdecode(b"caf\xe9.py"): OTHER, "café.py": BASE})
    report = project.index()
    assert report.parsed == ("café.py",)
    assert report.left_out == {files.NOT_UTF8: 1}
    assert project.index(os.fsdecode(b"caf\xe9.py"), os.fsdecode(b"gone\xe9.py")).parsed == ()


def test_what_cannot_be_read_is_counted_and_forgotten(project: Any) -> None:
    project.write({"a.py": BASE, "b.py": OTHER, "locked/c.py": CIRCLE})
    with Workers(1) as project.workers:
        project.index()
        (project.root / "a.py").chmod(0)
        (project.root / "locked").chmod(0)
        with without_root(project.root, project.workers):
            report = project.index()
        (project.root / "locked").chmod(0o755)
        (project.root / "a.py").chmod(0o644)
        assert report.removed == ("a.py", "locked/c.py")
        assert report.left_out == {contents.UNREADABLE: 2}
        assert project.index().parsed == ("a.py", "locked/c.py")


@contextmanager
def without_root(folder: Path, workers: Workers) -> Iterator[None]:
    """Go on without root's right to read everything, here and in the one worker; `folder` becomes nobody's property."""
    if os.getuid() != 0:
        yield
        return
    nobody = 65534
    for path in (folder, folder / ".codeanvil", *(folder / ".codeanvil").rglob("*")):
        os.chown(path, nobody, nobody)
    for parent in folder.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    list(workers.results(os.seteuid, [nobody]))
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)
        list(workers.results(os.seteuid, [0]))


def test_secrets_reach_neither_text_nor_facts_nor_samples(project: Any) -> None:
    password = "".join(["swordfish", "-", "41"])
    source = f'def log_in(password="{password}"):\n    """Log in, by default with {password!r}."""\n'
    project.write({"login.py": f'API_KEY = "{password}"\n' + source, ".env": f"PASSWORD={password}\n"})
    report = project.index()
    project.make_samples()
    assert report.secrets == {"Secret Keyword": 1}
    assert report.left_out == {files.SECRET: 1}
    with project.store() as store:
        assert "<secret>" in store.text("login.py")
        assert f'"{password}"' not in store.text("login.py")
        assert store.samples(source="login.py")
        assert not [s for s in store.symbols_in("login.py") if password in s.signature]
        assert not [s for s in store.samples() if f'"{password}"' in s.output + s.input]


def test_a_file_that_hangs_the_parser_is_set_aside_until_it_changes(project: Any) -> None:
    project.write({"a.py": BASE})
    with Stuck(1, seconds=0.02) as impatient:
        report = build_index(project.root, project.settings, workers=impatient)
    assert "took longer" in report.problems["a.py"]
    assert report.problems["a.py"].startswith("a.py ")
    assert report.set_aside == ("a.py",)
    assert project.index().parsed == ()
    project.write({"a.py": BASE + "\n"})
    assert project.index().problems == {}
    assert "Shape" in project.names()


def test_of_a_lock_file_only_that_it_is_there_is_kept(project: Any) -> None:
    project.write({"pyproject.toml": '[project]\nname = "a"\n', "uv.lock": 'version = 1\nsecret = "a1b2"\n'})
    project.index()
    with project.store() as store:
        assert store.text("uv.lock") == ""
        assert [(build.file, dict(build.commands)["install"]) for build in store.builds()] == [
            ("pyproject.toml", "uv sync")
        ]


def test_a_file_that_our_own_code_breaks_on_is_set_aside_alone(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = jobs.extract

    def broken(path: str, *rest: Any) -> Any:
        if path == "a.py":
            raise RecursionError
        return extract(path, *rest)

    project.write({"a.py": BASE, "b.py": OTHER})
    project.work_here()
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "extract", broken)
        report = project.index()
    assert report.set_aside == ("a.py",)
    assert report.problems == {
        "a.py": "a.py could not be read by a fault of CodeAnvil's own (RecursionError); it is left out."
    }
    assert project.names() == ["Other", "run"]
    assert project.index().parsed == ()
