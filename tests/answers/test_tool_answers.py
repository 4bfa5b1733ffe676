"""Tools by what they are for, build files, documentation."""

import json

import pytest
from tests.answers.asking import asking

from codeanvil.answers.writing.tools import tool_kinds

PACKAGE = {
    "name": "quay",
    "scripts": {"build": "webpack", "docs": "typedoc src"},
    "dependencies": {"express": "^4.18.0", "commander": "^11.0.0"},
    "devDependencies": {"eslint": "^8.5.0", "webpack": "^5.6.0", "typedoc": "^0.25.0"},
}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    sources = {"package.json": json.dumps(PACKAGE, indent=2), "linter.js": "export class Linter { build() {} }\n"}
    with asking(tmp_path_factory.mktemp("tools"), sources) as asked:
        yield lambda question: asked(question).answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which linter is used?", "`eslint ^8.5.0`"),
        ("what bundler do they use", "`webpack ^5.6.0`"),
        ("which web framework is it based on", "`express ^4.18.0`"),
        ("What is used for command line parsing?", "`commander ^11.0.0`"),
        ("which ORM?", "No database library"),
        ("Where is Linter defined?", "linter.js"),
        ("where is the build file", "package.json"),
        ("how are the docs generated", "typedoc"),
        ("what is used to package this?", "npm"),
    ],
)
def test_what_is_used_for_something(answer, question, said):
    assert said in answer(question)


def test_no_tool_is_written_in_a_way_that_no_build_file_matches():
    for kind in tool_kinds():
        assert kind.names
        assert all(name == name.lower().strip() for name in kind.names), kind.name
