/** Training from the editor: what it will do, doing it, and how it ended. */
import * as vscode from "vscode";

import { currentFolder } from "./folder";
import type { RunProgress, TrainPlan } from "./protocol";
import type { Server } from "./server";
import type { Progress } from "./state";
import { isAlive } from "./statusText";

/** Shows what a run would do and starts it when the user says so. A run that is going on is shown instead. */
export async function trainOnWorkspace(server: Server, progress: Progress): Promise<void> {
  if (isAlive(progress.view.run)) {
    const stop = "Stop Training";
    const picked = await vscode.window.showInformationMessage("CodeAnvil is already training on this workspace.", stop);
    if (picked === stop) await stopTraining(server, progress);
    return;
  }
  const workspace = currentFolder().toString();
  const plan = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "CodeAnvil: planning the run" },
    () => server.execute<TrainPlan>("train", { workspace, dry_run: true }),
  );
  const train = "Train";
  const picked = await vscode.window.showInformationMessage(
    "Train a model on this workspace?",
    { modal: true, detail: plan.summary.join("\n\n") },
    train,
  );
  if (picked === train) progress.setRun(await server.execute<RunProgress>("train", { workspace }));
}

/** Asks the run to save a checkpoint and end. */
export async function stopTraining(server: Server, progress: Progress): Promise<void> {
  const title = "CodeAnvil: saving a checkpoint and stopping the run";
  progress.setRun(
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      server.execute<RunProgress>("stop", shownRun(progress)),
    ),
  );
}

/** Takes up the run that was stopped or fell over, from its last checkpoint. */
export async function resumeTraining(server: Server, progress: Progress): Promise<void> {
  progress.setRun(await server.execute<RunProgress>("resume", shownRun(progress)));
}

/** The run that the status bar shows: that is the one which the user means. */
function shownRun({ view: { run } }: Progress): { workspace: string; run?: string } {
  return { workspace: run?.workspace ?? currentFolder().toString(), ...(run && { run: run.run }) };
}

/** Tells how a run ended and offers what is next. */
export async function tellEnd(run: RunProgress): Promise<void> {
  const { message, action, command } = ending(run);
  const show =
    run.state === "finished" || run.state === "stopped"
      ? vscode.window.showInformationMessage
      : vscode.window.showErrorMessage;
  if ((await show(message, action)) === action) await vscode.commands.executeCommand(command);
}

function ending(run: RunProgress): { message: string; action: string; command: string } {
  switch (run.state) {
    case "finished": {
      const loss = run.validation_loss === null ? "" : ` Validation loss ${run.validation_loss.toFixed(3)}.`;
      return {
        message: `CodeAnvil has finished training.${loss} ${run.text}`.trim(),
        action: "Ask",
        command: "codeanvil.askQuestion",
      };
    }
    case "stopped":
      return {
        message: `CodeAnvil stopped training at step ${run.step}. It can go on from there.`,
        action: "Resume",
        command: "codeanvil.resumeTraining",
      };
    case "crashed":
      return {
        message: "The training process ended unexpectedly.",
        action: "Resume",
        command: "codeanvil.resumeTraining",
      };
    default:
      return { message: `Training failed. ${run.text}`.trim(), action: "Show Log", command: "codeanvil.showLog" };
  }
}
