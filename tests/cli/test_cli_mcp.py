"""`codeanvil mcp` through the official client: tools read the index, follow the files, and say what is not there."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.cli.conftest import CommandLine

from codeanvil.workspace.index.fresh import FRESH_SECONDS

mcp = pytest.importorskip("mcp", reason="lacks the extra mcp")


@asynccontextmanager
async def client(codeanvil: CommandLine) -> AsyncIterator[Any]:
    from mcp import ClientSession, StdioServerParameters, stdio_client

    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "codeanvil.cli", "mcp", str(codeanvil.root)],
        env=os.environ | codeanvil.environment,
    )
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


async def call(session: Any, tool: str, **arguments: Any) -> Any:
    result = await session.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def test_the_five_tools_are_offered_and_only_read(codeanvil: CommandLine) -> None:
    async with client(codeanvil) as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    assert set(tools) == {"ask", "find_symbol", "describe_type", "build_info", "training_status"}
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools.values())


async def test_tools_answer_from_the_index_and_follow_the_files(codeanvil: CommandLine) -> None:
    async with client(codeanvil) as session:
        (circle,) = (await call(session, "describe_type", name="Circle"))["types"]
        assert circle["bases"] == ["Shape"]
        assert [member["qualified"] for member in circle["members"]] == ["Circle.radius"]
        found = await call(session, "find_symbol", name="area")
        assert found["exact"] and found["symbols"][0]["qualified"] == "Shape.area"
        answer = await call(session, "ask", question="Where is the class Circle?")
        assert answer["found"] and answer["citations"][0]["symbol"] == "Circle"
        missing = await call(session, "find_symbol", name="Cirlce")
        assert not missing["exact"] and "Circle" in missing["nearest"]
        state = await call(session, "training_status")
        assert state["index"]["symbols"] and state["run"] is None
        (codeanvil.root / "later.py").write_text("class Later:\n    pass\n")
        await asyncio.sleep(FRESH_SECONDS + 0.1)
        assert (await call(session, "find_symbol", name="Later"))["symbols"][0]["path"] == "later.py"


async def test_a_question_that_cannot_be_answered_is_an_error_with_a_sentence(codeanvil: CommandLine) -> None:
    async with client(codeanvil) as session:
        result = await session.call_tool("ask", {"question": "  "})
    assert result.is_error and "There is no question" in result.content[0].text


def test_a_folder_that_is_not_there_is_a_sentence_before_the_protocol_begins(codeanvil: CommandLine) -> None:
    result = codeanvil("mcp", "/no/such/folder", workspace=False)
    assert "/no/such/folder" in result.failed(1)
