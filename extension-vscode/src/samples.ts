/** The training samples that were made from a file, as a read-only document beside it. */
import * as vscode from "vscode";

import { pathIn } from "./places";
import type { Server } from "./server";

const SCHEME = "codeanvil-samples";

/** Documents whose path is the file's with `.md` after it and whose query is the folder. */
export class SampleDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly server: Server) {}

  /** Opens the samples of `file`, or of the file in the editor. Throws a sentence where there is none. */
  async show(file = vscode.window.activeTextEditor?.document.uri): Promise<void> {
    const folder = file && (vscode.workspace.workspaceFolders ? vscode.workspace.getWorkspaceFolder(file)?.uri : file);
    const path = folder && pathIn(folder.toString(), file);
    if (!path) throw new Error("Open a file of the workspace first: its samples are shown beside it.");
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${path}.md`, query: folder.toString() });
    const document = await vscode.workspace.openTextDocument(uri);
    const shown = { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true };
    await vscode.window.showTextDocument(document, shown);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const source = uri.path.replace(/^\//, "").replace(/\.md$/, "");
    const asked = { workspace: uri.query, source };
    const { rows, text } = await this.server.execute<{ rows: unknown[]; text: string }>("samples", asked, token);
    return `# ${rows.length} samples from ${source}\n\n${text}`;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
