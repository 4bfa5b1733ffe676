// Does in the extension host what a test asks for by HTTP: a POST of {"do": name, "with": value} to EDITOR_PROBE_PORT.
"use strict";
const { createServer } = require("node:http");
const vscode = require("vscode");

const abilities = {
  /** Names of the language model tools that our extension offers. */
  tools: () => vscode.lm.tools.map(({ name }) => name).filter((name) => /codeanvil/i.test(name)),

  /** What a tool answers, as text. */
  async invoke({ tool, input }) {
    const { content } = await vscode.lm.invokeTool(tool, { input, toolInvocationToken: undefined });
    return content.map(({ value }) => value).join("");
  },
};

exports.activate = (context) => {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const asked = JSON.parse(body);
    try {
      response.end(JSON.stringify({ result: (await abilities[asked.do](asked.with)) ?? null }));
    } catch (error) {
      response.statusCode = 500;
      response.end(JSON.stringify({ problem: String(error?.stack ?? error) }));
    }
  });
  const listen = () => server.listen(Number(process.env.EDITOR_PROBE_PORT), "127.0.0.1");
  // The extension host of a window that was reloaded may still be there.
  server.on("error", () => setTimeout(listen, 500));
  listen();
  context.subscriptions.push({
    dispose: () => {
      server.closeAllConnections();
      server.close();
    },
  });
};
