// Training from the palette to the gate, with the real trainer and the embedded base model on a few files.
import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { problemsOf, violationsOf } from "../accessibility.mjs";

/** Enough for a model to learn something of in a minute; the rest of the workspace is removed before. */
const KEPT = [
  "include/dicom/dicom_reader.hpp",
  "include/imaging/image_processor.hpp",
  "include/imaging/image_reader.hpp",
];

export default function training(shared) {
  test("training says what it will do, and shows how far it is", async () => {
    const { editor } = shared;
    await removeAllBut(editor.workspace, KEPT);
    await until(async () => {
      await editor.palette("CodeAnvil: Update Index and Data Set");
      await editor.page.waitForTimeout(2_000);
      return (await sourcesOf(editor.workspace)).every((source) => KEPT.includes(source));
    });
    await editor.palette("CodeAnvil: Train on Workspace");
    const dialog = editor.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const text = await dialog.innerText();
    for (const said of [
      /Samples: .*\d/,
      /Base model: embedded/,
      /Memory: \d/,
      /Time: about/,
      /Disk: \d/,
      /goes on when/,
    ])
      assert.match(text, said);
    await editor.screenshot("train-dialog");
    await dialog.getByRole("button", { name: "Train", exact: true }).click();

    await editor.statusShows(/training \d+%.* left/, 300_000);
    await editor.status.hover();
    const tooltip = editor.page.locator(".monaco-hover:visible", { hasText: "tokens/s" });
    await tooltip.waitFor();
    assert.match(await tooltip.innerText(), /loss/);
    await editor.screenshot("training");
    await editor.page.mouse.move(700, 300);
  });

  test("a click on the status bar opens the run with its curve", async () => {
    const { editor } = shared;
    await editor.status.click();
    await editor.page.locator('.tab.active[aria-label^="CodeAnvil Runs"]').waitFor();
    const runs = editor.runs();
    await runs.locator(".drawing path.line.loss").waitFor();
    const before = (await runs.locator(".drawing path.line.loss").getAttribute("d")).length;
    await until(async () => (await runs.locator(".drawing path.line.loss").getAttribute("d")).length > before);
    await runs.getByRole("img", { name: /Loss by step/ }).press("End");
    await runs.getByText(/^Step \d+: training/).waitFor();
  });

  test("a run is paused and goes on", async () => {
    const { editor } = shared;
    await editor.runs().getByRole("button", { name: "Pause" }).click();
    await editor.statusShows(/training paused at \d+%/);
    await editor.runs().getByRole("button", { name: "Resume" }).click();
    await editor.statusShows(/training \d+%/);
  });

  test("a reloaded window goes on showing the run and its view, and stops it", async () => {
    const { editor } = shared;
    await editor.page.reload();
    await editor.statusShows(/training \d+%/);
    await editor.runs().locator(".drawing path.line.loss").waitFor();
    await editor.palette("CodeAnvil: Stop Training");
    await editor.statusShows("training stopped");
    const toast = editor.page.locator(".notification-toast", { hasText: "stopped training" });
    await toast.waitFor();
    await editor.screenshot("stopped");
    await toast.getByRole("button", { name: "Resume" }).click();
    await editor.statusShows(/training \d+%/);
  });

  test("at the end the gate's verdict is told, and the run can be compared", async () => {
    const { editor } = shared;
    const toast = editor.page.locator(".notification-toast", { hasText: "CodeAnvil has finished training" });
    await toast.waitFor({ timeout: 900_000 });
    assert.match(await toast.innerText(), /held-out questions/);
    await editor.screenshot("gate");
    await toast.getByRole("button", { name: "Compare" }).click();
    const runs = editor.runs();
    await runs.locator(".gate", { hasText: /held-out questions/ }).waitFor();
    await editor.palette("View: Close Primary Side Bar");
    await editor.screenshot("runs");
  });

  test("the run view has its numbers as a table too, is accessible, and lets nothing foreign in", async () => {
    const { editor } = shared;
    const runs = editor.runs();
    const frame = await editor.frameOf("#view");
    // Before axe looks, which leaves its own traces in the page.
    assert.deepEqual(await problemsOf(frame), []);
    assert.deepEqual(await violationsOf(frame), []);
    await runs.getByRole("button", { name: "Show as Table" }).click();
    assert.ok((await runs.getByRole("table", { name: "Loss by step" }).getByRole("row").count()) > 3);
    assert.deepEqual(await violationsOf(frame), []);
    await runs.getByRole("button", { name: "Show as Curve" }).click();
    await editor.theme("Dark 2026");
    await editor.palette("CodeAnvil: Show Runs");
    await editor.runs().locator(".drawing").waitFor();
    await editor.screenshot("runs-dark");
    assert.deepEqual(await violationsOf(await editor.frameOf("#view")), []);
    await editor.palette("CodeAnvil: Ask");
    await editor.screenshot("chat-dark");
    assert.deepEqual(await violationsOf(await editor.frameOf("#ask")), []);
    await editor.theme();
  });

  test("the tuned model answers when it is in use, and can be taken back", async () => {
    const { editor } = shared;
    await editor.palette("CodeAnvil: New Conversation");
    const question = editor.chat().getByLabel("Question");
    await question.fill("/stale");
    await question.press("Enter");
    const stale = editor.chat().locator(".turn").last();
    await stale.locator(".answer", { hasText: /Nothing has changed since run|No trained model is in use/ }).waitFor();
    if (/No trained model/.test(await stale.innerText())) return assert.fail("The gate did not put the run to use.");
    await question.fill("What does DicomReader do?");
    await question.press("Enter");
    const turn = editor.chat().locator(".turn").last();
    await turn.getByText(/Written by|From the index/).waitFor({ timeout: 300_000 });
    await editor.palette("CodeAnvil: Roll Back to the Model Before");
    await editor.page.locator(".notification-toast", { hasText: "No trained model is in use now" }).waitFor();
    await editor.palette("View: Close All Editors");
    await editor.palette("Notifications: Clear All Notifications");
  });
}

async function removeAllBut(folder, kept) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (entry.isFile() && !name.startsWith(".") && !kept.includes(name)) await rm(file);
  }
}

/** The files that the data set is about. */
async function sourcesOf(folder) {
  const lines = (await readFile(path.join(folder, ".codeanvil", "training_data.jsonl"), "utf8")).trim().split("\n");
  return [...new Set(lines.map((line) => JSON.parse(line).source))].filter(Boolean);
}

async function until(condition, timeout = 120_000) {
  const end = Date.now() + timeout;
  while (!(await condition())) {
    assert.ok(Date.now() < end, "It did not come to be in time.");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
