/**
 * The same answers for the editor's own assistants: `@codeanvil` in its chat, tools and an MCP server for agents, and a
 * language model, so that `@codeanvil` works without any account. Forks and older versions lack some of these
 * interfaces: what is not there is left out.
 */
import * as vscode from "vscode";

import type { Server } from "../server";
import { LocalModel, VENDOR } from "./languageModel";
import { mcpServers } from "./mcp";
import { answerInChat } from "./participant";
import { askTool, statusTool } from "./tools";

export function registerAssistants(context: vscode.ExtensionContext, server: Server): vscode.Disposable {
  const { chat, lm } = vscode as Partial<typeof vscode>;
  const registered: { dispose(): unknown }[] = [];
  const offer = (is: unknown, register: () => { dispose(): unknown }) => {
    if (typeof is === "function") registered.push(register());
  };
  offer(chat?.createChatParticipant, () => {
    const participant = vscode.chat.createChatParticipant("codeanvil.participant", answerInChat(server));
    participant.iconPath = vscode.Uri.joinPath(context.extensionUri, "media", "icon.png");
    return participant;
  });
  offer(lm?.registerTool, () =>
    vscode.Disposable.from(
      vscode.lm.registerTool("codeanvil_ask", askTool(server)),
      vscode.lm.registerTool("codeanvil_status", statusTool(server)),
    ),
  );
  offer(lm?.registerMcpServerDefinitionProvider, () =>
    vscode.lm.registerMcpServerDefinitionProvider("codeanvil.mcp", mcpServers(server)),
  );
  offer(lm?.registerLanguageModelChatProvider, () => {
    const registration = vscode.lm.registerLanguageModelChatProvider(VENDOR, new LocalModel(server));
    // Models are looked up when somebody first asks for them; the chat shows none before that.
    void vscode.lm.selectChatModels({ vendor: VENDOR });
    return registration;
  });
  return vscode.Disposable.from(...registered);
}
