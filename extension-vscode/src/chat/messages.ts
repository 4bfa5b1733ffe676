/** What the chat view and the extension say to each other, and what a conversation is made of. All of it is JSON. */
import type { Citation } from "../protocol";

/** One question with its answer as far as it has come. */
export interface Turn {
  readonly id: string;
  /** URI of the folder that the question is about. */
  readonly folder: string;
  /** As it was typed, with its slash command. */
  readonly question: string;
  readonly state: "asking" | "answered" | "stopped" | "failed";
  /** Markdown; checked once `state` is `answered`. */
  readonly text: string;
  readonly citations: readonly Citation[];
  /** Who wrote the words; null where they are the index's own. */
  readonly model: string | null;
  /** Whether a model's words were put aside, since they did not pass the check. */
  readonly refused?: boolean;
  /** Names that the index has not, struck in `text`. */
  readonly struck: readonly string[];
  /** Cited files that have changed: since they were indexed, or since this was answered. */
  readonly stale: readonly string[];
  /** A sentence for the user: why a model could not write, or what failed. */
  readonly notice: string;
}

/** Questions that belong together: later ones may mean what earlier ones named. */
export interface Conversation {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly turns: readonly Turn[];
}

/** What the view says above its input. */
export interface Situation {
  /** Whether questions can be asked now; if not, `text` says why. */
  readonly ready: boolean;
  readonly text: string;
  /** A command of the editor that helps, and its words on a button. */
  readonly remedy?: { readonly command: string; readonly title: string } | undefined;
}

export type ToChat =
  | { readonly kind: "conversation"; readonly turns: readonly Turn[] }
  | { readonly kind: "turn"; readonly turn: Turn }
  | { readonly kind: "situation"; readonly situation: Situation }
  | { readonly kind: "input"; readonly text: string };

export type FromChat =
  | { readonly kind: "ready" }
  | { readonly kind: "ask"; readonly text: string }
  | { readonly kind: "stop"; readonly id: string }
  | { readonly kind: "open"; readonly id: string; readonly path: string; readonly line: number }
  | { readonly kind: "insert"; readonly code: string }
  | { readonly kind: "copy"; readonly code: string }
  | { readonly kind: "remedy"; readonly command: string };
