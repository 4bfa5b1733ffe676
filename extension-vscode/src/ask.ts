/** Asking: the question, the answer as it comes, and what is known about it at the end. */
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

import { answerHtml, citationsHtml } from "./answerHtml";
import type { Entry } from "./answerMessages";
import type { AnswerPanel } from "./answerPanel";
import { currentFolder } from "./folder";
import type { Answer } from "./protocol";
import type { Server } from "./server";

/** Asks what the user types, or `question` where it is given, and shows the answer in the panel. */
export async function ask(server: Server, panel: AnswerPanel, question?: string): Promise<void> {
  const folder = currentFolder().toString();
  const text = (question ?? (await vscode.window.showInputBox(inputOptions())))?.trim();
  if (!text) return;
  const entry: Entry = {
    id: randomUUID(),
    folder,
    question: text,
    state: "asking",
    html: "",
    citations: "",
    notes: [],
  };
  panel.reveal();
  panel.put(entry);
  panel.put(await answered(server, panel, entry));
}

async function answered(server: Server, panel: AnswerPanel, entry: Entry): Promise<Entry> {
  const cancellation = new vscode.CancellationTokenSource();
  let written = "";
  const subscriptions = vscode.Disposable.from(
    cancellation,
    panel.onStop((id) => {
      if (id === entry.id) cancellation.cancel();
    }),
    server.onAnswerDelta(({ token, delta }) => {
      if (token !== entry.id) return;
      written += delta;
      // What streams is not checked yet, so it has no links.
      panel.put({ ...entry, html: answerHtml(written, []) });
    }),
  );
  try {
    const asked = { workspace: entry.folder, question: entry.question, token: entry.id };
    const answer = await server.execute<Answer>("ask", asked, cancellation.token);
    const html = answerHtml(answer.answer, answer.citations);
    return {
      ...entry,
      state: "answered",
      html,
      citations: citationsHtml(html, answer.citations),
      notes: notes(answer),
    };
  } catch (error) {
    if (cancellation.token.isCancellationRequested) {
      return {
        ...entry,
        state: "stopped",
        html: answerHtml(written, []),
        notes: ["Stopped; the text above was not checked."],
      };
    }
    return { ...entry, state: "failed", notes: [error instanceof Error ? error.message : String(error)] };
  } finally {
    subscriptions.dispose();
  }
}

function notes(answer: Answer): string[] {
  const { model, unverified } = answer;
  return [
    model ? `Written by ${model}, checked against the index.` : "From the index, without a model.",
    ...(unverified.length > 0 ? [`Struck, since the index has nothing of the name: ${unverified.join(", ")}.`] : []),
  ];
}

function inputOptions(): vscode.InputBoxOptions {
  const word = wordAtCursor();
  return {
    title: "CodeAnvil: Ask",
    prompt: "A question about this workspace",
    placeHolder: "Where is the class …? What does … inherit from? How is the project built?",
    ...(word ? { value: `What does ${word} do?` } : {}),
  };
}

function wordAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active, /[A-Za-z_]\w*/);
  return range && editor?.document.getText(range);
}
