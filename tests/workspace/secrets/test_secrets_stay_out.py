"""Secrets planted in sources, comments and build files reach nothing that is kept, taught or answered."""

import contextlib
import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.workspace.secrets.fakes import KEY, PASSWORD, TOKENS, drawn

from codeanvil.answers.ask import ask
from codeanvil.cli.index import fact
from codeanvil.workspace.dataset import write_dataset
from codeanvil.workspace.location import index_path

GITHUB, STRIPE, JWT = TOKENS["GitHub Token"], TOKENS["Stripe Access Key"], TOKENS["JSON Web Token"]
BODY = drawn(64)

FILES = {
    "bank/login.py": f'''"""Logs in; the key is {GITHUB}."""


class Login:
    """A login, by default with {STRIPE}."""

    def connect(self, password="{PASSWORD}", key="{KEY}"):
        """Connect with token {JWT}."""
        return password

    def renew(self, *, api_key="{KEY}"): ...  # or {GITHUB}
''',
    "bank/Login.java": f'/** Uses {GITHUB}. */\npublic class JavaLogin {{\n  void open(String p) {{ set("password", "{PASSWORD}"); }}\n}}\n',
    "bank/login.ts": f"/** Asks with {STRIPE}. */\nexport function login(password: string = '{PASSWORD}', key = `{KEY}`) {{}}\n",
    "bank/login.h": f'/** Uses {GITHUB}. */\nclass Vault {{ void open(const char* password = "{PASSWORD}"); }};\n#define VAULT_KEY "{KEY}"\n',
    "bank/key.go": f"package bank\n\n// Key is {GITHUB}.\nconst key = `-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----`\n",
    "CMakeLists.txt": f"""cmake_minimum_required(VERSION 3.20)
project(bank)
# Deploy with {GITHUB}
option(BANK_TLS "Encrypt, with {STRIPE}" ON)
set(DB_PASSWORD "{PASSWORD}" CACHE STRING "the password, {JWT}")
add_executable(bank main.cpp)
add_custom_target(deploy COMMAND deploy --token {KEY} --password {PASSWORD} COMMENT "Deploy with {GITHUB}")
""",
    "pyproject.toml": f'[project]\nname = "bank"\nversion = "1"\ndescription = "with {GITHUB}"\n'
    f'dependencies = ["bank @ https://me:{PASSWORD}@example.org/bank.tar.gz"]\n'
    f'[tool.poetry.scripts]\nship = "bank:ship --password={PASSWORD}"\n',
    "package.json": json.dumps({"name": "bank", "scripts": {"ship": f"ship --token {KEY} --password {PASSWORD}"}}),
    "Makefile": f"export DB_PASSWORD := {PASSWORD}\n\nship: ## Ships with {GITHUB}\n\tcurl -u me:{PASSWORD} -H 'Authorization: Bearer {KEY}' x\n",
    "Dockerfile": f"FROM python:3.11\nENV DB_PASSWORD={PASSWORD} API_KEY={KEY}\nRUN ship --token {GITHUB}\n",
    "compose.yaml": f"services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: {PASSWORD}\n      KEY: {KEY}\n",
    "pom.xml": f"<project><artifactId>bank</artifactId><properties><db.password>{PASSWORD}</db.password>"
    f"<key>{KEY}</key></properties></project>",
    ".github/workflows/ci.yml": f"name: CI\non: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    env:\n      TOKEN: {GITHUB}\n"
    f"    steps:\n      - run: ship --password {PASSWORD}\n",
    "README.md": f"# Bank\n\nLog in with {GITHUB}.\n\n## Set up with {STRIPE}\n\n```\nexport DB_PASSWORD={PASSWORD}\n```\n\n"
    f"The password: {PASSWORD}. The token is {JWT}.\n",
    "docs/keys.rst": f"Keys\n====\n\nSend ``Authorization: Bearer {KEY}`` or {GITHUB}.\n\n::\n\n    password = {PASSWORD}\n",
    "docs/ship.adoc": f"= Ship\n\n----\nship --token {GITHUB} --password {PASSWORD}\n----\n",
    ".env": f"PASSWORD={PASSWORD}\n",
    ".npmrc": f"//registry.example/:_authToken={KEY}\n",
}  # fmt: skip
PLANTED = (PASSWORD, KEY, GITHUB, STRIPE, JWT, BODY)

QUESTIONS = [
    "What is the signature of connect?",
    "What does Login do?",
    "What does connect do?",
    "How do I deploy?",
    "Which options does the build have?",
    "What does ship run?",
    "What is DB_PASSWORD?",
    "Which dependencies are there?",
    "Show me Login",
    "What is in compose.yaml?",
    "What does the README say about the password?",
]


def leaks(text: str) -> list[str]:
    return [secret for secret in PLANTED if secret in text or secret[4:24] in text]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, open_project: Any) -> Any:
    root = tmp_path_factory.mktemp("secrets") / "bank"
    root.mkdir()
    project = open_project(root)
    project.write(FILES)
    project.index()
    project.make_samples()
    return project


def test_they_are_counted_by_kind_and_not_shown(bank: Any) -> None:
    with bank.store() as store:
        report = store.report()
    assert {"GitHub Token", "Stripe Access Key", "JSON Web Token", "Private Key", "Secret Keyword"} <= set(
        report.secrets
    )
    assert report.left_out["holds secrets by its name"] == 2
    assert not leaks(repr(report))


def test_no_table_holds_one(bank: Any) -> None:
    db = sqlite3.connect(index_path(bank.root, bank.settings))
    tables = []
    for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
        if "fts5" in sql:  # its text is not kept; these are the words it is found by
            db.execute(f"CREATE VIRTUAL TABLE temp.{name}_terms USING fts5vocab(main, {name}, row)")
            tables.append(f"{name}_terms")
        else:
            tables.append(name)
    seen = 0
    for table in tables:
        for row in db.execute(f"SELECT * FROM {table}"):
            for value in row:
                seen += 1
                assert not leaks(readable(value)), (table, row)
    db.close()
    assert seen > 500


def readable(value: object) -> str:
    if isinstance(value, bytes):
        with contextlib.suppress(zlib.error):
            value = zlib.decompress(value)
        return value.decode("utf-8", "replace")
    return str(value)


def test_no_file_of_the_data_folder_holds_one(bank: Any) -> None:
    write_dataset(bank.root, bank.settings)
    files = [path for path in (bank.root / ".codeanvil").rglob("*") if path.is_file()]
    assert any(path.name == "training_data.jsonl" and path.stat().st_size > 10_000 for path in files)
    for path in files:
        assert not leaks(path.read_bytes().decode("latin-1")), path


def test_facts_hold_none_and_keep_their_names(bank: Any) -> None:
    with bank.store() as store:
        facts = [fact(symbol) for file in store.files() for symbol in store.symbols_in(file.path)]
        builds = repr(store.builds())
    assert not leaks(json.dumps(facts))
    assert not leaks(builds)
    assert {"Login", "connect", "renew", "JavaLogin", "Vault"} <= {str(each["name"]) for each in facts}
    assert "<secret>" in json.dumps(facts)
    assert "<secret>" in builds


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_hold_none(bank: Any, question: str) -> None:
    with bank.store() as store:
        answer = ask(question, store, None, root=Path(bank.root))
    assert not leaks(json.dumps(answer.row()))
