// The editor's own chat, with no account: @codeanvil gives the same answers there.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function assistants(shared) {
  test("@codeanvil answers in the editor's own chat, with no account", async () => {
    const { editor } = shared;
    const { page } = editor;
    await editor.writeUserSettings({
      "chat.disableAIFeatures": false,
      "workbench.secondarySideBar.defaultVisibility": "visible",
    });
    await page.reload();
    await editor.statusShows(editor.READY);
    const session = page.locator(".interactive-session");
    if (!(await session.first().isVisible())) await page.keyboard.press("Control+Alt+I");
    await session.locator(".interactive-input-part .monaco-editor").first().click();
    await page.keyboard.type("@codeanvil Where is the class DicomReader?", { delay: 40 });
    await page.keyboard.press("Enter");
    const response = page.locator(".interactive-item-container.interactive-response", { hasText: "dicom_reader.hpp" });
    await response.first().waitFor();
    assert.match(await response.first().innerText(), /From the index/);
    await editor.screenshot("participant");
    await editor.writeUserSettings({});
  });

  test("the editor's agents have our tools, with the answers of the chat view, and our MCP server", async () => {
    const { editor } = shared;
    assert.deepEqual((await editor.probe("tools")).filter((name) => !name.startsWith("mcp")).sort(), [
      "codeanvil_ask",
      "codeanvil_status",
    ]);
    const asked = { tool: "codeanvil_ask", input: { question: "Where is the class DicomReader?" } };
    const { answer, citations, found } = JSON.parse(await editor.probe("invoke", asked));
    assert.ok(found);
    assert.match(answer, /dicom_reader\.hpp/);
    assert.equal(citations[0].path, "include/dicom/dicom_reader.hpp");
    await editor.palette("MCP: List Servers");
    const server = editor.page.locator(".quick-input-widget .monaco-list-row", { hasText: "CodeAnvil: dicom-viewer" });
    await server.waitFor();
    await editor.screenshot("mcp");
    await editor.page.keyboard.press("Escape");
  });
}
