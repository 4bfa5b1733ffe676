/** Activation: puts the pieces together. Nothing else happens here. */
import * as vscode from "vscode";

import { registerAssistants } from "./assistants/register";
import { ChatView } from "./chat/view";
import { registerCommands, told } from "./commands";
import { isCode } from "./folder";
import { Installer } from "./installer";
import { onEnvironmentChange } from "./pythonPicker";
import { RunView } from "./run/view";
import { SampleDocuments } from "./samples";
import { Server } from "./server";
import { serverKeys } from "./settings";
import { Progress } from "./state";
import { showStatusBar } from "./statusBar";
import { tellEnd } from "./training/tell";
import { measure, rollBack, useModel } from "./training/models";
import { endTraining, resumeTraining, trainOnWorkspace } from "./training/train";

let running: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("CodeAnvil", { log: true });
  const keys = serverKeys(context.extension.packageJSON as Parameters<typeof serverKeys>[0]);
  const installer = new Installer(context, log);
  const server = (running = new Server(log, keys, () => installer.candidate()));
  const progress = new Progress(server);
  const chat = new ChatView(context, server, progress);
  const samples = new SampleDocuments(server);
  const runs = new RunView(context.extensionUri, server, {
    pause: (run) => endTraining(server, progress, "pause", run),
    stop: (run) => endTraining(server, progress, "stop", run),
    resume: (run) => resumeTraining(server, progress, run),
    promote: (run) => useModel(server, progress, run),
    rollback: () => rollBack(server, progress),
    train: () => trainOnWorkspace(server, progress),
    evaluate: (run) => measure(server, run),
    ask: () => chat.show(),
  });
  context.subscriptions.push(
    log,
    server,
    progress,
    chat,
    runs,
    samples,
    showStatusBar(progress),
    registerAssistants(context, server),
    registerCommands({ log, server, installer, progress, chat, runs, samples }),
    progress.onRunEnded((run) => void told(() => tellEnd(server, run))),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restart()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      if (server.state.kind === "off") void server.restart();
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      // In a window without folders the first file of code is what there is to answer from.
      if (server.state.kind === "off" && !vscode.workspace.workspaceFolders && isCode(document)) void server.restart();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const ours = ["codeanvil.pythonPath", "codeanvil.serverPath"];
      if (ours.some((key) => event.affectsConfiguration(key))) void server.restart();
    }),
  );
  void server.restart();
  context.subscriptions.push(
    await onEnvironmentChange(() => {
      if (server.state.kind === "failed") void server.restart();
    }),
  );
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
