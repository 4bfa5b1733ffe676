// A workspace that the user has not trusted: hover, and nothing of it is run or written, until it is trusted.
import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

export default function untrusted(shared) {
  test("in an untrusted workspace there is hover only, and the extension says why", async () => {
    const { editor } = shared;
    await editor.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await editor.openFile("include/imaging/image_processor.hpp");
    await editor.statusShows("CodeAnvil: hover only");
    assert.match(await editor.hover("class ImageProcessor", "ImageProcessor"), /Runs a chain of filters over an image/);
    assert.equal(await editor.page.getByText("· explain").count(), 0, "there are lenses");
    await editor.palette("CodeAnvil: Ask");
    const chat = editor.chat();
    await chat.locator(".situation", { hasText: "until you trust this workspace" }).waitFor();
    assert.ok(await chat.getByRole("button", { name: "Ask (Enter)" }).isDisabled());
    await editor.screenshot("untrusted");
    await assert.rejects(access(path.join(editor.workspace, ".codeanvil")), { code: "ENOENT" });
    await editor.page.mouse.move(1000, 700);
  });

  test("the server starts when the workspace is trusted", async () => {
    const { editor } = shared;
    await editor.chat().getByRole("button", { name: "Manage Workspace Trust" }).click();
    await editor.page.getByRole("button", { name: "Trust", exact: true }).click();
    await editor.statusShows(editor.READY);
    await editor.page.keyboard.press("Control+W");
  });
}
