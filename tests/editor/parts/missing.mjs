// A server that cannot run: what is said, once, and the ways out.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function missing(shared) {
  test("a server that ends at once is told of once, and can be started again", async () => {
    const { editor } = shared;
    await editor.writeSettings({ "codeanvil.serverPath": "/bin/false" });
    const toasts = editor.page.locator(".notification-toast");
    await editor.toast(/The server (ended before it was ready|did not start)/);
    await editor.statusShows("not running");
    assert.equal(await toasts.filter({ hasText: /server/i }).count(), 1);
    await editor.writeSettings({ "codeanvil.pythonPath": process.env.EDITOR_PYTHON });
    await editor.statusShows(editor.READY);
  });

  test("a Python that will not do is told with the remedies", async () => {
    const { editor } = shared;
    await editor.writeSettings({ "codeanvil.pythonPath": "/nowhere/python3" });
    const toast = await editor.toast("/nowhere/python3");
    assert.match(await toast.innerText(), /is not there/);
    for (const remedy of ["Choose Python", "Copy Install Command"]) {
      await toast.getByRole("button", { name: remedy }).waitFor();
    }
    await editor.screenshot("no-python");
    await editor.writeSettings({ "codeanvil.pythonPath": process.env.EDITOR_PYTHON });
    await editor.statusShows(editor.READY);
  });
}
