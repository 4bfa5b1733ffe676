/** The chat view's page: shows turns and tells the extension what was asked and clicked. It fetches and decides nothing. */
import type { FromChat, Situation, ToChat, Turn } from "../chat/messages";
import { ChatInput } from "./chatInput";
import { byId, make, textButton } from "./dom";
import { turnElement } from "./turn";
import type { Actions } from "./turn";

/** What a page that is loaded anew begins with: the question as far as it was typed. */
interface Kept {
  readonly draft: string;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromChat): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const EXAMPLES = ["/build", "Which classes are there?", "Where is main?"];

const api = acquireVsCodeApi();
const turns = byId("turns");
const input = new ChatInput(byId("ask"), api.getState()?.draft ?? "", {
  ask: (text) => {
    api.postMessage({ kind: "ask", text });
  },
  stop: () => {
    for (const turn of shown.values()) if (turn.state === "asking") api.postMessage({ kind: "stop", id: turn.id });
  },
  typed: (draft) => {
    api.setState({ draft });
  },
});
const actions: Actions = {
  open: (id, path, line) => {
    api.postMessage({ kind: "open", id, path, line });
  },
  insert: (code) => {
    api.postMessage({ kind: "insert", code });
  },
  copy: (code) => {
    api.postMessage({ kind: "copy", code });
  },
  again: (question) => {
    api.postMessage({ kind: "ask", text: question });
  },
};
const shown = new Map<string, Turn>();
const toDraw = new Set<string>();

window.addEventListener("message", ({ data }: MessageEvent<ToChat>) => {
  switch (data.kind) {
    case "conversation":
      showAll(data.turns);
      break;
    case "turn":
      showSoon(data.turn);
      break;
    case "situation":
      showSituation(data.situation);
      break;
    case "input":
      input.offer(data.text);
      break;
  }
});
api.postMessage({ kind: "ready" });

function showAll(all: readonly Turn[]): void {
  shown.clear();
  for (const turn of all) shown.set(turn.id, turn);
  turns.replaceChildren(...(all.length > 0 ? all.map((turn) => turnElement(turn, actions)) : [welcome()]));
  afterDrawing(true);
}

/** Words come faster than they can be read: they are drawn once a frame. */
function showSoon(turn: Turn): void {
  shown.set(turn.id, turn);
  if (toDraw.size === 0) requestAnimationFrame(draw);
  toDraw.add(turn.id);
}

function draw(): void {
  const atEnd = turns.scrollHeight - turns.scrollTop - turns.clientHeight < 40;
  let isNew = false;
  for (const id of toDraw) {
    const turn = shown.get(id);
    if (!turn) continue;
    const old = document.getElementById(`turn-${id}`);
    const fresh = turnElement(turn, actions);
    if (old) {
      old.replaceWith(fresh);
    } else {
      turns.querySelector(".welcome")?.remove();
      turns.append(fresh);
      isNew = true;
    }
  }
  toDraw.clear();
  afterDrawing(atEnd || isNew);
}

function afterDrawing(toEnd: boolean): void {
  const all = [...shown.values()];
  input.setBusy(all.some(({ state }) => state === "asking"));
  input.setEarlier(all.map(({ question }) => question));
  if (toEnd) turns.scrollTop = turns.scrollHeight;
}

function showSituation({ ready, text, remedy }: Situation): void {
  document.querySelector(".situation")?.remove();
  input.setReady(ready);
  if (!text) return;
  const banner = make("div", "situation", make("span", "", text));
  banner.setAttribute("role", "status");
  if (remedy) {
    banner.append(
      textButton(remedy.title, () => {
        api.postMessage({ kind: "remedy", command: remedy.command });
      }),
    );
  }
  turns.after(banner);
}

function welcome(): HTMLElement {
  const examples = EXAMPLES.map((text) =>
    textButton(
      text,
      () => {
        api.postMessage({ kind: "ask", text });
      },
      "example",
    ),
  );
  return make(
    "div",
    "welcome",
    make("h2", "", "Ask about this workspace"),
    make(
      "p",
      "",
      "Answers come from the index of your code. Every name in them is looked up; what is not there is struck out. Nothing leaves this machine.",
    ),
    make("div", "examples", ...examples),
  );
}
