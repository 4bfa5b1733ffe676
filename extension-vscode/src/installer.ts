/** Installing the server by one click, into an environment of the extension's own. */
import { access } from "node:fs/promises";
import * as vscode from "vscode";

import { type Extent, installSteps, interpreterOf, runStep } from "./install";
import type { Candidate } from "./python";

const SIZES: Readonly<Record<Extent, string>> = {
  server: "from the Python package index, without PyTorch; about 150 MB on the disk",
  trainer: "PyTorch and what goes with it, from the Python package index; several gigabytes on the disk",
};

/** The environment that the extension keeps, and what is put into it. */
export class Installer {
  readonly #folder: string;
  readonly #source: string;

  constructor(
    context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#folder = vscode.Uri.joinPath(context.globalStorageUri, "python").fsPath;
    this.#source = vscode.Uri.joinPath(context.extensionUri, "dist", "python").fsPath;
  }

  /** The interpreter of the environment, as far as it is there. */
  async candidate(): Promise<Candidate | undefined> {
    const path = interpreterOf(this.#folder);
    try {
      await access(path);
    } catch {
      return undefined;
    }
    return { path, origin: "installed by CodeAnvil" };
  }

  /** Whether `python` is the environment's. */
  owns(python: string | undefined): boolean {
    return python === interpreterOf(this.#folder);
  }

  /** Asks, then installs with `python`; false where the user would not. Rejects with a sentence for the user. */
  async install(python: string, extent: Extent): Promise<boolean> {
    const what = extent === "server" ? "CodeAnvil's server" : "the trainer";
    const install = "Install";
    const picked = await vscode.window.showInformationMessage(
      `Install ${what}?`,
      { modal: true, detail: `Into ${this.#folder}, with ${python}: ${SIZES[extent]}.` },
      install,
    );
    if (picked !== install) return false;
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(this.#folder));
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "CodeAnvil", cancellable: true },
      async (progress, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => {
          stop.abort();
        });
        for (const step of installSteps(python, this.#folder, this.#source, extent)) {
          this.log.info(`${step.title}: ${[step.command, ...step.args].join(" ")}`);
          progress.report({ message: step.title });
          await runStep(
            step,
            (line) => {
              this.log.info(line);
              progress.report({ message: `${step.title}: ${line.slice(0, 80)}` });
            },
            stop.signal,
          );
        }
      },
    );
    return true;
  }
}
