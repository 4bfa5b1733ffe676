"""The editor starts CodeAnvil for every language that the server reads, and for no other."""

import json
import re
from pathlib import Path

from codeanvil.facts.languages import LANGUAGES

EXTENSION = Path(__file__).parents[1] / "extension-vscode"

# VS Code's own names (https://code.visualstudio.com/docs/languages/identifiers), where they differ or are several.
OTHERWISE = {
    "cpp": ["cpp", "cuda-cpp"],
    "javascript": ["javascript", "javascriptreact"],
    "tsx": ["typescriptreact"],
}


def identifiers() -> set[str]:
    return {name for language in LANGUAGES for name in OTHERWISE.get(language, [language])}


def test_the_extension_names_every_language_the_server_reads() -> None:
    listed = re.findall(r'"([\w-]+)"', (EXTENSION / "src" / "languages.ts").read_text().partition("[")[2])
    assert set(listed) == identifiers() and len(listed) == len(set(listed))


def test_the_extension_wakes_up_for_each_of_them() -> None:
    events = json.loads((EXTENSION / "package.json").read_text())["activationEvents"]
    assert {event.partition(":")[2] for event in events if event.startswith("onLanguage:")} == identifiers()
