"""The benches' front door."""

import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.mark.parametrize("words", [[], ["nosuch"]])
def test_an_unknown_bench_is_told_with_those_there_are(words) -> None:
    said = subprocess.run([SCRIPTS / "bench", *words], capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.count("\n") == 1
    assert f"no bench '{''.join(words)}'" in said.stderr
    for folder in SCRIPTS.glob("bench_*/"):
        assert folder.name.removeprefix("bench_") in said.stderr
