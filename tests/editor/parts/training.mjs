// Training from the palette to the gate, with the real trainer and the embedded base model on a few files.
import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { problemsOf, violationsOf } from "../accessibility.mjs";
import { until } from "../harness.mjs";
import { askInView } from "./chat.mjs";

/** Enough for a model to learn something of in a minute; the rest of the workspace is removed before. */
const KEPT = [
  "include/dicom/dicom_reader.hpp",
  "include/imaging/image_processor.hpp",
  "include/imaging/image_reader.hpp",
];

/** What is said below an answer for which a model was asked, whose words the check did not let through. */
const REFUSED = "^From the index: the model's words did not pass the check";

export default function training(shared) {
  test("training says what it will do, and shows how far it is", async () => {
    const { editor } = shared;
    await removeAllBut(editor.workspace, KEPT);
    await editor.palette("CodeAnvil: Update Index and Data Set");
    await until(async () => {
      const sources = await sourcesOf(editor.workspace);
      return sources.length > 0 && sources.every((source) => KEPT.includes(source));
    }, "the data set has files that are gone");
    await editor.palette("CodeAnvil: Train on Workspace");
    const dialog = editor.page.locator(".monaco-dialog-box");
    await dialog.waitFor({ timeout: 300_000 });
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
    assert.match(await editor.tooltip("tokens/s"), /loss/);
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
    await until(
      async () => (await runs.locator(".drawing path.line.loss").getAttribute("d")).length > before,
      "the curve does not grow",
    );
    // What is drawn anew meanwhile takes the key's answer along.
    await until(async () => {
      await runs.getByRole("img", { name: /Loss by step/ }).press("End");
      return runs.getByText(/^Step \d+: training/).isVisible();
    }, "the chart does not say its last step");
  });

  test("a run is paused and goes on", async () => {
    const { editor } = shared;
    await editor.palette("CodeAnvil: Show Runs");
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
    const toast = await editor.toast("stopped training");
    await editor.screenshot("stopped");
    await toast.getByRole("button", { name: "Resume" }).click();
    await editor.statusShows(/training \d+%/);
  });

  test("at the end the gate's verdict is told, and the run can be compared", async () => {
    const { editor } = shared;
    const toast = await editor.toast("CodeAnvil has finished training", 900_000);
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
    await editor.chat().getByText("Ask about this workspace").first().waitFor();
    const stale = await askInView(editor.chat(), "/stale");
    await stale.locator(".answer", { hasText: /Nothing has changed since run|No trained model is in use/ }).waitFor();
    const { run } = await inUse(editor.workspace);
    assert.match(await stale.innerText(), new RegExp(`Nothing has changed since run ${run}`));
    // Whatever the small model makes of a question, it is asked; its words are shown where they pass the check.
    const turn = await askInView(editor.chat(), "What does DicomReader do?");
    const by = turn.locator(".by", { hasText: /Written by|From the index/ });
    await by.waitFor({ timeout: 300_000 });
    assert.match(await by.innerText(), new RegExp(`^Written by ${run}, checked|${REFUSED}`), await turn.innerText());
    await editor.screenshot("tuned");
    await editor.palette("CodeAnvil: Roll Back to the Model Before");
    await editor.toast("No trained model is in use now");
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

/** The files that the data set is about; none while there is no data set. */
async function sourcesOf(folder) {
  const text = await readFile(path.join(folder, ".codeanvil", "training_data.jsonl"), "utf8").catch(() => "");
  const lines = text.split("\n").filter(Boolean);
  return [...new Set(lines.map((line) => JSON.parse(line).source))].filter(Boolean);
}

/** The run whose model answers, and why; what the server keeps. */
async function inUse(folder) {
  return JSON.parse(await readFile(path.join(folder, ".codeanvil", "active.json"), "utf8"));
}
