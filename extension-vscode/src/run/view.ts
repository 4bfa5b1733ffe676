/** The run view: training runs of a folder side by side, in an editor tab. All that it shows is made by the server. */
import * as vscode from "vscode";

import { currentFolder } from "../folder";
import type { RunProgress, RunRow, RunStory } from "../protocol";
import type { Server } from "../server";
import { pageHtml, resourceRoots } from "../webviewPage";
import type { FromRuns, RunAction, ToRuns } from "./messages";

/** How often a run that goes on is asked for anew. */
const REFRESH_MS = 1_500;

const MOST_CHOSEN = 4;

const TITLE = "CodeAnvil Runs";

const BODY = `  <main>
    <h1 class="hiddenWords">${TITLE}</h1>
    <div id="view" class="view" aria-busy="true"></div>
  </main>`;

/** What the view's buttons do; `run` is the id of the run that they belong to. */
export type Actions = Readonly<Record<RunAction, (run: string) => Promise<unknown>>>;

/** One panel for the window. It comes back after a reload, with the runs that were chosen. */
export class RunView implements vscode.Disposable {
  static readonly type = "codeanvil.runs";

  readonly #subscriptions: vscode.Disposable[];
  #panel: vscode.WebviewPanel | undefined;
  /** Ids; empty means the newest run. */
  #chosen: readonly string[] = [];
  #folder: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #showing = Promise.resolve();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly server: Server,
    private readonly actions: Actions,
  ) {
    this.#subscriptions = [
      server.onRunProgress((run) => {
        this.#runMoved(run);
      }),
      server.onDidChangeState(({ kind }) => {
        if (kind === "running") this.#showSoon(0);
      }),
      vscode.window.registerWebviewPanelSerializer(RunView.type, {
        deserializeWebviewPanel: (panel, state: unknown) => {
          const kept = state as { chosen?: readonly string[]; folder?: string } | undefined;
          this.#chosen = kept?.chosen ?? [];
          this.#folder = kept?.folder;
          this.#take(panel);
          return Promise.resolve();
        },
      }),
    ];
  }

  /** Shows these runs, or the newest. */
  open(...runs: string[]): void {
    this.#folder = currentFolder().toString();
    if (runs.length > 0 || !this.#panel) this.#chosen = runs;
    if (this.#panel) {
      this.#panel.reveal();
      this.#showSoon(0);
    } else {
      this.#take(
        vscode.window.createWebviewPanel(RunView.type, TITLE, vscode.ViewColumn.Active, { enableFindWidget: true }),
      );
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "icon.png");
    panel.webview.options = { enableScripts: true, localResourceRoots: resourceRoots(this.extension) };
    panel.webview.onDidReceiveMessage((message: FromRuns) => this.#received(message));
    panel.onDidDispose(() => (this.#panel = undefined));
    panel.onDidChangeViewState(() => {
      if (panel.visible) this.#showSoon(0);
    });
    panel.webview.html = pageHtml(this.extension, panel.webview, { title: TITLE, name: "runs", body: BODY });
  }

  async #received(message: FromRuns): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#showSoon(0);
        break;
      case "choose":
        this.#chosen = message.runs.slice(-MOST_CHOSEN);
        this.#showSoon(0);
        break;
      case "act":
        try {
          await this.actions[message.action](message.run);
        } catch (error) {
          await vscode.window.showErrorMessage(`CodeAnvil: ${error instanceof Error ? error.message : String(error)}`);
        }
        this.#showSoon(0);
        break;
    }
  }

  #runMoved({ run, alive }: RunProgress): void {
    const ended = !alive;
    if (ended || this.#chosen.length === 0 || this.#chosen.includes(run)) this.#showSoon(ended ? 0 : REFRESH_MS);
  }

  /** Shows all anew in `delay` milliseconds, unless that is due anyway; one after the other. */
  #showSoon(delay: number): void {
    if (!this.#panel?.visible || (this.#timer !== undefined && delay > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#showing = this.#showing.then(() => this.#show());
    }, delay);
  }

  async #show(): Promise<void> {
    const panel = this.#panel;
    if (!panel) return;
    void panel.webview.postMessage(await this.#read());
  }

  async #read(): Promise<ToRuns> {
    try {
      const workspace = (this.#folder ??= currentFolder().toString());
      const runs = await this.server.execute<readonly RunRow[]>("runs", { workspace });
      const known = this.#chosen.filter((id) => runs.some((run) => run.id === id));
      const chosen = known.length > 0 ? known : runs.slice(0, 1).map(({ id }) => id);
      const told = await Promise.all(chosen.map((run) => this.server.execute<RunStory>("run", { workspace, run })));
      const inUse = runs.find(({ active }) => active)?.id;
      const stories = told.map((story) => ({ ...story, active: story.id === inUse }));
      return { kind: "runs", folder: workspace, runs, chosen, stories };
    } catch (error) {
      return { kind: "problem", text: error instanceof Error ? error.message : String(error) };
    }
  }
}
