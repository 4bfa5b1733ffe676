/** CodeAnvil as a language model of the editor: it answers questions about the workspace, with no account. */
import * as vscode from "vscode";

import { askServer } from "../chat/asking";
import { currentFolder } from "../folder";
import type { Server } from "../server";

export const VENDOR = "codeanvil";

const CHARACTERS_PER_TOKEN = 4;

export class LocalModel implements vscode.LanguageModelChatProvider {
  constructor(private readonly server: Server) {}

  provideLanguageModelChatInformation(): vscode.LanguageModelChatInformation[] {
    return [
      {
        id: "codeanvil-local",
        name: "CodeAnvil",
        family: "codeanvil",
        version: "1",
        tooltip: "Checked answers about this workspace, made on this machine",
        maxInputTokens: 1_000,
        maxOutputTokens: 4_000,
        // The chat's agent mode, where @codeanvil is used too, takes no model without. It calls none.
        capabilities: { toolCalling: true },
      },
    ];
  }

  async provideLanguageModelChatResponse(
    _model: vscode.LanguageModelChatInformation,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    _options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const last = messages.findLast(({ role }) => role === vscode.LanguageModelChatMessageRole.User);
    const question = { folder: currentFolder().toString(), text: last ? asTyped(textOf(last)) : "" };
    const { answer } = await askServer(this.server, question, token);
    progress.report(new vscode.LanguageModelTextPart(answer));
  }

  provideTokenCount(
    _model: vscode.LanguageModelChatInformation,
    text: string | vscode.LanguageModelChatRequestMessage,
  ): Promise<number> {
    const { length } = typeof text === "string" ? text : textOf(text);
    return Promise.resolve(Math.ceil(length / CHARACTERS_PER_TOKEN));
  }
}

function textOf({ content }: vscode.LanguageModelChatRequestMessage): string {
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
}

/** What the user typed, without what the agent mode puts around it. */
function asTyped(text: string): string {
  return /<userRequest>([^]*?)<\/userRequest>/.exec(text)?.[1]?.trim() ?? text;
}
