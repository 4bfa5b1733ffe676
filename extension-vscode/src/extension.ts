/** Activation: puts the pieces together and gives each command its id. Nothing else happens here. */
import * as vscode from "vscode";

import { ChatView } from "./chat/view";
import { currentFolder } from "./folder";
import { nameAtCursor } from "./places";
import { choosePythonInterpreter, onEnvironmentChange } from "./pythonPicker";
import { Server } from "./server";
import { serverKeys } from "./settings";
import { Progress } from "./state";
import { showMenu, showStatusBar } from "./statusBar";
import { resumeTraining, stopTraining, tellEnd, trainOnWorkspace } from "./train";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("CodeAnvil", { log: true });
  const started = (server = new Server(
    log,
    serverKeys(context.extension.packageJSON as Parameters<typeof serverKeys>[0]),
  ));
  const progress = new Progress(started);
  const chat = new ChatView(context, started, progress);
  const command = (name: string, action: (...args: never[]) => unknown) =>
    vscode.commands.registerCommand(`codeanvil.${name}`, (...args: never[]) => told(() => action(...args)));

  context.subscriptions.push(
    log,
    started,
    progress,
    chat,
    showStatusBar(progress),
    progress.onRunEnded((run) => void told(() => tellEnd(run))),
    // The server registers its own verbs (codeanvil.train, codeanvil.ask, ...); these ids must differ from them.
    command("trainOnWorkspace", () => trainOnWorkspace(started, progress)),
    command("stopTraining", () => stopTraining(started, progress)),
    command("resumeTraining", () => resumeTraining(started, progress)),
    command("askQuestion", (question?: unknown) =>
      typeof question === "string" ? chat.ask(question) : chat.show(nameAtCursor() && `/explain ${nameAtCursor()}`),
    ),
    command("newConversation", () => chat.begin()),
    command("showConversations", () => chat.pickEarlier()),
    command("updateIndex", () => started.execute("prepare", { workspace: currentFolder().toString() })),
    command("showMenu", () => showMenu(progress.view)),
    command("choosePython", choosePythonInterpreter),
    command("restartServer", () => started.restart()),
    command("showLog", () => {
      log.show();
    }),
    command("openSettings", () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "@ext:codeanvil.codeanvil"),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void started.restart()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      if (started.state.kind === "off") void started.restart();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const ours = ["codeanvil.pythonPath", "codeanvil.serverPath"];
      if (ours.some((key) => event.affectsConfiguration(key))) void started.restart();
    }),
  );
  void started.restart();
  context.subscriptions.push(
    await onEnvironmentChange(() => {
      if (started.state.kind === "failed") void started.restart();
    }),
  );
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Runs `action`; what goes wrong is told to the user in its own words. */
async function told(action: () => unknown): Promise<unknown> {
  try {
    return await action();
  } catch (error) {
    await vscode.window.showErrorMessage(`CodeAnvil: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
