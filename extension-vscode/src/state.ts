/** What the extension knows of server, index and run, from whatever told it last. */
import * as vscode from "vscode";

import { currentFolder } from "./folder";
import type { RunProgress, Status } from "./protocol";
import type { Server } from "./server";
import { isAlive, isResumable, type View } from "./statusText";

/** Follows the server; also tells when a run that was alive has ended. */
export class Progress implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<View>();
  readonly #runEnded = new vscode.EventEmitter<RunProgress>();
  readonly #subscriptions: vscode.Disposable[];
  #view: View;

  readonly onDidChange = this.#changed.event;
  readonly onRunEnded = this.#runEnded.event;

  constructor(private readonly server: Server) {
    this.#view = { server: server.state };
    this.#subscriptions = [
      server.onDidChangeState((state) => {
        // A server that starts anew tells everything anew.
        this.#update({ server: state });
        if (state.kind === "running") void this.refresh();
      }),
      server.onIndexProgress((index) => {
        this.#update({ ...this.#view, index });
      }),
      server.onRunProgress((run) => {
        this.setRun(run);
      }),
    ];
  }

  get view(): View {
    return this.#view;
  }

  /** Asks the server how things stand: a run may have been going on since before the window opened. */
  async refresh(): Promise<void> {
    try {
      const { index, run, active } = await this.server.execute<Status>("status", {
        workspace: currentFolder().toString(),
      });
      this.#update({ ...this.#view, index, run: run ?? undefined, active });
    } catch {
      // The server has stopped again meanwhile, and its state says so.
    }
  }

  setRun(run: RunProgress): void {
    const before = this.#view.run;
    this.#update({ ...this.#view, run });
    if (before?.run === run.run && isAlive(before) && !isAlive(run)) {
      this.#runEnded.fire(run);
      // Another model may be in use now.
      void this.refresh();
    }
  }

  dispose(): void {
    for (const each of [...this.#subscriptions, this.#changed, this.#runEnded]) each.dispose();
  }

  #update(view: View): void {
    this.#view = view;
    const run = isAlive(view.run) ? "running" : isResumable(view.run) ? "resumable" : "none";
    setContext("run", run);
    setContext("modelInUse", Boolean(view.active));
    // The walkthrough's steps are done with these.
    if (view.index?.state === "ready") setContext("indexReady", true);
    if (view.run?.state === "finished") setContext("hasTrained", true);
    this.#changed.fire(view);
  }
}

function setContext(key: string, value: unknown): void {
  void vscode.commands.executeCommand("setContext", `codeanvil.${key}`, value);
}
