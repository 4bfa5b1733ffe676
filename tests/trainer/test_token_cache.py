"""A sample is tokenised once: kept by its content, its tokenizer and its template."""

import copy
import sqlite3

import pytest
from tests.trainer.conftest import facts_rows

from codeanvil.contract import RunFolder
from codeanvil_trainer.tokens import cache
from codeanvil_trainer.tokens.data import encode_rows
from codeanvil_trainer.training.setup import prepare

ROWS = [*facts_rows(5), {"instruction": "Größe?", "input": "日本語", "output": "🙂"}]


@pytest.fixture
def tokenised(monkeypatch):
    """The samples that were really tokenised."""
    seen = []
    real = cache.encode_sample
    monkeypatch.setattr(cache, "encode_sample", lambda *given: seen.append(given[2]) or real(*given))
    return seen


def test_what_is_kept_is_what_tokenising_gives_and_is_not_tokenised_again(tiny_tokenizer, tmp_path, tokenised):
    plain = encode_rows(ROWS, tiny_tokenizer, 96).samples
    tokenised.clear()
    first = encode_rows(ROWS, tiny_tokenizer, 96, tmp_path).samples
    assert len(tokenised) == len(ROWS)
    second = encode_rows(list(reversed(ROWS)), tiny_tokenizer, 96, tmp_path).samples
    assert first == plain == second[::-1]
    assert len(tokenised) == len(ROWS)


def test_a_changed_sample_alone_is_tokenised(tiny_tokenizer, tmp_path, tokenised):
    encode_rows(ROWS, tiny_tokenizer, 96, tmp_path)
    tokenised.clear()
    changed = [*ROWS[:2], ROWS[2] | {"output": "It moved."}, *ROWS[3:], ROWS[0]]
    assert len(encode_rows(changed, tiny_tokenizer, 96, tmp_path).samples) == 7
    assert tokenised == ["It moved."]


def test_a_shorter_limit_cuts_what_was_kept_whole(tiny_tokenizer, tmp_path):
    encode_rows(ROWS, tiny_tokenizer, 96, tmp_path)
    wanted = encode_rows(ROWS, tiny_tokenizer, 30)
    found = encode_rows(ROWS, tiny_tokenizer, 30, tmp_path)
    assert (found.samples, found.cut, found.dropped) == (wanted.samples, wanted.cut, wanted.dropped)
    assert found.cut


def test_another_template_or_vocabulary_is_another_cache(tiny_tokenizer, tmp_path):
    other = copy.deepcopy(tiny_tokenizer)
    other.chat_template = tiny_tokenizer.chat_template.replace("### Response", "### Answer")
    larger = copy.deepcopy(tiny_tokenizer)
    larger.add_tokens(["ImageProcessor"])
    for tokenizer in (tiny_tokenizer, other, larger):
        assert encode_rows(ROWS, tokenizer, 96, tmp_path).samples == encode_rows(ROWS, tokenizer, 96).samples
    assert len(list(tmp_path.glob("*.db"))) == 3


def test_what_nobody_used_for_long_is_forgotten(tiny_tokenizer, tmp_path, monkeypatch):
    encode_rows(ROWS, tiny_tokenizer, 96, tmp_path)
    later = cache.time.time() + (cache.KEPT_DAYS + 2) * 86_400
    monkeypatch.setattr(cache.time, "time", lambda: later)
    encode_rows(ROWS[:2], tiny_tokenizer, 96, tmp_path)
    (path,) = tmp_path.glob("*.db")
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM tokens").fetchone() == (2,)
    database.close()


@pytest.mark.parametrize("damage", ["garbage", "a folder", "another table"])
def test_a_cache_that_cannot_be_used_costs_time_and_nothing_else(tiny_tokenizer, tmp_path, damage):
    wanted = encode_rows(ROWS, tiny_tokenizer, 96, tmp_path).samples
    (path,) = tmp_path.glob("*.db")
    path.unlink()
    if damage == "garbage":
        path.write_bytes(b"not a database " * 100)
    elif damage == "a folder":
        path.mkdir()
    else:
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE tokens (other TEXT)")
        database.close()
    assert encode_rows(ROWS, tiny_tokenizer, 96, tmp_path).samples == wanted


def test_a_run_finds_what_the_run_before_it_kept(make_run, tmp_path, tokenised):
    first = make_run("runs/one")
    prepare(first, resume=False)
    assert first.token_cache == tmp_path / "tokens" and len(tokenised) == 54
    prepare(make_run("runs/two"), resume=False)
    assert len(tokenised) == 54
    assert RunFolder(tmp_path / "elsewhere").token_cache == tmp_path / "elsewhere" / "tokens"
