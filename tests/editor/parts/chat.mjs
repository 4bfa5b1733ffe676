// The chat view: answers with links, slash commands, what is not there, words as they come, stopping, accessibility.
import assert from "node:assert/strict";
import { test } from "node:test";

import { problemsOf, violationsOf } from "../accessibility.mjs";
import { lineOf, until } from "../harness.mjs";
import { startModel } from "../model.mjs";

export default function chat(shared) {
  const ask = (text) => askInView(shared.editor.chat(), text);

  test("an answer has a link that opens the line", async () => {
    const { editor } = shared;
    await editor.palette("CodeAnvil: Ask");
    const turn = await ask("Where is the class DicomReader?");
    await turn.locator(".answer", { hasText: "DicomReader" }).waitFor();
    await turn.getByText("From the index · up to date").waitFor();
    const file = "include/dicom/dicom_reader.hpp";
    await turn.locator(`a[data-path="${file}"]`).first().click();
    await editor.page.locator('.tab.active[data-resource-name="dicom_reader.hpp"]').waitFor();
    await editor.cursorIsOn(await lineOf(file, "class DicomReader"));
  });

  test("what is typed while all is just loading is kept, and answered once the server runs", async () => {
    const { editor } = shared;
    const question = editor.chat().getByLabel("Question");
    await editor.page.reload();
    // As soon as the page has an input, which is before the server runs.
    await question.fill("Where is the class ImageReader?");
    await question.press("Enter");
    const turn = editor.chat().locator(".turn").last();
    await turn.locator(".question", { hasText: "Where is the class ImageReader?" }).waitFor();
    await turn.locator(".answer", { hasText: "image_reader.hpp" }).waitFor();
    assert.equal(await question.inputValue(), "");
    // A name that is offered, as it is with the cursor on one, does not take the place of what was typed.
    await editor.chat().locator('a[data-path="include/dicom/dicom_reader.hpp"]').first().click();
    await editor.page.locator('.tab.active[data-resource-name="dicom_reader.hpp"]').waitFor();
    await question.fill("Which classes");
    await editor.palette("CodeAnvil: Ask");
    await question.press("End");
    await question.pressSequentially(" are there?");
    assert.equal(await question.inputValue(), "Which classes are there?");
    await question.fill("");
    await editor.palette("CodeAnvil: Ask");
    await until(
      async () => (await question.inputValue()) === "/explain DicomReader",
      "the name at the cursor is not offered",
    );
    await question.fill("");
  });

  test("slash commands are completed, and take the name at the cursor", async () => {
    const { editor } = shared;
    const question = editor.chat().getByLabel("Question");
    await question.click();
    await question.pressSequentially("/me");
    await editor.chat().getByRole("option", { name: "/methods type" }).waitFor();
    await question.press("Tab");
    assert.equal(await question.inputValue(), "/methods ");
    const turn = editor
      .chat()
      .locator(".turn")
      .nth(await editor.chat().locator(".turn").count());
    await question.press("Enter");
    await turn.locator(".answer", { hasText: "canRead" }).waitFor();
    await editor.screenshot("chat");
  });

  test("a later question means what an earlier one named", async () => {
    const turn = await ask("What does it inherit from?");
    await turn.locator(".answer", { hasText: "ImageReader" }).waitFor();
  });

  test("a name that is not there is said not to be, and an unknown command too", async () => {
    const absent = await ask("What does the class ThumbnailCache do?");
    await absent.locator(".answer", { hasText: /no .*ThumbnailCache/ }).waitFor();
    const unknown = await ask("/wher DicomReader");
    await unknown.getByText("There is no command /wher; there are /where").waitFor();
  });

  test("code can be copied and inserted into the editor", async () => {
    const { editor } = shared;
    const turn = await ask("/build");
    await turn.locator(".codeBlock").first().waitFor();
    const code = await turn.locator("pre").first().innerText();
    await turn.getByRole("button", { name: "Copy" }).first().click();
    await until(
      async () => (await editor.page.evaluate(() => navigator.clipboard.readText())) === code,
      "the clipboard does not have the code",
    );
    await editor.palette("File: New Untitled Text File");
    await turn.locator(".codeBlock").first().hover();
    await turn.getByRole("button", { name: "Insert into Editor" }).first().click();
    // The editor shows spaces as others than it holds.
    const first = new RegExp(code.trim().split("\n")[0].split(" ").join("\\s"));
    await editor.page.locator(".view-line", { hasText: first }).waitFor();
    await editor.screenshot("code");
    await editor.palette("View: Revert and Close Editor");
  });

  test("words come as they are written, invented names are struck, and an answer can be stopped", async () => {
    const { editor } = shared;
    const model = await startModel();
    try {
      await editor.writeSettings({
        "codeanvil.pythonPath": process.env.EDITOR_PYTHON,
        "codeanvil.answers.server_url": model.url,
      });
      model.says("`DicomReader` reads DICOM files; ", "it uses `FrobnicatorCache` ", "beside `ImageReader`. ");
      // The setting takes a moment to reach the server; until then the index answers.
      let struck;
      await until(async () => {
        struck = await ask("What does DicomReader do?");
        const isAnswered = () => struck.getByText(/From the index/).isVisible();
        await until(async () => model.wasAsked() || (await isAnswered()), "nobody answers");
        return model.wasAsked();
      }, "the model is not asked");
      await struck.getByText("Writing").waitFor();
      model.goesOn();
      await struck.locator("s", { hasText: "FrobnicatorCache" }).waitFor();
      await struck.getByText("From the index: the model's words did not pass the check").waitFor();
      await editor.screenshot("struck");

      model.saysWithoutEnd("`DicomReader` goes on and on. ");
      const endless = await ask("What does DicomReader do?");
      await endless.locator(".answer", { hasText: "goes on" }).waitFor();
      await editor.chat().getByRole("button", { name: "Stop (Escape)" }).click();
      await endless.getByText("Stopped. What is above was not checked.").waitFor();
      await model.left();
    } finally {
      await editor.writeSettings({ "codeanvil.pythonPath": process.env.EDITOR_PYTHON });
      await model.close();
    }
  });

  test("the conversation is kept, and another can be begun and left again", async () => {
    const { editor } = shared;
    const before = await editor.chat().locator(".turn").count();
    await editor.palette("CodeAnvil: New Conversation");
    await editor.chat().getByText("Ask about this workspace").first().waitFor();
    await until(async () => (await editor.chat().locator(".turn").count()) === 0, "there are questions left");
    await editor.palette("CodeAnvil: Show Conversations");
    await editor.pick("Where is the class DicomReader?");
    await until(async () => (await editor.chat().locator(".turn").count()) === before, "some questions are not there");
  });

  test("the chat view is accessible, and lets no foreign script or content in", async () => {
    const frame = await shared.editor.frameOf("#ask");
    assert.deepEqual(await violationsOf(frame), []);
    assert.deepEqual(await problemsOf(frame), []);
  });
}

/** Asks in the chat view; the turn that was made of it. */
export async function askInView(view, text) {
  await view.getByRole("button", { name: "Ask (Enter)", disabled: false }).waitFor();
  const question = view.getByLabel("Question");
  const turn = view.locator(".turn").nth(await view.locator(".turn").count());
  await question.fill(text);
  await question.press("Enter");
  await turn.locator(".question", { hasText: text }).waitFor();
  return turn;
}
