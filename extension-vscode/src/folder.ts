/** Which of the window's folders a command is about. */
import * as vscode from "vscode";

/** The folder of the file in the editor, else the first. Throws a sentence for the user where none is open. */
export function currentFolder(): vscode.Uri {
  const document = vscode.window.activeTextEditor?.document.uri;
  const folder = document && vscode.workspace.getWorkspaceFolder(document);
  const found = folder ?? vscode.workspace.workspaceFolders?.[0];
  if (!found) throw new Error("No folder is open: open the folder of a project first.");
  return found.uri;
}
