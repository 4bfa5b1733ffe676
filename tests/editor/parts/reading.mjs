// What the index gives without a question: hover, and the samples of a file.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function reading(shared) {
  test("hover on a class shows what the index knows of it", async () => {
    const { editor } = shared;
    await editor.openFile("include/imaging/image_processor.hpp");
    const text = await editor.hover("class ImageProcessor", "ImageProcessor");
    assert.match(text, /ImageProcessor/);
    assert.match(text, /Runs a chain of filters over an image/);
    await editor.screenshot("hover");
    await editor.page.mouse.move(1000, 700);
  });

  test("the samples that were made from a file are shown beside it", async () => {
    const { editor } = shared;
    await editor.palette("CodeAnvil: Show Samples of This File");
    const samples = editor.page.locator(".editor-group-container").last();
    await samples.locator(".view-line", { hasText: /samples.from.include/ }).waitFor();
    await editor.screenshot("samples");
    await editor.palette("View: Close All Editors");
  });
}
