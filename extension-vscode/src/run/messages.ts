/** What the run view and the extension say to each other. All of it is JSON. */
import type { RunRow, RunStory } from "../protocol";

export type RunAction = "pause" | "stop" | "resume" | "promote" | "rollback" | "train" | "evaluate" | "ask";

export type ToRuns =
  | {
      readonly kind: "runs";
      /** URI of the folder whose runs they are. */
      readonly folder: string;
      /** Newest first. */
      readonly runs: readonly RunRow[];
      /** Ids of those that are shown, in the order of `stories`. */
      readonly chosen: readonly string[];
      readonly stories: readonly RunStory[];
    }
  | { readonly kind: "problem"; readonly text: string };

export type FromRuns =
  | { readonly kind: "ready" }
  | { readonly kind: "choose"; readonly runs: readonly string[] }
  | { readonly kind: "act"; readonly action: RunAction; readonly run: string };
