"""The demonstration workspace is a real project: it builds without a warning and its tests pass."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

WORKSPACE = Path(__file__).parent / "dicom-viewer"


def run(*command: str) -> str:
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.mark.skipif(shutil.which("cmake") is None, reason="cmake is not installed")
def test_builds_without_warnings_and_its_tests_pass(tmp_path: Path) -> None:
    build = str(tmp_path / "build")
    run("cmake", "-S", str(WORKSPACE), "-B", build, "-DDICOM_VIEWER_WERROR=ON", "-DCMAKE_BUILD_TYPE=Debug")
    run("cmake", "--build", build, "-j2")
    assert "100% tests passed, 0 tests failed out of 3" in run("ctest", "--test-dir", build)

    phantom = str(tmp_path / "phantom.dcm")
    run(f"{build}/apps/make-phantom", phantom)
    assert "128 x 128, CT, window 40 / 800" in run(f"{build}/apps/dicom-viewer", "--filter", "median", phantom)


def test_has_the_classes_that_the_documents_name() -> None:
    headers = "\n".join(path.read_text() for path in WORKSPACE.glob("include/*/*.hpp"))
    classes = dict(re.findall(r"^class (\w+)(?: : public ([\w:]+))? \{", headers, re.MULTILINE))
    assert len(classes) == 20
    assert classes["ImageProcessor"] == ""
    assert classes["DicomReader"] == "imaging::ImageReader"
    assert classes["GaussianFilter"] == "KernelFilter"
    assert classes["KernelFilter"] == "Filter"
