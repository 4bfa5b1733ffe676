/**
 * Which commands put the server, and later the trainer, into an environment of their own. Nothing here knows the
 * editor, so that it can be tested without one.
 */
import { spawn } from "node:child_process";
import path from "node:path";

import { pythonEnvironment } from "./python";

/** What is installed: the server alone, or with all that training needs. */
export type Extent = "server" | "trainer";

export interface Step {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The interpreter of the environment in `folder`. */
export function interpreterOf(folder: string, platform = process.platform): string {
  return platform === "win32" ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

/**
 * What to run, one after the other: an environment in `folder` made by `python`, and the package from `source`, a
 * folder with `pyproject.toml` and `constraints.txt`, with the versions that it was tested with.
 */
export function installSteps(python: string, folder: string, source: string, extent: Extent): Step[] {
  const own = interpreterOf(folder);
  const wanted = extent === "server" ? `${source}[mcp]` : `${source}[mcp,train]`;
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  return [
    { title: "making an environment", command: python, args: ["-m", "venv", "--upgrade-deps", folder] },
    {
      title: extent === "server" ? "installing the server" : "installing the trainer",
      command: own,
      args: [...pip, "-c", path.join(source, "constraints.txt"), wanted],
    },
  ];
}

/**
 * Runs one step. `onLine` gets what it prints, line by line. Rejects with a sentence that holds its last words; ends
 * the process when `signal` says so.
 */
export function runStep(step: Step, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(step.command, step.args, { env: pythonEnvironment(), signal, windowsHide: true });
    let said = "";
    const hear = (data: Buffer) => {
      said = (said + data.toString("utf8")).slice(-4_000);
      for (const line of data.toString("utf8").split(/\r?\n/)) if (line.trim()) onLine(line.trim());
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${step.title} failed: ${lastWords(said) || `it ended with code ${String(code)}`}`));
    });
  });
}

/** The line that says what is wrong: pip's own `ERROR:`, else the last. */
function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => line.trim());
  return (lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "").trim();
}
