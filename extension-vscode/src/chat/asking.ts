/** One question to the server: the same for the chat view, `@codeanvil`, the tools and the language model. */
import { randomUUID } from "node:crypto";
import type { CancellationToken } from "vscode";

import type { Answer } from "../protocol";
import type { Server } from "../server";
import { meaning, questionsOf } from "./slash";

export interface Question {
  /** URI of an open folder. */
  readonly folder: string;
  /** As typed; may begin with a slash command. */
  readonly text: string;
  /** The name at the cursor, for a command without one. */
  readonly atCursor?: string | undefined;
  /** What was typed before in the same conversation, oldest first. */
  readonly earlier?: readonly string[];
}

/**
 * The checked answer. `onText` gets all that is written so far, not checked yet but with invented names struck.
 * A server that starts is waited for. Rejects with a sentence for the user; with a cancellation where `token` says so.
 */
export async function askServer(
  server: Server,
  { folder, text, atCursor, earlier = [] }: Question,
  token: CancellationToken,
  onText?: (written: string) => void,
): Promise<Answer> {
  const meant = meaning(text, atCursor);
  if (meant.kind === "problem") throw new Error(meant.problem);
  await server.started(token);
  if (meant.kind === "stale") return server.execute<Answer>("stale", { workspace: folder }, token);
  const id = randomUUID();
  let written = "";
  const listening = server.onAnswerDelta(({ token: about, delta }) => {
    if (about !== id) return;
    written += delta;
    onText?.(written);
  });
  try {
    const asked = { workspace: folder, question: meant.question, token: id, history: questionsOf(earlier) };
    return await server.execute<Answer>("ask", asked, token);
  } finally {
    listening.dispose();
  }
}
