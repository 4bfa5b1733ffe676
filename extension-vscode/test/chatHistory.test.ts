import assert from "node:assert/strict";
import { test } from "node:test";
import type { Memento } from "vscode";

import { History } from "../src/chat/history";
import type { Turn } from "../src/chat/messages";

/** A memory that survives, as the editor's does: everything goes through JSON. */
function memory(): Memento {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, fallback?: T) => {
      const text = kept.get(key);
      return text === undefined ? fallback : (JSON.parse(text) as T);
    },
    update: (key: string, value: unknown) => {
      kept.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}

function turn(id: string, state: Turn["state"] = "answered"): Turn {
  const nothing = { text: "", citations: [], model: null, struck: [], stale: [], notice: "" };
  return { id, folder: "file:///w", question: `Question ${id}`, state, ...nothing };
}

const ids = (history: History) => history.current.turns.map(({ id }) => id);

test("a conversation is there again after the window was closed", () => {
  const kept = memory();
  const before = new History(kept);
  before.put(turn("a"));
  before.put(turn("b", "asking"));
  before.put(turn("b"));
  assert.deepEqual(ids(new History(kept)), ["a", "b"]);
});

test("what was being answered when the window closed is told as stopped", () => {
  const kept = memory();
  const before = new History(kept);
  before.put(turn("a", "asking"));
  before.put(turn("b"));
  const [first] = new History(kept).current.turns;
  assert.equal(first?.state, "stopped");
});

test("one may begin anew and go back", () => {
  const kept = memory();
  const history = new History(kept);
  history.put(turn("a"));
  const first = history.current.id;
  history.begin();
  history.begin();
  assert.deepEqual(ids(history), []);
  assert.equal(history.earlier.length, 1, "empty conversations are not kept");
  history.put(turn("b"));
  history.goBackTo(first);
  assert.deepEqual(ids(history), ["a"]);
  assert.deepEqual(
    new History(kept).earlier.map(({ turns }) => turns[0]?.id),
    ["b"],
  );
  history.clear();
  assert.deepEqual(new History(kept).earlier, []);
});

test("an answer that comes after another conversation was begun belongs to its own", () => {
  const history = new History(memory());
  history.put(turn("a", "asking"));
  history.begin();
  history.put(turn("a"));
  assert.deepEqual(ids(history), []);
  assert.equal(history.earlier[0]?.turns[0]?.state, "answered");
});
