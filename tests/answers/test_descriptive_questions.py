"""Questions that name nothing and describe what they are after; constants; what types have from each other."""

import pytest
from tests.answers.asking import asking

from codeanvil.answers.understanding.kin import alike

SOURCES = {
    "quay/cookies.py": "class CookieJar:\n    pass\n\n\nclass CookiesMiddleware:\n    def process(self): pass\n",
    "quay/exporters.py": (
        "class BaseItemExporter:\n    def start(self): pass\n    def export(self): pass\n"
        "    def finish(self): pass\n\n\n"
        "class CsvItemExporter(BaseItemExporter):\n    def export(self): pass\n\n\n"
        "class JsonItemExporter(BaseItemExporter):\n    def export(self): pass\n\n\n"
        "class Item:\n    pass\n"
    ),
    "quay/tide.py": "import enum\n\n\nclass Tide(enum.Enum):\n    LOW = 1\n    HIGH = 2\n",
    "tests/test_item.py": "from quay.exporters import Item\n\n\ndef test_it():\n    Item()\n",
    "quay/defaults.py": "LOG_LEVEL: str = 'DEBUG'\nTIDE_DELAY = 3\n",
    "quay/pier.py": (
        "from quay.defaults import TIDE_DELAY\n\n\nclass Pier:\n    def tide_delay(self):\n        return TIDE_DELAY\n"
    ),
}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    with asking(tmp_path_factory.mktemp("described"), SOURCES) as asked:
        yield lambda question: asked(question).answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which class handles cookies?", ["`CookiesMiddleware`"]),
        ("what class should I use to export to CSV", ["`CsvItemExporter`"]),
        ("all the item exporters please", ["`BaseItemExporter`", "`CsvItemExporter`", "`JsonItemExporter`"]),
        ("Where is LOG_LEVEL set?", ["quay/defaults.py:1", "LOG_LEVEL: str = 'DEBUG'"]),
        ("where is TIDE_DELAY defined", ["quay/defaults.py:2"]),
        ("Which methods does CsvItemExporter inherit?", ["inherits `start` and `finish`", "overrides `export`"]),
        ("What methods does JsonItemExporter override from its parent?", ["overrides `export`"]),
        ("What are the most important classes?", ["The main types"]),
        ("Show me the code of CookiesMiddleware", ["quay/cookies.py:5", "```python\nclass CookiesMiddleware:"]),
        ("Which values does Tide have?", ["LOW = 1", "HIGH = 2"]),
        ("tests for Item", ["is tested in [tests/test_item.py:1]"]),
        ("is Pier tested", ["No test of this workspace mentions `Pier`"]),
    ],
)
def test_what_is_described_is_found(answer, question, said):
    text = answer(question)
    assert all(each in text for each in said), text


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("cookies", "cookie", True),
        ("exporter", "export", True),
        ("caching", "cache", True),
        ("retries", "retry", True),
        ("user", "used", False),
        ("compress", "compute", False),
        ("test", "text", False),
    ],
)
def test_forms_of_one_word_are_alike_and_other_words_are_not(first, second, same):
    assert alike(first, second) is same
