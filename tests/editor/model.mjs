// A model for tests: an OpenAI-compatible server that says what it is told to, a few words at a time.
import { createServer } from "node:http";
import { once } from "node:events";

import { until } from "./harness.mjs";

const PAUSE_MS = 300;

export async function startModel() {
  let words = [];
  let endless = false;
  let asked = 0;
  let hasLeft = false;
  let goOn = () => {};
  let mayGoOn = Promise.resolve();

  const server = createServer(async (request, response) => {
    if (request.url?.endsWith("/models")) {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ data: [{ id: "test-model" }] }));
      return;
    }
    asked++;
    const isEndless = endless;
    response.setHeader("Content-Type", "text/event-stream");
    response.on("close", () => (hasLeft ||= isEndless));
    for (let number = 0; (isEndless || number < words.length) && !response.destroyed; number++) {
      const chunk = { choices: [{ index: 0, delta: { content: words[number % words.length] } }] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await mayGoOn;
    }
    response.end("data: [DONE]\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    /** The words of the next answers; after the first of them it waits until `goesOn` is called. */
    says: (...told) => {
      [words, endless] = [told, false];
      mayGoOn = new Promise((resolve) => (goOn = resolve));
    },
    goesOn: () => goOn(),
    saysWithoutEnd: (told) => ([words, endless] = [[told], true]),
    wasAsked: () => asked > 0,
    /** Until whoever asked without end has closed the connection. */
    left: () => until(() => hasLeft, "nobody left the model"),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
