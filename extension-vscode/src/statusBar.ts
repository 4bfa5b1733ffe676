/** The item in the status bar, and the menu behind it. */
import * as vscode from "vscode";

import type { Progress } from "./state";
import { isAlive, isResumable, statusText, type View } from "./statusText";

/** Commands that the tooltip may run. */
const COMMANDS = [
  "askQuestion",
  "trainOnWorkspace",
  "showRuns",
  "pauseTraining",
  "stopTraining",
  "resumeTraining",
  "showMenu",
].map((name) => `codeanvil.${name}`);

/** Shows `progress` for as long as the extension is active. */
export function showStatusBar(progress: Progress): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("status", vscode.StatusBarAlignment.Left, 10);
  item.name = "CodeAnvil";
  const update = (view: View) => {
    item.command = view.server.kind === "running" && view.run ? "codeanvil.showRuns" : "codeanvil.showMenu";
    const { text, tooltip, level } = statusText(view);
    item.text = text;
    item.tooltip = new vscode.MarkdownString(tooltip);
    item.tooltip.isTrusted = { enabledCommands: COMMANDS };
    item.accessibilityInformation = { label: text.replace(/^\$\([^)]*\) /, "") };
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

function menu({ server, run, active }: View): MenuItem[] {
  const items: MenuItem[] = [];
  if (server.kind === "running") {
    items.push({ label: "$(comment-discussion) Ask", command: "codeanvil.askQuestion" });
    if (run) items.push({ label: "$(graph-line) Show Runs", command: "codeanvil.showRuns" });
    if (isAlive(run)) {
      items.push(
        { label: "$(debug-pause) Pause Training", command: "codeanvil.pauseTraining" },
        { label: "$(debug-stop) Stop Training", command: "codeanvil.stopTraining" },
      );
    } else {
      items.push({ label: "$(flame) Train on Workspace", command: "codeanvil.trainOnWorkspace" });
    }
    if (isResumable(run)) {
      items.push({ label: "$(debug-continue) Resume Training", command: "codeanvil.resumeTraining" });
    }
    if (active) {
      items.push(
        { label: "$(git-compare) Train on What Has Changed", command: "codeanvil.trainSinceLast" },
        { label: "$(discard) Roll Back to the Model Before", command: "codeanvil.rollBackModel" },
      );
    }
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
