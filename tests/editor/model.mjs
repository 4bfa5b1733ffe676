// A model for tests: an OpenAI-compatible server that says what it is told to, a few words at a time.
import { createServer } from "node:http";
import { once } from "node:events";

const PAUSE_MS = 700;

export async function startModel() {
  let words = [];
  let endless = false;
  let asked = 0;
  let leave;
  const hasLeft = new Promise((resolve) => (leave = resolve));

  const server = createServer(async (request, response) => {
    if (request.url?.endsWith("/models")) {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ data: [{ id: "test-model" }] }));
      return;
    }
    asked++;
    response.setHeader("Content-Type", "text/event-stream");
    response.on("close", () => endless && leave());
    for (let number = 0; (endless || number < words.length) && !response.destroyed; number++) {
      const chunk = { choices: [{ index: 0, delta: { content: words[number % words.length] } }] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    response.end("data: [DONE]\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    says: (...told) => ([words, endless] = [told, false]),
    saysWithoutEnd: (told) => ([words, endless] = [[told], true]),
    /** Whether a question has come, or comes within this time. */
    async wasAsked(milliseconds) {
      for (let waited = 0; asked === 0 && waited < milliseconds; waited += 100) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return asked > 0;
    },
    /** Until whoever asked without end has closed the connection. */
    left: () => hasLeft,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
