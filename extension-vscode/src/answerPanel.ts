/** The panel beside the editor that holds the answers of this window. */
import * as vscode from "vscode";

import type { Entry, FromView, ToView } from "./answerMessages";

/** Keeps the entries; the view may come and go. Opens places that the view's links name. */
export class AnswerPanel implements vscode.Disposable {
  readonly #stopped = new vscode.EventEmitter<string>();
  readonly #entries = new Map<string, Entry>();
  #panel: vscode.WebviewPanel | undefined;

  /** The user wants the entry with this id to be cut short. */
  readonly onStop = this.#stopped.event;

  constructor(private readonly extension: vscode.Uri) {}

  /** Shows the panel without taking the focus from the editor. */
  reveal(): void {
    if (this.#panel) this.#panel.reveal(undefined, true);
    else this.#panel = this.#create();
  }

  /** Adds an entry, or replaces the one of the same id. */
  put(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    this.#post({ kind: "entry", entry });
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#stopped.dispose();
  }

  #create(): vscode.WebviewPanel {
    const roots = ["dist", "media"].map((name) => vscode.Uri.joinPath(this.extension, name));
    const panel = vscode.window.createWebviewPanel(
      "codeanvil.answers",
      "CodeAnvil Answers",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: roots, enableFindWidget: true },
    );
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "icon.png");
    panel.webview.html = this.#page(panel.webview);
    panel.webview.onDidReceiveMessage((message: FromView) => this.#received(message));
    panel.onDidDispose(() => (this.#panel = undefined));
    return panel;
  }

  #page(webview: vscode.Webview): string {
    const uri = (...parts: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(this.extension, ...parts)).toString();
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src ${webview.cspSource}`;
    return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <title>CodeAnvil Answers</title>
  <link rel="stylesheet" href="${uri("media", "answer.css")}">
</head>
<body>
  <main id="entries" role="log" aria-label="Answers"></main>
  <button id="ask" type="button">Ask another question</button>
  <script src="${uri("dist", "answer.js")}"></script>
</body>
</html>`;
  }

  async #received(message: FromView): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#post({ kind: "entries", entries: [...this.#entries.values()] });
        break;
      case "ask":
        await vscode.commands.executeCommand("codeanvil.askQuestion");
        break;
      case "stop":
        this.#stopped.fire(message.id);
        break;
      case "open":
        await open(this.#entries.get(message.id)?.folder, message.path, message.line);
        break;
    }
  }

  #post(message: ToView): void {
    void this.#panel?.webview.postMessage(message);
  }
}

/** Opens a place of `folder` in the editor's first column and puts the cursor on its line. */
async function open(folder: string | undefined, path: string, line: number): Promise<void> {
  if (!folder) return;
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(vscode.Uri.parse(folder), path));
  } catch {
    const remedy = 'Run "CodeAnvil: Update Index and Data Set", then ask again.';
    await vscode.window.showWarningMessage(`${path} cannot be opened; it may be gone. ${remedy}`);
    return;
  }
  const place = document.lineAt(Math.min(Math.max(line, 1), document.lineCount) - 1).range.start;
  const selection = new vscode.Range(place, place);
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, selection });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenter);
}
