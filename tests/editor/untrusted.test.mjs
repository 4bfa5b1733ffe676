// A workspace that the user has not trusted: nothing is started and nothing is written, until it is trusted.
import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";

import { startEditor } from "./harness.mjs";

let editor;

before(async () => {
  editor = await startEditor({ settings: { "codeanvil.pythonPath": process.env.EDITOR_PYTHON }, trustAll: false });
});
afterEach((context) => editor?.pictureOfFailure(context));
after(() => editor?.close());

test("nothing runs in an untrusted workspace, and the extension says why", async () => {
  await editor.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  await editor.openFile("include/imaging/image_processor.hpp");
  await editor.statusShows("CodeAnvil: off");
  await editor.status.hover();
  await editor.page.locator(".monaco-hover:visible", { hasText: "until you trust this workspace" }).waitFor();
  await editor.palette("CodeAnvil: Ask");
  const chat = editor.webview();
  await chat.locator(".situation", { hasText: "until you trust this workspace" }).waitFor();
  assert.ok(await chat.getByRole("button", { name: "Ask" }).first().isDisabled());
  await editor.screenshot("untrusted");
  await assert.rejects(access(path.join(editor.workspace, ".codeanvil")), { code: "ENOENT" });
});

test("the server starts when the workspace is trusted", async () => {
  await editor.palette("Workspaces: Manage Workspace Trust");
  await editor.page.getByRole("button", { name: "Trust", exact: true }).click();
  await editor.statusShows(/^\s*CodeAnvil\s*$/);
});
