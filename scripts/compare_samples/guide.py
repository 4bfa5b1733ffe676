"""The data set as the training guide makes it: regular expressions over files, fixed sentences, repetition.

Ten questions about the build five times each, five about each class that `class\\s+(\\w+)` finds, the text of files
with a keyword in their path, some about the technology. Every run reads every file: there is nothing to keep.
"""

import json
import re
from pathlib import Path

CLASS = re.compile(r"class\s+(\w+)(?:\s*\(([^)]*)\)|\s*:\s*(?:public|private|protected)\s+(\w+))?")
METHOD = re.compile(r"(?:def\s+(\w+)\s*\(|\b(\w+)\s*\([^;{}]*\)\s*(?:const)?\s*\{)")
KEYWORDS = ("service", "dicom", "image", "processor", "manager", "handler", "main")
SUFFIXES = {".py", ".c", ".cc", ".cpp", ".h", ".hpp", ".java"}
CODE_CHARACTERS = 2000
REPETITIONS = 5
BUILD = (
    "How do I build this project?", "What are the build steps?", "How to compile this?", "How do I compile it?",
    "What is the build system?", "How can I build the code?", "Give me the build instructions.",
    "What commands build this project?", "How do I make an executable?", "How to set up the build?",
)  # fmt: skip
STACK = ("What technologies does this project use?", "What is the architecture?", "Which language is this in?")


def write_data_set(root: Path, path: Path) -> int:
    """Write the rows of the workspace at `root` to `path` as JSON lines; how many there are."""
    rows = data_set(root, "Install it with pip.")
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return len(rows)


def data_set(root: Path, build: str) -> list[dict[str, str]]:
    """The rows of the workspace at `root`; `build` answers every question about the build."""
    files = sorted(p for p in root.rglob("*") if p.suffix in SUFFIXES and p.relative_to(root).parts[0][0] != ".")
    rows = [_row(question, build) for question in BUILD for _ in range(REPETITIONS)]
    rows += [_row(question, f"A project of {len(files)} files.") for question in STACK]
    for file in files:
        text = file.read_text("utf-8", errors="replace")
        where = file.relative_to(root).as_posix()
        found = list(CLASS.finditer(text))
        for i, match in enumerate(found):
            body = text[match.end() : found[i + 1].start() if i + 1 < len(found) else len(text)]
            rows += _of_class(match, where, [a or b for a, b in METHOD.findall(body)])
        if any(word in where.lower() for word in KEYWORDS):
            rows.append(_row(f"Show me {where}", text[:CODE_CHARACTERS]))
    return rows


def _of_class(match: re.Match[str], where: str, methods: list[str]) -> list[dict[str, str]]:
    name, base = match.group(1), match.group(2) or match.group(3) or "nothing"
    listed = ", ".join(methods)
    about = f"The {name} class is defined in {where}. It provides methods including: {listed}."
    return [
        _row(f"What does the {name} class do?", about),
        _row(f"Tell me about {name} class", about),
        _row(f"Where is {name} defined?", f"{name} is defined in {where}."),
        _row(f"What methods does {name} have?", f"{name} has: {listed}."),
        _row(f"What does {name} inherit from?", f"{name} inherits from {base}."),
    ]


def _row(question: str, answer: str) -> dict[str, str]:
    return {"instruction": question, "input": "", "output": answer}
