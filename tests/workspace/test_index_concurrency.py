"""Kills, several writers, and files that change while they are read."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.workspace.store_content import content

from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.index.workers import child_environment
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.schema import discard

BUILD = """
import sys
from pathlib import Path
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
if __name__ == "__main__":
    report = build_index(Path(sys.argv[1]), Settings(), progress=lambda done, total: print(done, total, flush=True))
    print(len(report.parsed), report.unchanged)
"""


def start_build(root: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(root)], env=child_environment(), stdout=subprocess.PIPE, text=True
    )


def sources(count: int) -> dict[str, str]:
    return {
        f"m{n:03}.py": f"class Part{n}(Part{n - 1}):\n    def work{n}(self): ...\n" + f"# line {n}\n" * 40
        for n in range(count)
    }


@pytest.mark.parametrize("seen", [1, 60, 130])
def test_a_build_that_is_killed_loses_no_batch_and_goes_on(project: Any, seen: int) -> None:
    project.write(sources(130))
    with start_build(project.root) as build:
        assert build.stdout is not None
        for line in build.stdout:
            if int(line.split()[0]) >= seen:
                break
        build.send_signal(signal.SIGKILL)
    with Store(index_path(project.root, project.settings)) as store:
        written = len(store.files())
        assert written >= seen - 50
    report = project.index()
    assert report.unchanged >= written
    assert len(report.parsed) == 130 - report.unchanged
    project.make_samples()
    with project.store() as store:
        assert len(store.symbols_named("Part7")) == 1
        assert {sample.source for sample in store.samples()} >= {f"m{n:03}.py" for n in range(130)}
    again = project.index()
    assert (again.parsed, again.regenerated) == ((), ())


KILLS = 50

KILLED = """
import sys
from pathlib import Path
from codeanvil.settings import IndexSettings, Settings
from codeanvil.workspace.index import build
build.BATCH_SECONDS = 0.02  # as many moments between two transactions as can be
if __name__ == "__main__":
    settings = Settings(index=IndexSettings(processes=1))
    build.build_index(Path(sys.argv[1]), settings, progress=lambda done, total: print(done, flush=True))
"""


def test_a_build_that_is_killed_fifty_times_ends_as_one_that_was_left_alone(project: Any) -> None:
    project.write(sources(260) | {"CMakeLists.txt": "project(Parts)\n", "ship.hpp": "class Ship {};\n"})
    project.index()
    path = index_path(project.root, project.settings)
    alone = content(path)
    discard(path)
    moments = random.Random(1850)
    killed = 0
    while killed < KILLS:
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(project.root)], env=child_environment(), stdout=subprocess.PIPE
        ) as build:
            assert build.stdout is not None
            told = [build.stdout.readline() for _ in range(moments.randrange(1, 10))]  # one a batch, '' at the end
            if all(told):
                time.sleep(moments.uniform(0.0, 0.05))
                build.kill()
                killed += 1
                continue
        assert content(path) == alone
        discard(path)  # it was at its end before it could be killed: once more from nothing
    project.index()
    assert content(path) == alone


def test_two_writers_wait_for_each_other_and_do_the_work_once(project: Any) -> None:
    project.write(sources(60))
    builds = [start_build(project.root) for _ in range(2)]
    done = [build.communicate(timeout=120)[0].splitlines()[-1] for build in builds]
    assert sorted(done) == ["0 60", "60 0"]


def test_the_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from codeanvil.workspace.index.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], env=child_environment(), stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    with writer_lock(tmp_path):
        pass


def test_files_that_come_and_go_while_they_are_read_are_no_error(project: Any) -> None:
    project.write(sources(40))
    stop = threading.Event()

    def stir() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            path = project.root / f"m{number % 40:03}.py"
            path.unlink(missing_ok=True)
            path.write_text(f"class Stirred{number}:\n    pass\n")
            (project.root / "sub").mkdir(exist_ok=True)
            (project.root / "sub/x.py").write_text("x = 1\n")
            (project.root / "sub/x.py").unlink()
            (project.root / "sub").rmdir()

    thread = threading.Thread(target=stir)
    thread.start()
    try:
        for _ in range(5):
            project.index()
    finally:
        stop.set()
        thread.join()
    project.index()
    with project.store() as store:
        assert len(store.files()) == 40
    assert project.index().parsed == ()


def test_readers_see_whole_builds_of_a_file_only(project: Any) -> None:
    project.write({"a.py": "class A0:\n    pass\n\n\nclass B0:\n    pass\n"})
    project.index()
    stop = threading.Event()
    seen: set[tuple[str, ...]] = set()

    def look() -> None:
        with project.store() as reader:
            while not stop.is_set():
                seen.add(tuple(symbol.name for symbol in reader.symbols_in("a.py")))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for number in range(1, 15):
            project.write({"a.py": f"class A{number}:\n    pass\n\n\nclass B{number}:\n    pass\n"})
            project.index("a.py")
    finally:
        stop.set()
        thread.join()
    assert seen <= {(f"A{number}", f"B{number}") for number in range(15)}


def test_a_build_that_is_killed_takes_its_workers_along(project: Any) -> None:
    project.write(sources(130))
    with start_build(project.root) as build:
        assert build.stdout is not None
        build.stdout.readline()
        build.stdout.readline()
        children = psutil.Process(build.pid).children()
        assert children
        os.kill(build.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_first_places_of_a_name_stay_right_when_there_are_many(project: Any) -> None:
    files = {f"f{n:02}.py": "class Same:\n    pass\n" for n in range(14)}
    files["f07.py"] = "".join(f"class Outer{n}:\n    class Same:\n        pass\n\n\n" for n in range(12))
    project.write(files)
    project.index()
    project.make_samples()
    for change in ({"f00.py": "class Gone: ...\n"}, {"f13.py": None}, {"a.py": "class Same: ...\n"}, {"f07.py": None}):
        project.write(change)
        project.index(*change)
        project.make_samples()
        with project.store() as store:
            kept = {path: store.samples(source=path) for path in sorted({*files} - {"f13.py", "f07.py"})}
            digests = json.dumps(kept, default=str)
        index_path(project.root, project.settings).unlink()
        project.index()
        project.make_samples()
        with project.store() as store:
            assert json.dumps({path: store.samples(source=path) for path in kept}, default=str) == digests
