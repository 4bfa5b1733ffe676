import assert from "node:assert/strict";
import { test } from "node:test";

import type { Gate, RunProgress, RunStory, TrainingPlan } from "../src/protocol";
import { ending } from "../src/training/ending";
import { planLines } from "../src/training/plan";

const RUN: RunProgress = {
  run: "20260101-120000-ab12",
  state: "finished",
  alive: false,
  phase: "finished",
  text: "",
  step: 50,
  steps: 50,
  epoch: 4,
  loss: 0.1,
  validation_loss: 0.9,
  eta_seconds: null,
  tokens_per_second: null,
};
const withGate = (gate: Gate) => ({ gate }) as unknown as RunStory;
const titles = (state: RunProgress["state"], story?: RunStory) =>
  ending({ ...RUN, state }, story).choices.map(({ title }) => title);

test("a run that is better is told with the gate's figures, and can be compared and rolled back", () => {
  const story = withGate({ promoted: true, why: "It is better: right on 52%.", against: "20251231-090000-cd34" });
  const { message, choices } = ending(RUN, story);
  assert.match(message, /new model is in use\. It is better: right on 52%\./);
  assert.deepEqual(titles("finished", story), ["Compare", "Roll Back", "Ask"]);
  assert.deepEqual(choices[0]?.arguments, [RUN.run, "20251231-090000-cd34"]);
});

test("a run that is not better says so and offers no way back", () => {
  const story = withGate({ promoted: false, why: "It is no better.", against: null });
  assert.match(ending(RUN, story).message, /not put to use\. It is no better\./);
  assert.deepEqual(titles("finished", story), ["Compare", "Ask"]);
});

test("a run that ended early can be resumed, and one that fell over is an error", () => {
  assert.deepEqual(titles("stopped"), ["Resume", "Show Run"]);
  assert.equal(ending({ ...RUN, state: "crashed" }, undefined).level, "error");
  assert.match(ending({ ...RUN, state: "failed", text: "The disk is full." }, undefined).message, /The disk is full\./);
});

const PLAN: TrainingPlan = {
  summary: [],
  base_model: "embedded",
  method: "qlora",
  parameters: 2_600_000,
  trainable_parameters: 1_100_000,
  device: "cpu",
  weights: "embedded",
  download_bytes: null,
  samples: 1176,
  tokens: 232_000,
  epochs: 4,
  counted: true,
  memory: { needed_bytes: 700 * 2 ** 20, free_bytes: 17 * 2 ** 30, fits: true },
  disk: { needed_bytes: 40 * 2 ** 20, free_bytes: 90 * 2 ** 30, fits: true },
  time: { seconds: 125, basis: "trial" },
  problems: [],
};

test("before a run it is said what it takes and what will happen", () => {
  const text = planLines(PLAN).join("\n");
  for (const said of [
    "Samples: 1,176 (232,000 tokens in at most 4 epochs).",
    "Base model: embedded (2.6 million weights, 1.1 million trained), qlora, on the CPU.",
    "Memory: 700 MB of 17.0 GB that are free.",
    "Time: about 2 min, by a few steps tried on this machine.",
    "Disk: 40 MB of 90.0 GB that are free.",
    "goes on when the window closes",
  ]) {
    assert.ok(text.includes(said), `${said} in ${text}`);
  }
});

test("what stands in the way comes first, and what is not known is said so", () => {
  const lines = planLines({
    ...PLAN,
    counted: false,
    parameters: null,
    weights: "hub",
    download_bytes: 13.5 * 2 ** 30,
    memory: { needed_bytes: null, free_bytes: 2 ** 30, fits: null },
    time: { seconds: null, basis: null },
    problems: [{ problem: "The disk has too little room.", remedy: "Free 8 GB." }],
  });
  assert.equal(lines[0], "The disk has too little room. Free 8 GB.");
  const text = lines.join("\n");
  for (const said of ["about 1,176", "Download: 13.5 GB", "not known how much is needed", "Time: not known"]) {
    assert.ok(text.includes(said), `${said} in ${text}`);
  }
});
