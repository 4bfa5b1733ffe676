"""Outlines of files, the search for symbols, and what becomes of them in files that are being edited."""

from pathlib import Path

from lsprotocol import types

NESTED = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True)
    )
)


async def outline(client, path: Path):
    where = types.TextDocumentIdentifier(path.as_uri())
    return await client.lsp.text_document_document_symbol_async(types.DocumentSymbolParams(where))


async def found(client, query: str) -> list[str]:
    symbols = await client.lsp.workspace_symbol_async(types.WorkspaceSymbolParams(query))
    return [f"{each.container_name}.{each.name}" if each.container_name else each.name for each in symbols]


async def test_members_are_below_their_type(start, project: Path) -> None:
    client = await start(project, capabilities=NESTED)
    (order,) = await outline(client, project / "shop" / "orders.py")
    assert (order.name, order.kind) == ("Order", types.SymbolKind.Class)
    assert order.selection_range == types.Range(types.Position(3, 6), types.Position(3, 11))
    assert (order.range.start.line, order.range.end.line) == (3, 8)
    (total,) = order.children
    assert (total.name, total.kind) == ("total", types.SymbolKind.Method)
    assert total.detail.startswith("def total(self)")


async def test_every_name_is_inside_the_lines_of_its_symbol(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer, capabilities=NESTED)

    def check(symbols, around: types.Range | None) -> int:
        for each in symbols:
            outer, inner = each.range, each.selection_range
            assert (outer.start.line, outer.start.character) <= (inner.start.line, inner.start.character)
            assert (inner.end.line, inner.end.character) <= (outer.end.line, outer.end.character)
            if around:
                assert around.start.line <= outer.start.line <= outer.end.line <= around.end.line
        return len(symbols) + sum(check(each.children, each.range) for each in symbols)

    paths = ["include/imaging/kernel_filter.hpp", "include/dicom/dicom_reader.hpp", "src/imaging/filters.cpp"]
    assert sum([check(await outline(client, dicom_viewer / path), None) for path in paths]) > 20


async def test_clients_without_trees_get_a_list(start, project: Path) -> None:
    client = await start(project)
    symbols = await outline(client, project / "shop" / "orders.py")
    assert [(each.name, each.container_name) for each in symbols] == [("Order", None), ("total", "Order")]
    assert symbols[1].location.range.start.line == 6


async def test_an_outline_ends_where_the_edited_text_ends(start, project: Path) -> None:
    client = await start(project, capabilities=NESTED)
    path = project / "shop" / "orders.py"
    item = types.TextDocumentItem(path.as_uri(), types.LanguageKind.Python, 1, '"""Orders."""\n\n\nclass Order:\n')
    client.lsp.text_document_did_open(types.DidOpenTextDocumentParams(item))
    (order,) = await outline(client, path)
    assert order.range.end.line == 3
    assert not order.children


async def test_an_outline_that_is_asked_for_before_there_is_an_index_waits_for_it(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer, wait=False, capabilities=NESTED)
    path = dicom_viewer / "src" / "imaging" / "filters.cpp"
    assert await outline(client, path)
    assert not await outline(client, dicom_viewer / "no_such_file.cpp")


async def test_no_outline_of_what_is_not_there_or_not_ours(start, project: Path) -> None:
    client = await start(project, capabilities=NESTED)
    assert not await outline(client, project / "no_such_file.py")
    assert not await outline(client, project.parent / "outside.py")


async def test_symbols_are_found_by_letters_the_closest_first(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer)
    assert (await found(client, "DicomReader"))[0] == "dicom.DicomReader"
    assert (await found(client, "dicomreader"))[0] == "dicom.DicomReader"
    assert "imaging.GaussianFilter" in await found(client, "gaufil")
    assert (await found(client, "MedianFilter.apply"))[0] == "imaging.MedianFilter.apply"
    assert (await found(client, "imaging::Image"))[0] == "imaging.Image"
    assert await found(client, "nothing has these letters zzz") == []


async def test_an_empty_query_finds_the_most_used_types(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer)
    assert (await found(client, ""))[0] == "imaging.Image"


async def test_odd_queries_do_no_harm(start, project: Path) -> None:
    client = await start(project)
    for query in ("(", "[a", "\\", ".", "::", "a" * 5_000, "☃", "%_"):
        assert isinstance(await found(client, query), list)


async def test_symbols_of_all_folders_are_found(start, project: Path, dicom_viewer: Path) -> None:
    client = await start(project, dicom_viewer)
    await client.until(
        "codeanvil/indexProgress", lambda told: (told["workspace"], told["state"]) == (str(dicom_viewer), "ready")
    )
    await client.until(
        "codeanvil/indexProgress", lambda told: (told["workspace"], told["state"]) == (str(project), "ready")
    )
    names = await found(client, "r")
    assert "RushOrder" in names and "dicom.DicomReader" in names


async def test_other_language_servers_are_left_the_outline(start, project: Path) -> None:
    client = await start(project, capabilities=NESTED, settings={"editor": {"symbols": False}})
    assert not await outline(client, project / "shop" / "orders.py")
    assert await found(client, "Order") == []
