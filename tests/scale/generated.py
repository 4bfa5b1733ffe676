"""A large workspace, made from nothing: the same files each time, in eight languages that refer to each other."""

from collections.abc import Iterator
from pathlib import Path

FILES = 10_000
FOLDER = 50
"""Files of a folder."""
FAMILY = 10
"""Types that derive from one."""
METHODS = 9

_NOUNS = ("Harbor", "Ledger", "Parcel", "Signal", "Meadow", "Turbine", "Archive", "Beacon", "Cistern", "Dockyard")
_VERBS = ("open", "close", "count", "sort", "merge", "split", "check", "send", "find", "keep")

# Language: extension, before the methods, a method, after them. {type}, {base}, {method}, {number}.
_SHAPES = {
    "python": (
        "py",
        '"""Keeps {type}."""\n\n\nclass {type}({base}):\n    """A {type} of its kind."""\n',
        '\n    def {method}(self, count: int) -> "{base}":\n        """Does it."""\n        return self.at(count)\n',
        "\n\ndef make_{type}() -> {type}:\n    return {type}()\n",
    ),
    "cpp": (
        "hpp",
        "#pragma once\n\nnamespace fleet {{\n\n/// A {type} of its kind.\nclass {type} : public {base} {{\n public:\n",
        "  /// Does it.\n  int {method}(int count) const {{ return count + {number}; }}\n",
        "}};\n\ninline {type} make_{type}() {{ return {type}(); }}\n\n}}  // namespace fleet\n",
    ),
    "java": (
        "java",
        "package fleet;\n\n/** A {type} of its kind. */\npublic class {type} extends {base} {{\n",
        "\n    /** Does it. */\n    public int {method}(int count) {{\n        return count + {number};\n    }}\n",
        "\n    public {type}() {{\n    }}\n}}\n",
    ),
    "typescript": (
        "ts",
        "/** A {type} of its kind. */\nexport class {type} extends {base} {{\n",
        "  /** Does it. */\n  {method}(count: number): {base} {{\n    return this.at(count);\n  }}\n\n",
        "}}\n\nexport function make{type}(): {type} {{\n  return new {type}();\n}}\n",
    ),
    "go": (
        "go",
        "package fleet\n\n// {type} is one of its kind.\ntype {type} struct {{\n\t{base}\n}}\n",
        "\n// {method} does it.\nfunc (x *{type}) {method}(count int) int {{\n\treturn count + {number}\n}}\n",
        "\nfunc Make{type}() *{type} {{\n\treturn &{type}{{}}\n}}\n",
    ),
    "rust": (
        "rs",
        "/// A {type} of its kind.\npub struct {type} {{\n    inner: {base},\n}}\n\nimpl {type} {{\n",
        "    /// Does it.\n    pub fn {method}(&self, count: i64) -> i64 {{\n        count + {number}\n    }}\n\n",
        "}}\n\npub fn make_{type}() -> {type} {{\n    {type} {{ inner: {base}::new() }}\n}}\n",
    ),
    "csharp": (
        "cs",
        "namespace Fleet;\n\n/// <summary>A {type} of its kind.</summary>\npublic class {type} : {base} {{\n",
        "    /// <summary>Does it.</summary>\n    public int {method}(int count) => count + {number};\n\n",
        "    public {type}() {{ }}\n}}\n",
    ),
    "ruby": (
        "rb",
        "# A {type} of its kind.\nclass {type} < {base}\n",
        "  # Does it.\n  def {method}(count)\n    at(count)\n  end\n\n",
        "end\n\ndef make_{type}\n  {type}.new\nend\n",
    ),
}
LANGUAGES = tuple(_SHAPES)


def type_name(number: int) -> str:
    """What the type of a file is called."""
    return f"{_NOUNS[number % len(_NOUNS)]}{number}"


def path_of(number: int) -> str:
    """Where a file is."""
    lang = LANGUAGES[number % len(LANGUAGES)]
    return f"{lang}/part{number // FOLDER}/{type_name(number)}.{_SHAPES[lang][0]}"


def source_of(number: int, methods: int = METHODS) -> str:
    """The text of a file: a type, its methods, and a function that makes one."""
    _, head, method, tail = _SHAPES[LANGUAGES[number % len(LANGUAGES)]]
    step = len(LANGUAGES)
    base = type_name(number % step + step * (number // step // FAMILY * FAMILY)) if number >= step else "Thing"
    values = {"type": type_name(number), "base": base, "number": number}
    body = "".join(method.format(method=f"{_VERBS[each]}_{number % 97}", **values) for each in range(methods))
    return head.format(**values) + body + tail.format(**values)


def write(root: Path, numbers: Iterator[int] | range = range(FILES)) -> None:
    """Write the files with these numbers."""
    for number in numbers:
        path = root / path_of(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source_of(number))
