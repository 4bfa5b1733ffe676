/** Telling the user how a run ended. */
import * as vscode from "vscode";

import type { RunProgress, RunStory } from "../protocol";
import type { Server } from "../server";
import { ending } from "./ending";

/** Tells how a run ended and offers what is next. A run that the user has paused is not told of. */
export async function tellEnd(server: Server, run: RunProgress): Promise<void> {
  if (run.state === "paused") return;
  const { message, level, choices } = ending(run, run.state === "finished" ? await storyOf(server, run) : undefined);
  const show = level === "error" ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const picked = await show(message, ...choices.map(({ title }) => title));
  const choice = choices.find(({ title }) => title === picked);
  if (choice) await vscode.commands.executeCommand(choice.command, ...choice.arguments);
}

async function storyOf(server: Server, { run, workspace }: RunProgress): Promise<RunStory | undefined> {
  try {
    return await server.execute<RunStory>("run", { workspace: workspace ?? "", run });
  } catch {
    // That it has finished is told all the same.
    return undefined;
  }
}
