// Whether a webview can be used by everybody, and what its page lets in.
import { readFile } from "node:fs/promises";

const source = await readFile(
  new URL("../../extension-vscode/node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

/** What axe-core finds wrong in a frame, one sentence each. */
export async function violationsOf(frame) {
  if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(source);
  const { violations } = await frame.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Ways in which a frame's page lets foreign scripts or content in; its policy is tried, not only read. */
export function problemsOf(frame) {
  return frame.evaluate(async () => {
    const problems = [];
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content ?? "";
    if (!/^default-src 'none';/.test(policy)) problems.push(`the policy begins otherwise: ${policy}`);
    if (!/script-src 'nonce-[\w+/=]{20,}'$/.test(policy)) problems.push(`scripts need no nonce: ${policy}`);
    if (/unsafe|\*|https?:(?!\/\/\*\.)/.test(policy.replace(/style-src [^;]*;/, "")))
      problems.push(`too wide: ${policy}`);
    const inline = document.createElement("script");
    inline.textContent = "globalThis.wasRun = true";
    document.body.append(inline);
    if ("wasRun" in globalThis) problems.push("an inline script was run");
    inline.remove();
    const blocked = new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", () => resolve(true), { once: true });
      setTimeout(() => resolve(false), 30_000);
    });
    const picture = document.createElement("img");
    picture.src = "https://example.org/picture.png";
    document.body.append(picture);
    if (!(await blocked)) problems.push("a remote picture was asked for");
    picture.remove();
    for (const element of document.querySelectorAll('[style]:not([style=""]), [onclick], [onload]')) {
      if (!(element instanceof HTMLHtmlElement) && !element.matches("textarea, body")) {
        problems.push(`inline style or script: ${element.outerHTML.slice(0, 200)}`);
      }
    }
    return problems;
  });
}
