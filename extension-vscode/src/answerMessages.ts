/** What the extension and the answer view say to each other. */

/** One question with its answer as far as it has come; HTML made by `answerHtml.ts`. */
export interface Entry {
  readonly id: string;
  /** URI of the folder that the question is about. */
  readonly folder: string;
  readonly question: string;
  readonly state: "asking" | "answered" | "stopped" | "failed";
  readonly html: string;
  readonly citations: string;
  /** Sentences about the answer: what wrote it, what was struck, what has changed since. */
  readonly notes: readonly string[];
}

export type ToView =
  { readonly kind: "entries"; readonly entries: readonly Entry[] } | { readonly kind: "entry"; readonly entry: Entry };

export type FromView =
  | { readonly kind: "ready" }
  | { readonly kind: "ask" }
  | { readonly kind: "stop"; readonly id: string }
  | { readonly kind: "open"; readonly id: string; readonly path: string; readonly line: number };
