/** The commands of the palette, each with its id. The server registers its own verbs: these ids must differ from them. */
import * as vscode from "vscode";

import type { ChatView } from "./chat/view";
import { currentFolder } from "./folder";
import type { Extent } from "./install";
import type { Installer } from "./installer";
import { checkMachine } from "./machine";
import { nameAtCursor } from "./places";
import { choosePythonInterpreter, pythonToInstallWith } from "./pythonPicker";
import type { RunView } from "./run/view";
import type { SampleDocuments } from "./samples";
import type { Server } from "./server";
import type { Progress } from "./state";
import { showMenu } from "./statusBar";
import { rollBack } from "./training/models";
import { endTraining, resumeTraining, trainOnWorkspace } from "./training/train";

export interface Parts {
  readonly log: vscode.LogOutputChannel;
  readonly server: Server;
  readonly installer: Installer;
  readonly progress: Progress;
  readonly chat: ChatView;
  readonly runs: RunView;
  readonly samples: SampleDocuments;
}

export function registerCommands({ log, server, installer, progress, chat, runs, samples }: Parts): vscode.Disposable {
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    askQuestion: (question) => (typeof question === "string" ? chat.ask(question) : chat.show(aboutCursor())),
    newConversation: () => chat.begin(),
    showConversations: () => chat.pickEarlier(),
    trainOnWorkspace: () => trainOnWorkspace(server, progress),
    trainSinceLast: () => trainOnWorkspace(server, progress, true),
    pauseTraining: () => endTraining(server, progress, "pause"),
    stopTraining: () => endTraining(server, progress, "stop"),
    resumeTraining: (run) => resumeTraining(server, progress, typeof run === "string" ? run : undefined),
    showRuns: (...ids) => {
      runs.open(...ids.filter((id) => typeof id === "string"));
    },
    rollBackModel: () => rollBack(server, progress),
    showSamples: (file) => samples.show(file instanceof vscode.Uri ? file : undefined),
    updateIndex: () => server.execute("prepare", { workspace: currentFolder().toString() }),
    showMenu: () => showMenu(progress.view),
    checkMachine: () => checkMachine(server),
    installServer: () => install(installer, server, "server"),
    installTrainer: () => install(installer, server, "trainer"),
    choosePython: () => choosePythonInterpreter(),
    restartServer: () => server.restart(),
    showLog: () => {
      log.show();
    },
    openSettings: () => vscode.commands.executeCommand("workbench.action.openSettings", "@ext:codeanvil.codeanvil"),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, action]) =>
      vscode.commands.registerCommand(`codeanvil.${name}`, (...args: unknown[]) => told(() => action(...args))),
    ),
  );
}

/** Runs `action`; what goes wrong is told to the user in its own words. */
export async function told(action: () => unknown): Promise<unknown> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof vscode.CancellationError || (error as { code?: unknown }).code === REQUEST_CANCELLED) return;
    await vscode.window.showErrorMessage(`CodeAnvil: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Installs, then starts the server anew from there. */
async function install(installer: Installer, server: Server, extent: Extent): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (await installer.install(await pythonToInstallWith(folder), extent)) await server.restart();
}

/** LSP's error code of a request that the user cancelled. */
const REQUEST_CANCELLED = -32800;

function aboutCursor(): string | undefined {
  const name = nameAtCursor();
  return name && `/explain ${name}`;
}
