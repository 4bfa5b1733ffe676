/** The item in the status bar, and the menu behind it. */
import * as vscode from "vscode";

import type { Progress } from "./state";
import { isAlive, isResumable, statusText, type View } from "./statusText";

/** Shows `progress` for as long as the extension is active. */
export function showStatusBar(progress: Progress): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("status", vscode.StatusBarAlignment.Left, 10);
  item.name = "CodeAnvil";
  item.command = "codeanvil.showMenu";
  const update = (view: View) => {
    const { text, tooltip, level } = statusText(view);
    item.text = text;
    item.tooltip = new vscode.MarkdownString(tooltip);
    item.backgroundColor = level === "normal" ? undefined : new vscode.ThemeColor(`statusBarItem.${level}Background`);
  };
  update(progress.view);
  item.show();
  return vscode.Disposable.from(item, progress.onDidChange(update));
}

/** Lets the user pick among what can be done now. */
export async function showMenu(view: View): Promise<void> {
  const picked = await vscode.window.showQuickPick(menu(view), {
    title: "CodeAnvil",
    placeHolder: statusText(view).text.replace(/^\$\([^)]*\) /, ""),
  });
  if (picked) await vscode.commands.executeCommand(picked.command);
}

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
}

function menu({ server, run }: View): MenuItem[] {
  const items: MenuItem[] = [];
  if (server.kind === "running") {
    items.push({ label: "$(comment-discussion) Ask", command: "codeanvil.askQuestion" });
    if (isAlive(run)) items.push({ label: "$(debug-stop) Stop Training", command: "codeanvil.stopTraining" });
    else items.push({ label: "$(flame) Train on Workspace", command: "codeanvil.trainOnWorkspace" });
    if (isResumable(run))
      items.push({ label: "$(debug-continue) Resume Training", command: "codeanvil.resumeTraining" });
    items.push({ label: "$(refresh) Update Index and Data Set", command: "codeanvil.updateIndex" });
  } else if (server.kind === "off") {
    items.push(
      { label: "$(workspace-trusted) Manage Workspace Trust", command: "workbench.trust.manage" },
      { label: "$(folder-opened) Open Folder", command: "workbench.action.files.openFolder" },
    );
  } else {
    items.push({ label: "$(symbol-misc) Choose Python", command: "codeanvil.choosePython" });
  }
  items.push(
    { label: "$(debug-restart) Restart Server", command: "codeanvil.restartServer" },
    { label: "$(output) Show Log", command: "codeanvil.showLog" },
    { label: "$(settings-gear) Settings", command: "codeanvil.openSettings" },
  );
  return items;
}
