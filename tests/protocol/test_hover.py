"""Hover: the card of what is under the cursor, from the index."""

import asyncio
from pathlib import Path

from lsprotocol import types


def place(path: Path, text: str, word: str) -> tuple[int, int]:
    """Line and column (from 0) of `word` in the line that holds `text`."""
    for number, line in enumerate(path.read_text().splitlines()):
        if text in line:
            return number, line.index(text) + text.index(word) + 1
    raise AssertionError(f"no line of {path} holds {text}")


async def card(client, path: Path, text: str, word: str) -> str:
    hover = await client.hover(path, *place(path, text, word))
    assert hover is not None, f"no hover on {word}"
    assert isinstance(hover.contents, types.MarkupContent)
    return hover.contents.value


async def test_a_class_is_told_with_bases_derived_and_methods(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer)
    header = dicom_viewer / "include" / "imaging" / "kernel_filter.hpp"
    text = await card(client, header, "class KernelFilter", "KernelFilter")
    assert "**class** `imaging.KernelFilter`" in text
    assert "convolves the image with a square kernel" in text
    assert "Bases: `Filter`" in text
    assert "Derived: `GaussianFilter`, `SharpenFilter`" in text
    assert "`weights`" in text
    assert f"({header.as_uri()}#L11)" in text


async def test_a_use_elsewhere_finds_the_definition(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer)
    text = await card(
        client, dicom_viewer / "src/viewer/study_manager.cpp", "make_unique<dicom::DicomReader>", "DicomReader"
    )
    assert "**class** `dicom.DicomReader`" in text
    assert "Bases: `ImageReader`" in text


async def test_the_qualifier_picks_the_class(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer)
    path = dicom_viewer / "src/imaging/filters.cpp"
    assert "imaging.MedianFilter.apply" in await card(client, path, "Image MedianFilter::apply", "apply")
    assert "imaging.KernelFilter.apply" in await card(client, path, "Image KernelFilter::apply", "apply")


async def test_no_hover_on_what_is_no_symbol(start, project: Path) -> None:
    client = await start(project)
    orders = project / "shop" / "orders.py"
    assert await client.hover(orders, 1, 0) is None
    assert await client.hover(orders, *place(orders, "return 0.0", "return")) is None
    assert await client.hover(project / "no_such_file.py", 0, 0) is None
    assert await client.hover(project.parent / "outside.py", 0, 0) is None


async def test_hover_reads_the_editor_s_text_in_the_units_agreed_on(start, project: Path) -> None:
    path = project / "shop" / "orders.py"
    text = "😋\u2028 = 1; Order\n"
    for encoding, column in ((types.PositionEncodingKind.Utf8, 17), (types.PositionEncodingKind.Utf16, 12)):
        client = await start(
            project,
            capabilities=types.ClientCapabilities(
                general=types.GeneralClientCapabilities(position_encodings=[encoding])
            ),
        )
        client.lsp.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(path.as_uri(), types.LanguageKind.Python, 1, text))
        )
        hover = await client.hover(path, 0, column)
        assert hover is not None and hover.range is not None
        assert "`shop" in hover.contents.value or "`Order`" in hover.contents.value
        assert hover.range.end.character - hover.range.start.character == len("Order")


async def test_plain_text_for_clients_without_markdown(start, project: Path) -> None:
    hovers = types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText])
    client = await start(
        project, capabilities=types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities(hover=hovers))
    )
    orders = project / "shop" / "orders.py"
    hover = await client.hover(orders, *place(orders, "class Order", "Order"))
    assert hover is not None
    assert hover.contents.kind == types.MarkupKind.PlainText
    assert "**" not in hover.contents.value


async def test_hovers_are_answered_while_the_index_is_being_made(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer, wait=False)
    path = dicom_viewer / "include/imaging/image.hpp"
    async with asyncio.timeout(2):
        await client.hover(path, *place(path, "class Image", "Image"))
    await client.indexed()
    assert "A greyscale image" in await card(client, path, "class Image", "Image")
