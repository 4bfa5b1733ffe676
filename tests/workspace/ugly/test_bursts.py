"""Thousands of files change at once, or one while it is looked at: in the end the index is that of what is there."""

import os
import random
from pathlib import Path
from typing import Any

from tests.workspace.store_content import content

from codeanvil.workspace.index.client import IndexProcess
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store.schema import discard

FILES = 5_000
KINDS = {
    ".py": "class Part{n}(Part{m}): ...\n",
    ".go": "package p\ntype Part{n} struct{{ Part{m} }}\n",
    ".rs": "impl Shape for Part{m} {{}}\npub struct Part{n};\n",
    ".hpp": "class Part{n} : public Part{m} {{}};\n",
}


def source(kind: str, number: int, of: int) -> str:
    return KINDS[kind].format(n=number, m=of)


async def test_a_checkout_that_changes_five_thousand_files_leaves_the_index_of_a_fresh_one(project: Any) -> None:
    kinds, dice = list(KINDS), random.Random(5_000)
    paths = [f"d{number % 40}/m{number}{kinds[number % len(kinds)]}" for number in range(FILES)]
    here, there = paths[: FILES * 2 // 3], paths[FILES // 3 :]
    project.write({path: source(Path(path).suffix, n, n // 10) for n, path in enumerate(here)})
    index = IndexProcess(project.root, project.settings)
    try:
        assert len((await index.update()).parsed) == len(here)
        # A third goes, a third comes, and the third in between is another.
        project.write(dict.fromkeys(set(here) - set(there)))
        project.write({path: source(Path(path).suffix, n, dice.randrange(FILES)) for n, path in enumerate(there)})
        changed = dice.sample(paths, len(paths))
        report = await index.update(changed)
        assert (len(report.parsed), len(report.removed)) == (len(there), FILES // 3)
    finally:
        await index.close()
    assert project.index().parsed == (), "and what is known of the project as a whole is brought up to date"
    path = index_path(project.root, project.settings)
    kept = content(path)
    discard(path)
    project.index()
    fresh = content(path)
    for part in ("samples", "candidates"):  # what was made before the checkout for files that stayed is kept
        fresh.pop(part), kept.pop(part)
    assert kept == fresh


async def test_a_file_that_is_half_written_is_read_as_it_is_and_again_when_the_rest_is_there(project: Any) -> None:
    whole = "".join(f"class Part{number}:\n    def work{number}(self):\n        ...\n\n\n" for number in range(40))
    index = IndexProcess(project.root, project.settings)
    try:
        with (project.root / "a.py").open("w") as file:
            for cut in range(0, len(whole), len(whole) // 7):
                file.write(whole[cut : cut + len(whole) // 7])
                file.flush()
                os.fsync(file.fileno())
                await index.update(["a.py"])
        project.write({"whole.py": "", "b.py": whole})
        await index.update(["a.py", "b.py", "whole.py"])
    finally:
        await index.close()
    with project.store() as store:
        assert [s.name for s in store.symbols_in("a.py")] == [s.name for s in store.symbols_in("b.py")]
        assert store.report().problems == {}


async def test_a_file_that_is_replaced_while_it_is_read_is_the_one_or_the_other(project: Any) -> None:
    """As editors save: a new file takes the name of the old one. Whatever is read meanwhile, the last one stays."""
    texts = [f"class One{turn}: ...\nclass Two{turn}: ...\n" * 200 for turn in range(30)]
    project.write({"a.py": texts[0]})
    index = IndexProcess(project.root, project.settings)
    try:
        for turn, text in enumerate(texts):
            project.write({"a.py.tmp": text})
            (project.root / "a.py.tmp").rename(project.root / "a.py")
            if turn % 3 == 0:
                await index.update(["a.py"])
                assert project.names()[-1].startswith("Two")
        await index.update(["a.py"])
    finally:
        await index.close()
    assert project.names() == ["One29", "Two29"]
