/** Opening places of the workspace, and what is at the cursor. */
import * as vscode from "vscode";

import { rootOf } from "./folder";

/** Opens `path` of `folder` (a URI, perhaps of a file that is read alone) and puts the cursor on `line` (from 1), on the name of `symbol` where it is there. */
export async function openPlace(folder: string, path: string, line: number, symbol = ""): Promise<void> {
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(rootOf(vscode.Uri.parse(folder)), path));
  } catch {
    const remedy = 'Run "CodeAnvil: Update Index and Data Set", then ask again.';
    await vscode.window.showWarningMessage(`${path} cannot be opened; it may be gone. ${remedy}`);
    return;
  }
  const there = document.lineAt(Math.min(Math.max(line, 1), document.lineCount) - 1);
  const name = symbol.split(".").at(-1) ?? "";
  const place = there.range.start.translate(0, Math.max(0, name ? there.text.indexOf(name) : 0));
  const selection = new vscode.Range(place, place);
  const editor = await vscode.window.showTextDocument(document, { selection });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Puts `code` where the cursor is, in the place of what is selected. Throws a sentence where no editor is open. */
export async function insertIntoEditor(code: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (!editor) throw new Error("No editor is open: open the file that the code belongs in first.");
  await editor.insertSnippet(new vscode.SnippetString().appendText(code));
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
}

/** The name at the cursor, or what is selected where that is a name. */
export function nameAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const selected = editor.document.getText(editor.selection).trim();
  if (/^[A-Za-z_][\w.:]*$/.test(selected)) return selected;
  const range = editor.document.getWordRangeAtPosition(editor.selection.active, /[A-Za-z_]\w*/);
  return range && editor.document.getText(range);
}

/** Path of `uri` in the folder (a URI) with "/", or undefined where it lies elsewhere. */
export function pathIn(folder: string, uri: vscode.Uri): string | undefined {
  const root = rootOf(vscode.Uri.parse(folder)).path.replace(/\/?$/, "/");
  return uri.path.startsWith(root) ? uri.path.slice(root.length) : undefined;
}
