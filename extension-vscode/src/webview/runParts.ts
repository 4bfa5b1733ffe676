/** What is told of each run below the curves: figures side by side, and a column for each run. */
import passIcon from "@vscode/codicons/src/icons/pass.svg";
import holdIcon from "@vscode/codicons/src/icons/circle-slash.svg";

import type { Accuracy, DataCard, RunStory } from "../protocol";
import type { RunAction } from "../run/messages";
import { icon, make, textButton } from "./dom";
import {
  configured,
  count,
  gigabytes,
  number,
  percent,
  percentage,
  share,
  shortName,
  span,
  stateWords,
} from "./runWords";

type Act = (action: RunAction, run: string) => void;

const ARM_NAMES: Readonly<Record<string, string>> = {
  base: "base model",
  tuned: "tuned model",
  "base+index": "base model with the index",
  "tuned+index": "tuned model with the index",
  index: "index alone",
};

/** Figures of all runs, a column for each. */
export function figures(stories: readonly RunStory[]): HTMLElement {
  const rows: [string, (story: RunStory) => string][] = [
    ["State", (run) => stateWords(run) + percent(run)],
    ["Step", ({ step, steps }) => (steps ? `${count(step)} of ${count(steps)}` : count(step))],
    ["Time left", ({ eta_seconds }) => span(eta_seconds)],
    ["Loss", ({ loss }) => number(loss)],
    ["Loss on held-out facts", ({ validation_loss }) => number(validation_loss)],
    ["Loss on held-out wordings", ({ wording_loss }) => number(wording_loss)],
    ["Right on held-out questions", ({ accuracy }) => share(accuracy)],
    ["Tokens/s", ({ tokens_per_second }) => count(tokens_per_second)],
    ["Memory", ({ machine }) => gigabytes(machine.ram_bytes)],
    ["GPU memory", ({ machine }) => gigabytes(machine.gpu_memory_bytes)],
    ["GPU in use", ({ machine }) => percentage(machine.gpu_utilisation)],
    ["Time of training", ({ seconds }) => span(seconds)],
  ];
  const known = rows.filter(([, value]) => stories.some((story) => value(story) !== "–"));
  const head = make("tr", "", columnHead(""), ...stories.map((story) => columnHead(shortName(story))));
  const body = known.map(([name, value]) =>
    make("tr", "", rowHead(name), ...stories.map((story) => make("td", "", value(story)))),
  );
  return make(
    "section",
    "figures",
    make("h2", "", "Figures"),
    make("table", "", make("thead", stories.length > 1 ? "" : "hiddenWords", head), make("tbody", "", ...body)),
  );
}

/** A column for each run: what can be done, the gate, accuracy, data card, what happened, log. */
export function columns(stories: readonly RunStory[], act: Act): HTMLElement {
  return make("div", "columns", ...stories.map((story, color) => column(story, color, stories.length > 1, act)));
}

function column(story: RunStory, color: number, several: boolean, act: Act): HTMLElement {
  const name = make("h2", "", shortName(story));
  if (several) name.prepend(make("span", `swatch color${color}`));
  const section = make("section", "column", make("header", "", name, buttons(story, act)));
  section.setAttribute("aria-label", `Run ${story.id}`);
  for (const trouble of story.troubles) section.append(make("p", "trouble", trouble));
  if (story.state === "failed" || story.state === "crashed") {
    section.append(make("p", "problem", story.text || "The training process ended unexpectedly; the log says more."));
  }
  section.append(gate(story), accuracy(story, act), dataCard(story), happened(story), log(story));
  return section;
}

function buttons(story: RunStory, act: Act): HTMLElement {
  const { id, state, alive, active, gate: verdict } = story;
  const bar = make("div", "buttons");
  const add = (title: string, action: RunAction, className = "secondary") => {
    const button = textButton(
      title,
      () => {
        act(action, id);
      },
      className,
    );
    button.dataset.key = `${action} ${id}`;
    bar.append(button);
  };
  if (alive) {
    add("Pause", "pause");
    add("Stop", "stop");
  }
  if (!alive && state !== "finished" && state !== "queued") add("Resume", "resume", "");
  if (state === "finished" && active) {
    add("Ask", "ask", "");
    add("Roll Back", "rollback");
  }
  if (state === "finished" && !active && verdict) add("Use This Model", "promote");
  return bar;
}

function gate({ gate: verdict, active }: RunStory): HTMLElement {
  if (!verdict) return make("p", "gate", active ? "This run's model is in use." : "");
  const words = active ? "In use" : verdict.promoted ? "Was put to use" : "Not put to use";
  const mark = icon(verdict.promoted ? passIcon : holdIcon);
  const said = make("span", "", make("strong", "", `${words}. `), verdict.why);
  return make("p", `gate ${verdict.promoted ? "passed" : "held"}`, mark, said);
}

