/** Training from the editor: what it will do, doing it, pausing it. */
import * as vscode from "vscode";

import { currentFolder } from "../folder";
import type { InFolder, RunProgress, TrainingPlan } from "../protocol";
import type { Server } from "../server";
import type { Progress } from "../state";
import { isAlive } from "../statusText";
import { planLines } from "./plan";

/** The server names it in the remedy for packages that are missing. */
const TRAINING_EXTRA = "codeanvil[train]";

/** Shows what a run would do and starts it when the user says so. A run that is going on is shown instead. */
export async function trainOnWorkspace(server: Server, progress: Progress, sinceLast = false): Promise<void> {
  if (isAlive(progress.view.run)) {
    await vscode.commands.executeCommand("codeanvil.showRuns");
    return;
  }
  const asked = { workspace: currentFolder().toString(), ...(sinceLast && { since_last: true }) };
  const plan = await planned(server, asked);
  if (!plan) return;
  const train = "Train";
  const settings = "Change Settings";
  const picked = await vscode.window.showInformationMessage(
    sinceLast ? "Train on what has changed?" : "Train a model on this workspace?",
    { modal: true, detail: planLines(plan).join("\n\n") },
    train,
    settings,
  );
  if (picked === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "@ext:codeanvil.codeanvil codeanvil.train");
  }
  if (picked === train) progress.setRun(await server.execute<RunProgress>("train", asked));
}

/** What the run would take; where the trainer's packages are missing, the way to them and nothing. */
async function planned(server: Server, asked: InFolder): Promise<TrainingPlan | undefined> {
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "CodeAnvil: planning the run", cancellable: true },
      (_, token) => server.trainingPlan(asked, token),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.includes(TRAINING_EXTRA)) throw error;
    const install = "Install Trainer";
    const picked = await vscode.window.showErrorMessage(`CodeAnvil: ${message}`, install);
    if (picked === install) await vscode.commands.executeCommand("codeanvil.installTrainer");
    return undefined;
  }
}

/** Has the run save a checkpoint and give its memory back; `pause` says that it means to go on. */
export async function endTraining(
  server: Server,
  progress: Progress,
  how: "pause" | "stop",
  id?: string,
): Promise<void> {
  const title = `CodeAnvil: saving a checkpoint and ${how === "pause" ? "pausing" : "stopping"} the run`;
  progress.setRun(
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      server.execute<RunProgress>(how, shownRun(progress, id)),
    ),
  );
}

/** Takes up the run that was paused, was stopped or fell over, from its last checkpoint. */
export async function resumeTraining(server: Server, progress: Progress, id?: string): Promise<void> {
  progress.setRun(await server.execute<RunProgress>("resume", shownRun(progress, id)));
}

/** The run named `id`, or the one that the status bar shows: that is the one which the user means. */
function shownRun({ view: { run } }: Progress, id?: string): { workspace: string; run?: string } {
  const named = id ?? run?.run;
  return { workspace: run?.workspace ?? currentFolder().toString(), ...(named && { run: named }) };
}
