/** Which of the window's folders a command is about; without any, which file. */
import * as vscode from "vscode";

import { LANGUAGES } from "./languages";

/**
 * The folder of the file in the editor, else the first. In a window without folders, the file of code in the editor:
 * it is read alone. Throws a sentence for the user where nothing is open.
 */
export function currentFolder(): vscode.Uri {
  const document = vscode.window.activeTextEditor?.document.uri;
  const folder = document && vscode.workspace.getWorkspaceFolder(document);
  const found = folder ?? vscode.workspace.workspaceFolders?.[0];
  const place = found ? found.uri : openFile();
  if (!place) throw new Error("No folder is open: open the folder of a project first, or a file of code.");
  return place;
}

/** A file of code that is open, the one in the editor first. */
export function openFile(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document;
  const shown = vscode.window.visibleTextEditors.map(({ document }) => document);
  return [...(active ? [active] : []), ...shown, ...vscode.workspace.textDocuments].find(isCode)?.uri;
}

/** Whether the server reads documents of this kind. */
export function isCode({ uri, languageId }: vscode.TextDocument): boolean {
  return uri.scheme === "file" && LANGUAGES.some((each) => each === languageId);
}

/** Where paths in answers about `place` begin: at that folder, or in the folder of a file that is read alone. */
export function rootOf(place: vscode.Uri): vscode.Uri {
  return vscode.workspace.workspaceFolders ? place : vscode.Uri.joinPath(place, "..");
}
