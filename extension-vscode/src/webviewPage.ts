/** The page of a webview: one style sheet and one script, both our own, and a policy that lets nothing else in. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

export interface Page {
  readonly title: string;
  /** `<name>.css` in `media/` and `<name>.js` in `dist/`. */
  readonly name: string;
  readonly body: string;
}

/** Folders that a webview may load from. */
export function resourceRoots(extension: vscode.Uri): vscode.Uri[] {
  return ["dist", "media"].map((name) => vscode.Uri.joinPath(extension, name));
}

/** HTML whose policy allows our style sheets, the one script with this page's nonce, and nothing remote or inline. */
export function pageHtml(extension: vscode.Uri, webview: vscode.Webview, { title, name, body }: Page): string {
  const uri = (...parts: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extension, ...parts)).toString();
  const nonce = randomBytes(18).toString("base64");
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="stylesheet" href="${uri("media", "common.css")}">
  <link rel="stylesheet" href="${uri("media", `${name}.css`)}">
</head>
<body>
${body}
  <script nonce="${nonce}" src="${uri("dist", `${name}.js`)}"></script>
</body>
</html>`;
}
