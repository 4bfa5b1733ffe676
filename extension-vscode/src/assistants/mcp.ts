/** `codeanvil mcp` for the editor's agents, in the Python that runs the server. */
import * as vscode from "vscode";

import { pythonEnvironment } from "../python";
import type { Server } from "../server";

/** One MCP server for each folder on the disk; none while the server does not run. */
export function mcpServers(server: Server): vscode.McpServerDefinitionProvider {
  const changed = new vscode.EventEmitter<void>();
  server.onDidChangeState(() => {
    changed.fire();
  });
  return {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => {
      const { python } = server;
      if (!python || !vscode.workspace.isTrusted) return [];
      const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
      return folders.map(({ name, uri }) => {
        const args = ["-m", "codeanvil.cli", "mcp", uri.fsPath];
        return new vscode.McpStdioServerDefinition(`CodeAnvil: ${name}`, python, args, ourVariables());
      });
    },
  };
}

/** What our Pythons get beside the editor's own environment. */
function ourVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pythonEnvironment({})).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
