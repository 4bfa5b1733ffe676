/** The words of the status bar. Nothing here knows the editor, so that it can be tested without one. */
import type { Active, IndexProgress, RunProgress } from "./protocol";

/** How the server fares. */
export type ServerState =
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  /** It runs for hovers alone, in a workspace that is not trusted. */
  | { readonly kind: "restricted"; readonly why: string }
  | { readonly kind: "off"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** All that the status bar shows. */
export interface View {
  readonly server: ServerState;
  readonly index?: IndexProgress | undefined;
  readonly run?: RunProgress | undefined;
  readonly active?: Active | null | undefined;
}

/** `text` may hold `$(icon)`; `tooltip` is Markdown; `level` picks the item's colour. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly level: "normal" | "warning" | "error";
}

/** Whether a run is going on, or waits to. */
export function isAlive(run: RunProgress | undefined): boolean {
  return run?.alive ?? false;
}

/** Whether a run that ended early can be taken up again. */
export function isResumable(run: RunProgress | undefined): boolean {
  return run !== undefined && !run.alive && ["paused", "stopped", "crashed"].includes(run.state);
}

/** What the status bar says. A live run comes before the index, and a silent server before both. */
export function statusText(view: View): StatusText {
  const { server, index, run } = view;
  switch (server.kind) {
    case "off":
      return { text: "$(circle-slash) CodeAnvil: off", tooltip: server.why, level: "normal" };
    case "restricted":
      return { text: "$(shield) CodeAnvil: hover only", tooltip: server.why, level: "normal" };
    case "failed":
      return { text: "$(warning) CodeAnvil: not running", tooltip: server.why, level: "error" };
    case "starting":
      return { text: "$(sync~spin) CodeAnvil: starting", tooltip: "The server starts.", level: "normal" };
    case "running":
      break;
  }
  if (run && isAlive(run)) {
    return { text: `$(flame) CodeAnvil: ${trainingWords(run)}`, tooltip: tooltip(view), level: "normal" };
  }
  if (index?.state === "failed") {
    return { text: "$(warning) CodeAnvil: index failed", tooltip: tooltip(view), level: "warning" };
  }
  if (index?.state !== "ready") {
    const counts = index && index.total > 0 ? ` ${index.done}/${index.total}` : "";
    return { text: `$(sync~spin) CodeAnvil: indexing${counts}`, tooltip: tooltip(view), level: "normal" };
  }
  if (run?.state === "failed" || run?.state === "crashed") {
    return { text: "$(warning) CodeAnvil: training failed", tooltip: tooltip(view), level: "warning" };
  }
  if (run?.state === "paused") {
    const at = percent(run) === undefined ? "" : ` at ${percent(run)}%`;
    return { text: `$(debug-pause) CodeAnvil: training paused${at}`, tooltip: tooltip(view), level: "normal" };
  }
  if (run?.state === "stopped") {
    return { text: "$(debug-stop) CodeAnvil: training stopped", tooltip: tooltip(view), level: "normal" };
  }
  return { text: "$(check) CodeAnvil", tooltip: tooltip(view), level: "normal" };
}

/** A span of time as one reads it: `45 s`, `12 min`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whole percent done, never 100 before the last step; undefined while the number of steps is unknown. */
export function percent(run: RunProgress): number | undefined {
  return run.steps ? Math.min(100, Math.floor((100 * run.step) / run.steps)) : undefined;
}

function trainingWords(run: RunProgress): string {
  const done = percent(run);
  if (run.state === "queued" || run.state === "paused")
    return run.state === "queued" ? "training waits" : "training paused";
  if (done === undefined || run.phase !== "training") return run.phase || "training";
  const left = run.eta_seconds === null ? "" : `, ${duration(run.eta_seconds)} left`;
  return `training ${done}%${left}`;
}

function tooltip({ index, run, active }: View): string {
  const answers = active ? `**Answers** in the words of ${active.run}, checked` : "**Answers** from the index";
  const parts = [index && `**Index** ${indexWords(index)}`, index && answers, run && runLines(run)];
  return [...parts.filter(Boolean), links(run)].join("\n\n---\n\n");
}

/** What can be done, as links that run commands; a click on the item itself shows the run, where there is one. */
function links(run: RunProgress | undefined): string {
  const train: [string, string] = ["Train on Workspace", "trainOnWorkspace"];
  const ofRun: [string, string][] = isAlive(run)
    ? [
        ["Show Run", "showRuns"],
        ["Pause", "pauseTraining"],
        ["Stop", "stopTraining"],
      ]
    : isResumable(run)
      ? [["Show Run", "showRuns"], ["Resume", "resumeTraining"], train]
      : run
        ? [["Show Run", "showRuns"], train]
        : [train];
  const all: [string, string][] = [["Ask", "askQuestion"], ...ofRun, ["More…", "showMenu"]];
  return all.map(([title, command]) => `[${title}](command:codeanvil.${command})`).join(" · ");
}

function indexWords(index: IndexProgress): string {
  if (index.text) return index.text;
  return index.state === "ready" ? `${index.total} files, up to date` : `${index.done} of ${index.total} files`;
}

function runLines(run: RunProgress): string {
  const rows: [string, string][] = [];
  if (run.steps) rows.push(["step", `${run.step} of ${run.steps}`]);
  if (run.epoch !== null) rows.push(["epoch", run.epoch.toFixed(2)]);
  if (run.loss !== null) rows.push(["loss", run.loss.toFixed(3)]);
  if (run.validation_loss !== null) rows.push(["validation loss", run.validation_loss.toFixed(3)]);
  if (run.tokens_per_second !== null) rows.push(["tokens/s", Math.round(run.tokens_per_second).toString()]);
  if (run.ram_bytes) rows.push(["memory", gigabytes(run.ram_bytes)]);
  if (run.gpu_utilisation !== null && run.gpu_utilisation !== undefined) {
    const memory = run.gpu_memory_bytes ? `, ${gigabytes(run.gpu_memory_bytes)}` : "";
    rows.push(["GPU", `${Math.round(run.gpu_utilisation)}%${memory}`]);
  }
  if (isAlive(run) && run.eta_seconds !== null) rows.push(["left", duration(run.eta_seconds)]);
  const table =
    rows.length > 0 ? `\n\n| | |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join("\n")}` : "";
  const words = [`**Training** ${run.run}: ${run.state}`, run.text].filter(Boolean).join(". ");
  return words + table;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
