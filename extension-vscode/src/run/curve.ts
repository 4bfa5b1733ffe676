/**
 * Curves as the geometry of a drawing: numbers in, coordinates out. Nothing here knows the editor or a page.
 */

/** A line of a chart; points are [step, value] by step. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Room for the numbers at the left and below. */
  readonly left: number;
  readonly bottom: number;
}

/** A number on an axis, and where it stands. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Chart {
  /** For each series the `d` of an SVG path; empty where it has no points. */
  readonly paths: readonly string[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** The step that a horizontal place of the drawing stands for. */
  readonly stepAt: (x: number) => number;
  readonly place: (step: number, value: number) => { readonly x: number; readonly y: number };
}

const TOP = 8;
const RIGHT = 12;

/** The chart of all `series` on common axes. Values that are not finite are left out. */
export function chart(series: readonly Series[], { width, height, left, bottom }: Size): Chart {
  const all = series.flatMap(({ points }) => points.filter(isFinitePoint));
  const [firstStep, lastStep] = range(all.map(([step]) => step));
  const yTickValues = niceTicks(...range(all.map(([, value]) => value)), 5);
  const low = yTickValues[0] ?? 0;
  const high = yTickValues.at(-1) ?? 1;
  const inner = { width: width - left - RIGHT, height: height - TOP - bottom };
  const x = (step: number) => left + (inner.width * (step - firstStep)) / Math.max(1, lastStep - firstStep);
  const y = (value: number) => TOP + inner.height * (1 - (value - low) / (high - low || 1));
  const path = (points: Series["points"]) =>
    points
      .filter(isFinitePoint)
      .map(([step, value], index) => `${index === 0 ? "M" : "L"}${round(x(step))} ${round(y(value))}`)
      .join("");
  return {
    paths: series.map(({ points }) => path(points)),
    xTicks: niceTicks(firstStep, lastStep, 6)
      .filter((step) => Number.isInteger(step) && step >= firstStep && step <= lastStep)
      .map((step) => ({ at: x(step), label: step.toLocaleString("en") })),
    yTicks: yTickValues.map((value) => ({ at: y(value), label: value.toFixed(decimals(high - low)) })),
    stepAt: (place) => firstStep + ((place - left) / (inner.width || 1)) * (lastStep - firstStep),
    place: (step, value) => ({ x: x(step), y: y(value) }),
  };
}

/** The point of `points` whose step is nearest. */
export function nearest(points: Series["points"], step: number): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  for (const point of points) {
    if (!best || Math.abs(point[0] - step) < Math.abs(best[0] - step)) best = point;
  }
  return best;
}

/** Round numbers around `low` to `high`, about `count` of them, the outermost not inside. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function isFinitePoint([step, value]: readonly [number, number]): boolean {
  return Number.isFinite(step) && Number.isFinite(value);
}

function range(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

function decimals(span: number): number {
  return Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(span || 1))));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
