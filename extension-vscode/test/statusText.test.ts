import assert from "node:assert/strict";
import { test } from "node:test";

import type { RunProgress } from "../src/protocol";
import { duration, isResumable, percent, statusText, type View } from "../src/statusText";

const RUN: RunProgress = {
  run: "20260101-120000-ab12",
  state: "running",
  alive: true,
  phase: "training",
  text: "",
  step: 21,
  steps: 50,
  epoch: 1.25,
  loss: 2.3456,
  validation_loss: 2.5,
  eta_seconds: 725,
  tokens_per_second: 1499.6,
};
const READY: View = { server: { kind: "running" }, index: { state: "ready", done: 30, total: 30 } };

test("where the workspace is not trusted, that there is hover only, whatever else is known", () => {
  const { text, tooltip } = statusText({ ...READY, server: { kind: "restricted", why: "Not trusted." }, run: RUN });
  assert.equal(text, "$(shield) CodeAnvil: hover only");
  assert.equal(tooltip, "Not trusted.");
});

test("a run shows percent and time left, and in the tooltip loss and speed", () => {
  const { text, tooltip } = statusText({ ...READY, run: RUN });
  assert.equal(text, "$(flame) CodeAnvil: training 42%, 12 min left");
  for (const part of ["21 of 50", "loss | 2.346", "validation loss | 2.500", "tokens/s | 1500"]) {
    assert.ok(tooltip.includes(part), `${part} in ${tooltip}`);
  }
});

test("a run whose length is unknown shows its phase", () => {
  const run = { ...RUN, step: 0, steps: null, eta_seconds: null, phase: "tokenising" };
  assert.equal(statusText({ ...READY, run }).text, "$(flame) CodeAnvil: tokenising");
});

test("percent is shown from the first moment, and phases around the training by their name", () => {
  const first = { ...RUN, step: 0, eta_seconds: null };
  assert.equal(statusText({ ...READY, run: first }).text, "$(flame) CodeAnvil: training 0%");
  const last = { ...RUN, step: 50, phase: "merging" };
  assert.equal(statusText({ ...READY, run: last }).text, "$(flame) CodeAnvil: merging");
});

test("the index shows its counts, then gives way", () => {
  const index = { state: "indexing", done: 12, total: 40 } as const;
  assert.equal(statusText({ ...READY, index }).text, "$(sync~spin) CodeAnvil: indexing 12/40");
  assert.equal(statusText(READY).text, "$(check) CodeAnvil");
});

test("a server that cannot run is what matters most", () => {
  const status = statusText({ ...READY, run: RUN, server: { kind: "failed", why: "No Python." } });
  assert.deepEqual(status, { text: "$(warning) CodeAnvil: not running", tooltip: "No Python.", level: "error" });
});

test("a failed run warns, a stopped one does not", () => {
  assert.equal(statusText({ ...READY, run: { ...RUN, alive: false, state: "failed" } }).level, "warning");
  assert.equal(statusText({ ...READY, run: { ...RUN, alive: false, state: "stopped" } }).level, "normal");
});

test("a finished run leaves the plain status", () => {
  assert.equal(statusText({ ...READY, run: { ...RUN, alive: false, state: "finished" } }).text, "$(check) CodeAnvil");
});

test("runs that were stopped or fell over can be resumed, others not", () => {
  const states = ["queued", "running", "paused", "stopped", "finished", "failed", "crashed"] as const;
  assert.deepEqual(
    states.filter((state) => isResumable({ ...RUN, alive: false, state })),
    ["paused", "stopped", "crashed"],
  );
});

test("percent never says 100 before the last step", () => {
  assert.equal(percent({ ...RUN, step: 999, steps: 1000 }), 99);
  assert.equal(percent({ ...RUN, step: 1000, steps: 1000 }), 100);
  assert.equal(percent({ ...RUN, steps: 0 }), undefined);
});

test("durations read as one says them", () => {
  assert.deepEqual([0.2, 59.4, 90, 3599, 3600, 12000].map(duration), [
    "0 s",
    "59 s",
    "2 min",
    "1 h 0 min",
    "1 h 0 min",
    "3 h 20 min",
  ]);
});

test("a paused run says how far it is; one that waits for the machine goes on by itself", () => {
  const paused = statusText({ ...READY, run: { ...RUN, alive: false, state: "paused" } });
  assert.equal(paused.text, "$(debug-pause) CodeAnvil: training paused at 42%");
  assert.match(paused.tooltip, /\[Resume\]\(command:codeanvil\.resumeTraining\)/);
  assert.match(statusText({ ...READY, run: { ...RUN, state: "queued" } }).text, /training waits/);
});
