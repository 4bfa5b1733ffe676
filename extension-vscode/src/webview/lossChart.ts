/** The curves of the runs that are chosen: a drawing for eyes, and a table of the same numbers for everybody else. */
import type { RunStory } from "../protocol";
import { chart, nearest, type Chart, type Series } from "../run/curve";
import { make, textButton } from "./dom";
import { number, shortName } from "./runWords";

const SIZE = { width: 760, height: 260, left: 52, bottom: 26 };
const TABLE_ROWS = 20;

/** A line of the chart, and how it is drawn: a colour for the run, a pattern for what it shows. */
interface Line extends Series {
  readonly color: number;
  readonly pattern: "loss" | "validation" | "wordings";
}

/** Keeps whether the table is shown, and the step that is looked at, while runs go on. */
export class LossChart {
  readonly element = make("section", "chart");
  #asTable = false;
  #lines: readonly Line[] = [];
  #step: number | undefined;

  constructor() {
    this.element.setAttribute("aria-label", "Loss by step");
  }

  show(stories: readonly RunStory[]): void {
    this.#lines = stories.flatMap((story, color) => linesOf(story, color, stories.length > 1));
    this.#draw();
  }

  #draw(): void {
    const toggle = textButton(this.#asTable ? "Show as Curve" : "Show as Table", () => {
      this.#asTable = !this.#asTable;
      this.#draw();
    });
    toggle.dataset.key = "toggle";
    const head = make("header", "", make("h2", "", "Loss"), legend(this.#lines), toggle);
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceChildren(head, this.#asTable ? table(this.#lines) : this.#drawing());
    if (hadFocus) toggle.focus();
  }

  #drawing(): HTMLElement {
    if (this.#lines.every(({ points }) => points.length === 0)) {
      return make("p", "empty", "No step is done yet.");
    }
    const drawn = chart(this.#lines, SIZE);
    const svg = element("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", tabindex: "0" });
    svg.setAttribute("aria-label", spoken(this.#lines));
    svg.dataset.key = "curve";
    svg.append(...axes(drawn));
    this.#lines.forEach(({ color, pattern, points }, index) => {
      svg.append(element("path", { d: drawn.paths[index] ?? "", class: `line ${pattern} color${color}` }));
      const [only] = points;
      if (points.length === 1 && only) svg.append(dot(drawn, only, color));
    });
    const marker = element("g", { class: "marker" });
    svg.append(marker);
    const readout = make("p", "readout");
    readout.setAttribute("role", "status");
    const look = (step: number | undefined) => {
      this.#step = step;
      mark(marker, readout, drawn, this.#lines, step);
    };
    look(this.#step);
    svg.addEventListener("pointermove", (event) => {
      const { left, width } = svg.getBoundingClientRect();
      look(drawn.stepAt(((event.clientX - left) / width) * SIZE.width));
    });
    svg.addEventListener("pointerleave", () => {
      look(undefined);
    });
    svg.addEventListener("keydown", (event) => {
      const next = stepBeside(this.#lines, this.#step, event.key);
      if (next === undefined) return;
      event.preventDefault();
      look(next);
    });
    return make("div", "drawing", svg, readout);
  }
}

function linesOf(story: RunStory, color: number, several: boolean): Line[] {
  const of = several ? ` · ${shortName(story)}` : "";
  const known = (index: 1 | 2) =>
    story.validation.flatMap((point): [number, number][] => {
      const value = point[index];
      return value === null ? [] : [[point[0], value]];
    });
  const lines: Line[] = [
    { name: `training${of}`, color, pattern: "loss", points: story.curve.map(([step, loss]) => [step, loss]) },
    { name: `held-out facts${of}`, color, pattern: "validation", points: known(1) },
    { name: `held-out wordings${of}`, color, pattern: "wordings", points: known(2) },
  ];
  return lines.filter(({ pattern, points }) => pattern === "loss" || points.length > 0);
}

function legend(lines: readonly Line[]): HTMLElement {
  const items = lines.map(({ name, color, pattern }) => {
    const sample = element("svg", { viewBox: "0 0 24 8", class: "sample", "aria-hidden": "true" });
    sample.append(element("path", { d: "M0 4L24 4", class: `line ${pattern} color${color}` }));
    return make("li", "", sample, name);
  });
  return make("ul", "legend", ...items);
}

function axes({ xTicks, yTicks }: Chart): SVGElement[] {
  const right = String(SIZE.width - 12);
  return [
    ...yTicks.flatMap(({ at, label }) => [
      element("line", { x1: String(SIZE.left), x2: right, y1: String(at), y2: String(at), class: "grid" }),
      text(label, { x: String(SIZE.left - 8), y: String(at + 4), class: "tick end" }),
    ]),
    ...xTicks.map(({ at, label }) => text(label, { x: String(at), y: String(SIZE.height - 8), class: "tick middle" })),
  ];
}

function mark(
  marker: SVGElement,
  readout: HTMLElement,
  drawn: Chart,
  lines: readonly Line[],
  step: number | undefined,
): void {
  marker.replaceChildren();
  if (step === undefined) {
    readout.textContent = "Point at the curve, or use the arrow keys on it, to read its values.";
    return;
  }
  const at = lines.map(({ points }) => nearest(points, step));
  const first = at.find((point) => point !== undefined);
  if (!first) return;
  const x = String(drawn.place(first[0], 0).x);
  marker.append(element("line", { x1: x, x2: x, y1: "8", y2: String(SIZE.height - SIZE.bottom), class: "cursor" }));
  const words = lines.flatMap(({ name, color }, index) => {
    const point = at[index];
    if (!point) return [];
    marker.append(dot(drawn, point, color));
    return [`${name} ${number(point[1])}`];
  });
  readout.textContent = `Step ${first[0]}: ${words.join(", ")}`;
}

/** The step that an arrow key goes to; undefined for other keys. */
function stepBeside(lines: readonly Line[], step: number | undefined, key: string): number | undefined {
  const points = lines[0]?.points ?? [];
  const index = step === undefined ? points.length : points.findIndex((point) => point[0] >= step);
  const last = points.length - 1;
  const to: Record<string, number> = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last };
  const next = to[key];
  return next === undefined ? undefined : points[Math.max(0, Math.min(last, next))]?.[0];
}

/** What the drawing shows, in a sentence. */
function spoken(lines: readonly Line[]): string {
  const sentences = lines.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return [];
    return [`${name}: ${number(first[1])} at step ${first[0]}, ${number(last[1])} at step ${last[0]}`];
  });
  return `Loss by step. ${sentences.join(". ")}. The table has the same numbers.`;
}

