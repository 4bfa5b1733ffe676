/** Which run's model answers, decided by hand; and how right its answers are. */
import * as vscode from "vscode";

import { currentFolder } from "../folder";
import type { Active } from "../protocol";
import type { Server } from "../server";
import type { Progress } from "../state";

/** Goes back to the model that was in use before. */
export async function rollBack(server: Server, progress: Progress): Promise<void> {
  tell(await server.execute<{ active: Active | null }>("rollback", { workspace: currentFolder().toString() }));
  await progress.refresh();
}

/** Puts a run's model to use, whatever the gate said. */
export async function useModel(server: Server, progress: Progress, run: string): Promise<void> {
  const workspace = currentFolder().toString();
  tell(await server.execute<{ active: Active | null }>("promote", { workspace, run }));
  await progress.refresh();
}

/** Asks a run's held-out questions of every arm; the result is in the run's report. */
export async function measure(server: Server, run: string): Promise<void> {
  const title = "CodeAnvil: measuring the answers of the base model, the tuned model and the index";
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_, token) => server.execute("evaluate", { workspace: currentFolder().toString(), run }, token),
  );
}

function tell({ active }: { readonly active: Active | null }): void {
  const words = active ? `Run ${active.run} is in use now.` : "No trained model is in use now; the index answers.";
  void vscode.window.showInformationMessage(`CodeAnvil: ${words}`);
}
