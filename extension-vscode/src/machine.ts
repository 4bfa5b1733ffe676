/** What this machine can do, as `codeanvil doctor` says it, in a terminal. */
import * as vscode from "vscode";

import { pythonEnvironment } from "./python";
import type { Server } from "./server";

/** Runs the doctor in the Python of the server. Throws a sentence while none runs. */
export async function checkMachine({ python }: Server): Promise<void> {
  if (!python) {
    throw new Error(
      "The machine is checked by the server's Python, and none runs: open a folder, and install or choose one first.",
    );
  }
  const env = Object.fromEntries(
    Object.entries(pythonEnvironment()).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const task = new vscode.Task(
    { type: "codeanvil", task: "doctor" },
    vscode.TaskScope.Workspace,
    "doctor",
    "CodeAnvil",
    new vscode.ProcessExecution(python, ["-m", "codeanvil.cli", "doctor"], { env }),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  await vscode.tasks.executeTask(task);
}
