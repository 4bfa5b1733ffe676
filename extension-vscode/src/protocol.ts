/** What the extension and `codeanvil-lsp` say to each other beyond the Language Server Protocol. */
import { NotificationType } from "vscode-languageclient/node";

/** Commands of the server, sent by `workspace/executeCommand` with one object as argument. */
export type Verb = "prepare" | "train" | "stop" | "resume" | "ask" | "stale" | "status";

export type RunState = "queued" | "running" | "stopped" | "finished" | "failed" | "crashed";

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
  readonly phase: string;
  readonly text: string;
  readonly step: number;
  readonly steps: number | null;
  readonly epoch: number | null;
  readonly loss: number | null;
  readonly validation_loss: number | null;
  readonly eta_seconds: number | null;
  readonly tokens_per_second: number | null;
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

/** What `codeanvil.train` with `dry_run` answers: sentences that say what a run would do. */
export interface TrainPlan {
  readonly summary: readonly string[];
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

export const indexProgress = new NotificationType<IndexProgress>("codeanvil/indexProgress");
export const runProgress = new NotificationType<RunProgress>("codeanvil/runProgress");
export const answerDelta = new NotificationType<AnswerDelta>("codeanvil/answerDelta");
