"""The editor's settings and the README's table say what `codeanvil.settings` says."""

import importlib.machinery
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "gen-settings"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("gen_settings", str(SCRIPT))
    spec = importlib.util.spec_from_loader("gen_settings", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_generated_settings_have_not_drifted() -> None:
    check = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False, timeout=60)
    assert check.returncode == 0, check.stderr


def test_check_tells_a_changed_setting_and_leaves_the_file(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = json.loads((ROOT / "extension-vscode" / "package.json").read_text("utf-8"))
    for section in package["contributes"]["configuration"]:
        section["properties"].pop("codeanvil.train.preset", None)
    stale = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (tmp_path / "extension-vscode").mkdir()
    (tmp_path / "extension-vscode" / "package.json").write_text(stale, "utf-8")

    monkeypatch.setattr(sys, "argv", ["gen-settings", "--check"])
    assert script.main(tmp_path) == 1
    assert "package.json differs" in capsys.readouterr().err
    assert (tmp_path / "extension-vscode" / "package.json").read_text("utf-8") == stale

    monkeypatch.setattr(sys, "argv", ["gen-settings"])
    assert script.main(tmp_path) == 0
    assert "codeanvil.train.preset" in (tmp_path / "extension-vscode" / "package.json").read_text("utf-8")


def test_the_readme_table_replaces_what_is_between_the_markers_and_nothing_else(script: ModuleType) -> None:
    text = script.readme("# Title\n\n<!-- settings -->\n(out of date)\n<!-- /settings -->\n\nThe end.\n")
    assert text.startswith("# Title\n\n<!-- settings -->\n| setting |")
    assert '| `answers.model` | `auto`, `off` | `"auto"` |' in text
    assert "(out of date)" not in text
    assert text.endswith("|\n<!-- /settings -->\n\nThe end.\n")
    assert script.readme(text) == text


def test_a_readme_without_markers_gets_no_table(script: ModuleType) -> None:
    assert script.readme("# Title\n") is None
