// The whole way in a real VS Code: open a folder, hover, ask, train, and what is said when Python is missing.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { lineOf, startEditor } from "./harness.mjs";

const HEADER = "include/imaging/image_processor.hpp";
const READY = /^\s*CodeAnvil(: training stopped)?\s*$/;
let editor;

before(async () => {
  editor = await startEditor({ settings: { "codeanvil.pythonPath": process.env.EDITOR_PYTHON } });
});
afterEach((context) => editor?.pictureOfFailure(context));
after(() => editor?.close());

test("the index is made when the folder is opened", async () => {
  await editor.openFile(HEADER);
  await editor.statusShows(READY);
  await editor.screenshot("ready");
});

test("hover on a class shows what the index knows of it", async () => {
  const text = await editor.hover("class ImageProcessor", "ImageProcessor");
  assert.match(text, /ImageProcessor/);
  assert.match(text, /Runs a chain of filters over an image/);
  await editor.screenshot("hover");
  await editor.page.mouse.move(1000, 700);
});

test("an answer in the chat view has a link that opens the line", async () => {
  await editor.palette("CodeAnvil: Ask");
  const chat = editor.webview();
  await chat.getByLabel("Question").fill("Where is the class DicomReader?");
  await chat.getByLabel("Question").press("Enter");
  const turn = chat.locator(".turn.answered");
  await turn.waitFor();
  assert.match(await turn.innerText(), /DicomReader/);
  assert.match(await turn.innerText(), /From the index · up to date/);
  await editor.screenshot("answer");

  const file = "include/dicom/dicom_reader.hpp";
  await turn.locator(`a[data-path="${file}"]`).first().click();
  await editor.page.locator('.tab.active[data-resource-name="dicom_reader.hpp"]').waitFor();
  assert.equal(await editor.cursorLine(), await lineOf(file, "class DicomReader"));
});

test("slash commands are completed, and go back to the cursor for a name", async () => {
  const chat = editor.webview();
  const question = chat.getByLabel("Question");
  await question.click();
  await question.pressSequentially("/me");
  await chat.getByRole("option", { name: "/methods type" }).waitFor();
  await editor.screenshot("slash");
  await question.press("Tab");
  assert.equal(await question.inputValue(), "/methods ");
  await question.press("Enter");
  const turn = chat.locator(".turn.answered").nth(1);
  await turn.waitFor();
  assert.match(await turn.innerText(), /canRead/);
});

test("a name that is not there is said not to be", async () => {
  const chat = editor.webview();
  await chat.getByLabel("Question").fill("What does the class ThumbnailCache do?");
  await chat.getByLabel("Question").press("Enter");
  const turn = chat.locator(".turn.answered").nth(2);
  await turn.waitFor();
  assert.match(await turn.innerText(), /no .*ThumbnailCache/);
  await editor.screenshot("chat");
});

test("training says what it will do and shows how far it is", async () => {
  await editor.palette("CodeAnvil: Train on Workspace");
  const dialog = editor.page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /samples/);
  await editor.screenshot("train-dialog");
  await dialog.getByRole("button", { name: "Train", exact: true }).click();

  await editor.statusShows(/training \d+%.* left/, 300_000);
  await editor.status.hover();
  const tooltip = editor.page.locator(".monaco-hover:visible", { hasText: "tokens/s" });
  await tooltip.waitFor();
  assert.match(await tooltip.innerText(), /loss/);
  await editor.screenshot("training");
});

test("a reloaded window goes on showing the run, and stops it", async () => {
  await editor.page.reload();
  await editor.statusShows(/training \d+%/);
  await editor.palette("CodeAnvil: Stop Training");
  await editor.statusShows("training stopped");
  await editor.page.locator(".notification-toast", { hasText: "stopped training" }).waitFor();
  await editor.screenshot("stopped");
});

test("a server that ends at once is told of once, and can be started again", async () => {
  await editor.writeSettings({ "codeanvil.serverPath": "/bin/false" });
  const toasts = editor.page.locator(".notification-toast");
  await toasts.filter({ hasText: /The server (ended before it was ready|did not start)/ }).waitFor();
  await editor.statusShows("not running");
  await editor.screenshot("server-ended");
  assert.equal(await toasts.filter({ hasText: /server/i }).count(), 1);
  await editor.writeSettings({ "codeanvil.pythonPath": process.env.EDITOR_PYTHON });
  await editor.statusShows(READY);
});

test("a Python that will not do is told with the remedies", async () => {
  await editor.writeSettings({ "codeanvil.pythonPath": "/nowhere/python3" });
  const toast = editor.page.locator(".notification-toast", { hasText: "/nowhere/python3" });
  await toast.waitFor();
  assert.match(await toast.innerText(), /is not there/);
  for (const remedy of ["Choose Python", "Copy Install Command"]) {
    await toast.getByRole("button", { name: remedy }).waitFor();
  }
  await editor.screenshot("no-python");

  await editor.writeSettings({ "codeanvil.pythonPath": process.env.EDITOR_PYTHON });
  await editor.statusShows(READY);
});