function accuracy(story: RunStory, act: Act): HTMLElement {
  const arms = Object.entries(story.accuracy_by_arm);
  const part = details(story, "Accuracy by arm", true);
  if (arms.length === 0) {
    part.append(make("p", "empty", "Not measured yet: the arms are asked the questions that this run held out."));
    if (story.state === "finished") {
      part.append(
        textButton("Measure", () => {
          act("evaluate", story.id);
        }),
      );
    }
    return part;
  }
  const categories = [...new Set(arms.flatMap(([, arm]) => Object.keys(arm.categories)))].sort();
  const head = make("tr", "", columnHead("Arm"), columnHead("All"), ...categories.map(columnHead));
  const rows = arms.map(([name, { overall, categories: by }]) =>
    make(
      "tr",
      "",
      rowHead(ARM_NAMES[name] ?? name),
      measured(overall),
      ...categories.map((each) => measured(by[each])),
    ),
  );
  const table = make("table", "", make("thead", "", head), make("tbody", "", ...rows));
  const scroller = make("div", "scroller", table);
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Accuracy by arm and category");
  part.append(scroller);
  return part;
}

function measured(found: Accuracy | undefined): HTMLTableCellElement {
  if (!found) return make("td", "", "–");
  const cell = make("td", "", share(found.accuracy), make("small", "", ` ${share(found.low)}–${share(found.high)}`));
  cell.title = `${found.n} questions; 95% interval`;
  return cell;
}

function dataCard(story: RunStory): HTMLElement {
  const { data, files, since, code_revision: revision } = story;
  const kinds = Object.entries((data.kinds ?? {}) as Record<string, number>);
  const rows: [string, string][] = [
    ["Training samples", count(data.train as number | undefined)],
    ["Samples of held-out facts", count(data.validation as number | undefined)],
    ["Held-out questions", count(data.questions as number | undefined)],
    ["Kinds", counted(kinds)],
    ...ofCard(story),
    ["Files of the workspace", count(files)],
    ["State of the code", revision?.slice(0, 12) ?? "–"],
    ["Goes on from", since ?? "–"],
    ["Base model", story.base_model ?? "–"],
    ["Method", `${configured(story, "method")}, preset ${configured(story, "preset")}`],
    ["Adapter", `rank ${configured(story, "lora", "r")}, alpha ${configured(story, "lora", "alpha")}`],
    ["Learning rate", configured(story, "optimizer", "learning_rate")],
    ["Epochs at most", configured(story, "epochs")],
    ["Run", story.id],
  ];
  const list = make("dl");
  for (const [name, value] of rows) {
    if (value !== "–") list.append(make("dt", "", name), make("dd", "", value));
  }
  const part = details(story, "Data card", true);
  part.append(list);
  return part;
}

/** What the data card tells beyond the counts of rows. */
function ofCard({ card }: RunStory): [string, string][] {
  if (!isCard(card)) return [];
  const { facts, sources, with_evidence: evidence, exposures, tokens } = card;
  return [
    ["Facts", `${count(facts)} out of ${count(sources)} files`],
    ["With evidence", `${count(evidence)} samples`],
    ["An answer is given", `${number(exposures.mean, 1)} times, at most ${count(exposures.most)}`],
    ["Tokens", tokens ? `${count(tokens.total)}, longest sample ${count(tokens.max)}, ${count(tokens.cut)} cut` : "–"],
    ["Left out", counted(Object.entries(card.left_out))],
    ["Files not read", counted(Object.entries(card.files_not_read))],
    ["Secrets taken out", counted(Object.entries(card.secrets))],
  ];
}

function isCard(card: RunStory["card"]): card is DataCard {
  return card !== undefined && "facts" in card;
}

/** `800 method, 300 class`; "–" where all are none. */
function counted(counts: readonly (readonly [string, number])[]): string {
  const some = counts.filter(([, many]) => many > 0);
  return some.map(([name, many]) => `${count(many)} ${name.replaceAll("_", " ")}`).join(", ") || "–";
}

function happened(story: RunStory): HTMLElement {
  const part = details(story, "Events", true);
  const items = [...story.events].reverse().map(({ time, kind, text }) => {
    const when = make("time", "", new Date(1000 * time).toLocaleTimeString());
    return make("li", kind, when, make("span", "", text));
  });
  const list = make("ol", "events", ...items);
  list.tabIndex = 0;
  list.setAttribute("aria-label", "Events, newest first");
  part.append(items.length > 0 ? list : make("p", "empty", "Nothing has happened yet."));
  return part;
}

function log(story: RunStory): HTMLElement {
  const part = details(story, "Log", false);
  const text = make("pre", "", story.log.join("\n") || "The trainer has said nothing.");
  text.tabIndex = 0;
  text.dataset.key = `log ${story.id}`;
  part.append(text);
  return part;
}

function details(story: RunStory, name: string, open: boolean): HTMLDetailsElement {
  const part = make("details", "", make("summary", "", make("h3", "", name)));
  part.open = open;
  part.dataset.key = `${name} ${story.id}`;
  return part;
}

function columnHead(name: string): HTMLTableCellElement {
  if (!name) return make("td");
  const cell = make("th", "", name);
  cell.scope = "col";
  return cell;
}

function rowHead(name: string): HTMLTableCellElement {
  const cell = make("th", "", name);
  cell.scope = "row";
  return cell;
}
