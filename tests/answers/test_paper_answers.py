"""Questions about a project's documents, size and CI servers."""

import pytest
from tests.answers.asking import asking

SOURCES = {
    "README.md": (
        "# Quay\n\n[![badge](x.svg)](y)\n\nQuay plans the berths of a small harbour from a list of vessels.\n\n"
        "## Installation\n\nCopy `quay.py` to a folder of your PATH.\n\n"
        "## Night mode\n\nAt night the lanterns are lit by the tide clock.\n"
    ),
    "COPYING": "GNU GENERAL PUBLIC LICENSE\nVersion 2\n\n(Some use the GNU Lesser General Public License instead.)\n",
    "AUTHORS": "Ada Harbour\n",
    "CHANGES.md": "# Changes\n\n## 1.0\n\nFirst release.\n",
    ".github/workflows/check.yml": "name: check\non: push\njobs:\n  test:\n    steps:\n      - run: make\n",
    "quay.py": "class Quay:\n    pass\n",
}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    with asking(tmp_path_factory.mktemp("papers"), SOURCES) as asked:
        yield asked


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What license is this under?", "`GNU General Public License`"),
        ("licence?", "COPYING"),
        ("Who is the author?", "AUTHORS"),
        ("where is the changelog", "CHANGES.md"),
        ("Which CI is used?", "GitHub Actions"),
        ("how many lines of code", "1 source files with 2 lines (Python 2)"),
        ("What is this project about?", "plans the berths of a small harbour"),
        ("how do I install it", "Copy `quay.py` to a folder of your PATH."),
        ("how are the lanterns lit at night", "[README.md:11](README.md#L11)"),
        ("how do I contribute", "knows no guide for contributors"),
        ("where is the documentation", "README.md"),
    ],
)
def test_documents_answer_what_code_does_not(answer, question, said):
    assert said in answer(question).answer
    assert answer(question).found
