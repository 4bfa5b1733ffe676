/** Tools that the editor's agents may call. They read, and change nothing. */
import * as vscode from "vscode";

import { askServer } from "../chat/asking";
import { currentFolder } from "../folder";
import type { Status } from "../protocol";
import type { Server } from "../server";

/** Answers a question about the workspace; the input is `{question}`. */
export function askTool(server: Server): vscode.LanguageModelTool<{ readonly question: string }> {
  return {
    prepareInvocation: ({ input }) => ({ invocationMessage: `Asking CodeAnvil: ${input.question}` }),
    invoke: async ({ input }, token) => {
      const { answer, citations, found } = await askServer(
        server,
        { folder: currentFolder().toString(), text: input.question },
        token,
      );
      return json({ answer, citations, found });
    },
  };
}

/** Tells what is indexed, which run goes on, and which model is in use. */
export function statusTool(server: Server): vscode.LanguageModelTool<object> {
  return {
    prepareInvocation: () => ({ invocationMessage: "Asking CodeAnvil how index and training stand" }),
    invoke: async (_, token) =>
      json(await server.execute<Status>("status", { workspace: currentFolder().toString() }, token)),
  };
}

function json(value: unknown): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);
}
