"""What views of runs and samples ask the server for."""

from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException
from tests.protocol.test_training import PROGRESS, Trainer, in_state
from tests.protocol.test_training import trainer as trainer


async def test_a_run_is_told_with_its_curve_data_and_log(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=40)
    client = await start(project, settings=trainer.settings)
    begun = await client.command("train")
    await client.until(PROGRESS, in_state("finished"))
    told = await client.command("run", {"run": begun["run"]})
    assert [point[0] for point in told["curve"]] == list(range(1, 41))
    assert told["curve"][-1][1] == told["loss"]
    assert told["validation"][-1][1] == told["validation_loss"]
    assert told["data"]["train"] > 0
    assert told["files"] > 0
    assert told["config"]["base_model"] == "embedded"
    assert [event["kind"] for event in told["events"]][-1] == "finished"
    listed = await client.command("runs")
    assert [(row["id"], row["active"]) for row in listed] == [(begun["run"], True)]


async def test_a_run_is_put_to_use_and_taken_back_by_hand(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=2)
    client = await start(project, settings=trainer.settings)
    begun = await client.command("train")
    await client.until(PROGRESS, in_state("finished"))
    assert (await client.command("status"))["active"]["run"] == begun["run"]
    assert (await client.command("rollback"))["active"] is None
    assert (await client.command("promote", {"run": begun["run"]}))["active"]["run"] == begun["run"]
    with pytest.raises(JsonRpcException, match="There is no run 'nothing'"):
        await client.command("promote", {"run": "nothing"})


async def test_what_has_changed_since_the_model_in_use_was_trained(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=2)
    client = await start(project, settings=trainer.settings)
    assert "No trained model is in use" in (await client.command("stale"))["answer"]
    await client.command("train")
    await client.until(PROGRESS, in_state("finished"))
    await client.command("status")
    assert "Nothing has changed" in (await client.command("stale"))["answer"]
    (project / "shop" / "rush.py").unlink()
    (project / "shop" / "late.py").write_text("class LateOrder:\n    pass\n")
    with (project / "shop" / "orders.py").open("a") as file:
        file.write("\n\nclass Refund:\n    pass\n")
    for name in ("rush.py", "late.py", "orders.py"):
        client.changed(project / "shop" / name)
    answer = await client.command("stale")
    for line in ("1 changed: [shop/orders.py", "1 new: [shop/late.py", "1 gone: `shop/rush.py`"):
        assert line in answer["answer"]
    assert {citation["path"] for citation in answer["citations"]} == {"shop/orders.py", "shop/late.py"}


async def test_samples_of_a_file_are_shown_with_question_and_answer(start, project: Path) -> None:
    client = await start(project)
    found = await client.command("samples", {"source": "shop/orders.py"})
    assert {row["source"] for row in found["rows"]} == {"shop/orders.py"}
    assert f"## 1 of {len(found['rows'])}: {found['rows'][0]['kind']}" in found["text"]
    assert found["rows"][0]["output"] in found["text"]
    with pytest.raises(JsonRpcException, match=r"There is no nowhere\.py in the index"):
        await client.command("samples", {"source": "nowhere.py"})
