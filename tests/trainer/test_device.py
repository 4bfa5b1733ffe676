"""What the machine has and what it can train."""

import json
import os
import platform
import subprocess
import sys
import warnings
from dataclasses import replace
from typing import Any

import bitsandbytes as bnb
import pytest
import torch
from tests.checkout import import_path

from codeanvil_trainer.footprint.shapes import KNOWN_BASES
from codeanvil_trainer.machine import device, doctor
from codeanvil_trainer.machine.device import Machine, choose_threads, machine
from codeanvil_trainer.machine.doctor import four_bit_check, trainable_bases

GIB = 2**30
WITHOUT_GPU = Machine(8, 64 * GIB, 64 * GIB, 500 * GIB, None, None, None, None)
WITH_16_GB = replace(WITHOUT_GPU, gpu="T", gpu_memory_total=16 * 10**9, gpu_memory_free=16 * 10**9, gpu_bf16=True)
BASE_6_7B = KNOWN_BASES[-1]


def test_nf4_layers_compute_as_their_dequantised_weights() -> None:
    found = four_bit_check(torch.device("cpu"))
    assert found["ok"]
    assert found["forward_cosine"] > 0.999 < found["gradient_cosine"]


def test_the_check_passes_where_bitsandbytes_would_repack_and_fails_without_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bnb.nn.modules, "has_avx512bf16", lambda: True)
    assert four_bit_check(torch.device("cpu"))["ok"]
    monkeypatch.setattr(doctor, "mend_nf4_repacking", lambda _: None)
    warnings.simplefilter("ignore")  # torch warns of the kernel that has no gradient
    assert not four_bit_check(torch.device("cpu"))["ok"]


def test_doctor_prints_one_json_object() -> None:
    environment = os.environ | {"PYTHONPATH": import_path(), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "codeanvil_trainer", "doctor"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=120)
    found = json.loads(done.stdout)
    assert set(found) == {"ok", "versions", "machine", "four_bit", "bases", "problems"}
    assert found["four_bit"]["ok"]
    assert found["versions"]["torch"] == torch.__version__
    assert found["ok"] == (not found["problems"])


def problems(monkeypatch: pytest.MonkeyPatch, has: Machine) -> dict[str, str]:
    monkeypatch.setattr(doctor, "machine", lambda _: has)
    return {problem["problem"]: problem["remedy"] for problem in doctor.doctor()["problems"]}


@pytest.mark.parametrize(
    ("has", "problem"),
    [
        (replace(WITHOUT_GPU, ram_free=10**8), "memory"),
        (replace(WITHOUT_GPU, disk_free=10**8), "disk"),
        (replace(WITH_16_GB, gpu_bf16=False), "bf16"),
    ],
)
def test_each_shortage_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch, has: Machine, problem: str) -> None:
    found = {text: remedy for text, remedy in problems(monkeypatch, has).items() if problem in text}
    assert len(found) == 1
    assert all(remedy.endswith(".") for remedy in found.values())


def test_a_missing_package_and_a_failing_check_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Any:
        raise RuntimeError("no kernel")

    monkeypatch.setattr(doctor, "four_bit_check", broken)
    monkeypatch.setattr(doctor, "PACKAGES", (*doctor.PACKAGES, "no-such-package"))
    found = problems(monkeypatch, WITHOUT_GPU)
    assert any("no-such-package" in text for text in found)
    assert any("method=lora" in remedy for remedy in found.values())
    assert "no kernel" in doctor.doctor()["four_bit"]["error"]


def test_an_nvidia_driver_without_a_cuda_build_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    assert any("torch sees no GPU" in text for text in problems(monkeypatch, WITHOUT_GPU))


def test_the_machine_is_read_in_bytes() -> None:
    has = machine()
    assert has.ram_total > has.ram_free > 10**7 < has.disk_free
    assert 1 <= has.cpus <= (os.cpu_count() or 1)
    assert (has.gpu is None) == (has.gpu_memory_free is None) == (not torch.cuda.is_available())


@pytest.mark.parametrize(
    ("requested", "omp", "parameters", "threads"),
    [(3, "1", 10**6, 3), (0, "2", 10**6, 2), (0, "", 10**6, 1), (0, "", 10**9, 4), (0, "no", 10**9, 4)],
)
def test_threads_are_the_users_wish_or_fit_the_model(
    monkeypatch: pytest.MonkeyPatch, requested: int, omp: str, parameters: int, threads: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", omp)
    monkeypatch.setattr(device, "physical_cores", lambda: 4)
    assert choose_threads(requested, parameters) == threads


def test_bases_are_judged_by_what_is_free_where_they_would_train() -> None:
    on_gpu = {base["base_model"]: base for base in trainable_bases(WITH_16_GB)}
    assert {base["where"] for base in on_gpu.values()} == {"gpu"}
    assert on_gpu[BASE_6_7B.name]["fits"]
    small = replace(WITH_16_GB, gpu_memory_free=3 * 10**9)
    assert not {base["base_model"]: base for base in trainable_bases(small)}[BASE_6_7B.name]["fits"]
    assert {base["where"] for base in trainable_bases(WITHOUT_GPU)} == {"cpu"}
    needs = [base["needs_bytes"] for base in trainable_bases(WITHOUT_GPU)]
    assert min(needs) > GIB


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_memory_that_is_freed_is_kept_unless_the_user_says_otherwise() -> None:
    code = (
        "import resource, torch\n"
        "from codeanvil_trainer.machine.device import keep_freed_memory\n"
        "kept = keep_freed_memory()\n"
        "for _ in range(20): [torch.ones(1_000_000) for _ in range(8)]\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "for _ in range(5): [torch.ones(1_000_000) for _ in range(8)]\n"
        "print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)"
    )
    for wish, kept in (({}, True), ({"MALLOC_TRIM_THRESHOLD_": "65536", "MALLOC_MMAP_THRESHOLD_": "65536"}, False)):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | wish
        )
        said, faults = done.stdout.split()
        assert said == str(kept)
        assert (int(faults) < 2_000) == kept
