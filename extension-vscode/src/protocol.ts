/** What the extension and `codeanvil-lsp` say to each other beyond the Language Server Protocol. */
import { NotificationType, RequestType } from "vscode-languageclient/node";

/** Commands of the server, sent by `workspace/executeCommand` with one object as argument. */
export type Verb =
  | "prepare"
  | "train"
  | "pause"
  | "stop"
  | "resume"
  | "ask"
  | "stale"
  | "status"
  | "runs"
  | "run"
  | "promote"
  | "rollback"
  | "samples"
  | "evaluate";

export type RunState = "queued" | "running" | "paused" | "stopped" | "finished" | "failed" | "crashed";

/** What every command takes: the open folder it is about, by URI. */
export interface InFolder {
  readonly workspace: string;
  readonly [argument: string]: unknown;
}

/** How far a run is; null where it is not known (yet). `workspace`, a path, is told in notifications only. */
export interface RunProgress {
  readonly workspace?: string;
  readonly run: string;
  readonly state: RunState;
  /** Whether a process works on it, or waits to. */
  readonly alive: boolean;
  readonly phase: string;
  readonly text: string;
  readonly step: number;
  readonly steps: number | null;
  readonly epoch: number | null;
  readonly loss: number | null;
  readonly validation_loss: number | null;
  readonly eta_seconds: number | null;
  readonly tokens_per_second: number | null;
  readonly ram_bytes?: number | null;
  readonly gpu_memory_bytes?: number | null;
  /** Percent. */
  readonly gpu_utilisation?: number | null;
}

/** The gate's verdict on a finished run. */
export interface Gate {
  readonly promoted: boolean;
  readonly why: string;
  /** The run that was in use; null where the base model was. */
  readonly against: string | null;
}

/** A line of `codeanvil.runs`; null for what was not measured. */
export interface RunRow {
  readonly id: string;
  readonly state: RunState;
  readonly alive: boolean;
  readonly step: number;
  readonly steps: number | null;
  readonly loss: number | null;
  readonly validation_loss: number | null;
  readonly wording_loss: number | null;
  readonly eta_seconds: number | null;
  readonly tokens_per_second: number | null;
  readonly phase: string;
  readonly text: string;
  readonly base_model: string | null;
  readonly preset: string | null;
  readonly created: string | null;
  readonly seconds: number | null;
  readonly tokens: number | null;
  /** Share of held-out questions that the tuned model answered rightly by itself. */
  readonly accuracy: number | null;
  readonly gate: Gate | null;
  readonly troubles: readonly string[];
  readonly active?: boolean;
}

export interface Accuracy {
  readonly n: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** What a run was taught, and what was left out; counts by name. */
export interface DataCard {
  readonly facts: number;
  readonly sources: number;
  readonly with_evidence: number;
  readonly exposures: { readonly mean: number; readonly most: number };
  readonly tokens: { readonly total: number; readonly mean: number; readonly max: number; readonly cut: number } | null;
  readonly left_out: Readonly<Record<string, number>>;
  readonly files_not_read: Readonly<Record<string, number>>;
  readonly secrets: Readonly<Record<string, number>>;
}

/** What `codeanvil.run` answers: all of one run. */
export interface RunStory extends RunRow {
  /** [step, loss, tokens per second]. */
  readonly curve: readonly (readonly [number, number, number | null])[];
  /** [step, loss, loss of held-out wordings]. */
  readonly validation: readonly (readonly [number, number | null, number | null])[];
  readonly machine: Readonly<Record<string, number | null>>;
  readonly events: readonly { readonly time: number; readonly kind: string; readonly text: string }[];
  readonly accuracy_by_arm: Readonly<
    Record<string, { readonly overall: Accuracy; readonly categories: Readonly<Record<string, Accuracy>> }>
  >;
  readonly data: Readonly<Record<string, unknown>>;
  /** The data card; absent for runs of before there was one. */
  readonly card?: DataCard | Record<string, never>;
  readonly files: number;
  readonly since: string | null;
  readonly code_revision: string | null;
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly log: readonly string[];
}

/** How the index stands; `text` says what failed. */
export interface IndexProgress {
  readonly state: "indexing" | "ready" | "failed";
  readonly done: number;
  readonly total: number;
  readonly text?: string;
}

/** The run whose model writes answers, and why that one. */
export interface Active {
  readonly run: string;
  readonly why: string;
}

/** What `codeanvil.status` answers. */
export interface Status {
  readonly index: IndexProgress;
  readonly run: RunProgress | null;
  readonly active: Active | null;
}

/** What a run would take; null for what is not known. See `server/codeanvil/runs/forecast.py`. */
export interface TrainingPlan {
  readonly summary: readonly string[];
  readonly base_model: string;
  readonly method: string;
  readonly parameters: number | null;
  readonly trainable_parameters: number | null;
  readonly device: string;
  readonly weights: "embedded" | "folder" | "cached" | "hub";
  readonly download_bytes: number | null;
  readonly samples: number;
  readonly tokens: number;
  readonly epochs: number;
  /** False: estimated, samples are still to be made. */
  readonly counted: boolean;
  readonly memory: { readonly needed_bytes: number | null; readonly free_bytes: number; readonly fits: boolean | null };
  readonly disk: { readonly needed_bytes: number | null; readonly free_bytes: number; readonly fits: boolean | null };
  readonly time: { readonly seconds: number | null; readonly basis: "run" | "trial" | null };
  readonly problems: readonly { readonly problem: string; readonly remedy: string }[];
}

export interface Citation {
  readonly path: string;
  readonly line: number;
  readonly symbol: string;
}

/** What `codeanvil.ask` answers; the shape of `codeanvil ask --json`. */
export interface Answer {
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly found: boolean;
  readonly unverified: readonly string[];
  readonly model: string | null;
  readonly revision: { readonly code: string; readonly adapter: string | null; readonly stale: readonly string[] };
  /** Milliseconds; 0 for `model` where none was asked. */
  readonly timings?: { readonly model?: number };
  /** Why the model could not write, where it could not. */
  readonly notice?: string;
}

/** The argument of `codeanvil.explain`, which lenses and code actions carry. */
export interface Explain {
  readonly workspace: string;
  readonly symbol: string;
}

/** The question that the server itself would ask for them. */
export const questionAbout = ({ symbol }: Explain): string => `Tell me about ${symbol}.`;

export interface AnswerDelta {
  readonly token: string;
  readonly delta: string;
}

export const trainingPlan = new RequestType<InFolder, TrainingPlan, void>("codeanvil/trainingPlan");
export const indexProgress = new NotificationType<IndexProgress>("codeanvil/indexProgress");
export const runProgress = new NotificationType<RunProgress>("codeanvil/runProgress");
export const answerDelta = new NotificationType<AnswerDelta>("codeanvil/answerDelta");
