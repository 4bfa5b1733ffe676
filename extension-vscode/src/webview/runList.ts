/** The list of all runs, of which some are chosen. */
import type { RunRow } from "../protocol";
import { percent, shortName, stateWords } from "./runWords";
import { make } from "./dom";

/** A group of checkboxes; `choose` gets the ids of those that are ticked then. */
export function runList(
  runs: readonly RunRow[],
  chosen: readonly string[],
  choose: (ids: readonly string[]) => void,
): HTMLElement {
  const group = make("fieldset", "runList", make("legend", "", "Runs"));
  for (const run of runs) {
    const box = make("input");
    box.type = "checkbox";
    box.checked = chosen.includes(run.id);
    box.dataset.key = `choose ${run.id}`;
    box.addEventListener("change", () => {
      const others = chosen.filter((id) => id !== run.id);
      choose(box.checked ? [...others, run.id] : others);
    });
    const color = chosen.indexOf(run.id);
    const name = make("span", "name", shortName(run));
    if (color >= 0) name.prepend(make("span", `swatch color${color}`));
    const badge = run.active ? [make("span", "badge", "in use")] : [];
    const state = make("span", "state", stateWords(run), percent(run));
    group.append(make("label", "run", box, make("span", "about", name, ...badge, state)));
  }
  const section = make("section", "", group);
  section.setAttribute("aria-label", "All runs");
  return section;
}