function table(lines: readonly Line[]): HTMLElement {
  const steps = [...new Set(lines.flatMap(({ points }) => points.map(([step]) => step)))].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(steps.length / TABLE_ROWS));
  const shown = steps.filter((_, index) => index % every === 0 || index === steps.length - 1);
  const head = make("tr", "", header("Step"), ...lines.map(({ name }) => header(name)));
  const rows = shown.map((step) => {
    const cells = lines.map(({ points }) => {
      const near = nearest(points, step);
      return make("td", "", near && Math.abs(near[0] - step) < every ? number(near[1]) : "–");
    });
    const name = make("th", "", String(step));
    name.scope = "row";
    return make("tr", "", name, ...cells);
  });
  return make(
    "table",
    "",
    make("caption", "hiddenWords", "Loss by step"),
    make("thead", "", head),
    make("tbody", "", ...rows),
  );
}

function header(name: string): HTMLTableCellElement {
  const cell = make("th", "", name);
  cell.scope = "col";
  return cell;
}

function dot(drawn: Chart, [step, value]: readonly [number, number], color: number): SVGElement {
  const { x, y } = drawn.place(step, value);
  return element("circle", { cx: String(x), cy: String(y), r: "3", class: `dot color${color}` });
}

function text(words: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = element("text", attributes);
  made.textContent = words;
  return made;
}

function element(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made: SVGElement = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
