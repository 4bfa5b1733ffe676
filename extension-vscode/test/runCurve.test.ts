import assert from "node:assert/strict";
import { test } from "node:test";

import { chart, nearest, niceTicks } from "../src/run/curve";

const SIZE = { width: 400, height: 200, left: 40, bottom: 24 };

test("the first point stands at the left, the last at the right, the larger value higher", () => {
  const points = [
    [1, 4],
    [50, 2],
    [100, 1],
  ] as const;
  const { paths, place } = chart([{ name: "loss", points }], SIZE);
  assert.equal(paths[0]?.match(/[ML]/g)?.join(""), "MLL");
  assert.equal(place(1, 4).x, SIZE.left);
  assert.equal(place(100, 1).x, SIZE.width - 12);
  assert.ok(place(1, 4).y < place(100, 1).y);
});

test("axes bear round numbers that hold all values", () => {
  assert.deepEqual(niceTicks(0.13, 3.9, 5), [0, 1, 2, 3, 4]);
  assert.deepEqual(niceTicks(2, 2, 5), [2, 2.5]);
  const { xTicks, yTicks } = chart(
    [
      {
        name: "loss",
        points: [
          [1, 0.013],
          [240, 0.051],
        ],
      },
    ],
    SIZE,
  );
  assert.deepEqual(
    yTicks.map(({ label }) => label),
    ["0.010", "0.020", "0.030", "0.040", "0.050", "0.060"],
  );
  assert.deepEqual(
    xTicks.map(({ label }) => label),
    ["50", "100", "150", "200"],
  );
});

test("values that are not finite are left out, and nothing at all is no error", () => {
  const gap = chart(
    [
      {
        name: "loss",
        points: [
          [1, 2],
          [2, NaN],
          [3, 1],
        ],
      },
    ],
    SIZE,
  );
  assert.doesNotMatch(gap.paths.join(""), /NaN/);
  assert.deepEqual(chart([{ name: "loss", points: [] }], SIZE).paths, [""]);
  assert.match(chart([{ name: "loss", points: [[7, 1]] }], SIZE).paths[0] ?? "", /^M40 /);
});

test("the point under the pointer is the one with the nearest step", () => {
  const points = [
    [1, 4],
    [10, 2],
    [20, 1],
  ] as const;
  const { stepAt, place } = chart([{ name: "loss", points }], SIZE);
  assert.deepEqual(nearest(points, stepAt(place(12, 0).x)), [10, 2]);
  assert.equal(nearest([], 3), undefined);
});
