/** `@codeanvil` in the editor's own chat. */
import * as vscode from "vscode";

import { askServer } from "../chat/asking";
import { currentFolder, rootOf } from "../folder";
import { nameAtCursor } from "../places";
import type { Server } from "../server";

/** Answers with links into the folder, and with what the answer rests on as references. */
export function answerInChat(server: Server): vscode.ChatRequestHandler {
  return async (request, context, stream, token) => {
    const folder = currentFolder();
    const earlier = context.history.flatMap((turn) => (turn instanceof vscode.ChatRequestTurn ? [typed(turn)] : []));
    stream.progress("Looking it up in the index");
    const question = { folder: folder.toString(), text: typed(request), atCursor: nameAtCursor(), earlier };
    const answer = await askServer(server, question, token);
    // Links in the answer are relative to the folder.
    const root = rootOf(folder);
    const markdown = new vscode.MarkdownString(answer.answer);
    markdown.baseUri = vscode.Uri.joinPath(root, "/");
    stream.markdown(markdown);
    for (const { path, line } of answer.citations) {
      const place = new vscode.Position(Math.max(0, line - 1), 0);
      stream.reference(new vscode.Location(vscode.Uri.joinPath(root, path), place));
    }
    const by = answer.model ? `Written by \`${answer.model}\`, checked against the index.` : "From the index.";
    const names = answer.unverified.map((name) => `\`${name.replaceAll("`", "")}\``);
    const struck = names.length > 0 ? ` Struck: ${names.join(", ")}.` : "";
    const footnote = new vscode.MarkdownString(`\n\n${by}${struck} `);
    footnote.appendText(answer.notice ?? "");
    stream.markdown(footnote);
  };
}

/** A question as it would be typed in our own view. */
function typed({ command, prompt }: { readonly command?: string | undefined; readonly prompt: string }): string {
  return command ? `/${command} ${prompt}` : prompt;
}
