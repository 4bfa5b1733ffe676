/** The run view's page: shows what it is sent, and tells the extension what was chosen and clicked. */
import type { FromRuns, RunAction, ToRuns } from "../run/messages";
import { byId, make, textButton } from "./dom";
import { runList } from "./runList";
import { columns, figures } from "./runParts";
import { LossChart } from "./lossChart";

declare function acquireVsCodeApi(): {
  postMessage(message: FromRuns): void;
  setState(state: { chosen: readonly string[]; folder: string }): void;
};

const api = acquireVsCodeApi();
const view = byId("view");
const chart = new LossChart();

window.addEventListener("message", ({ data }: MessageEvent<ToRuns>) => {
  view.removeAttribute("aria-busy");
  if (data.kind === "problem") {
    view.replaceChildren(make("p", "problem", data.text));
    return;
  }
  api.setState({ chosen: data.chosen, folder: data.folder });
  keepingPlace(() => {
    show(data);
  });
});
api.postMessage({ kind: "ready" });

function show({ runs, chosen, stories }: ToRuns & { kind: "runs" }): void {
  if (runs.length === 0) {
    const train = textButton("Train on Workspace", act("train", ""), "");
    view.replaceChildren(make("p", "empty", "There is no training run in this workspace yet."), train);
    return;
  }
  const main = make("div", "main");
  chart.show(stories);
  main.append(
    chart.element,
    figures(stories),
    columns(stories, (action, run) => {
      act(action, run)();
    }),
  );
  const list = runList(runs, chosen, (ids) => {
    api.postMessage({ kind: "choose", runs: ids });
  });
  view.replaceChildren(list, main);
}

function act(action: RunAction, run: string): () => void {
  return () => {
    api.postMessage({ kind: "act", action, run });
  };
}

/** What has the focus, what is unfolded and how far is scrolled stays as it is when all is drawn anew. */
function keepingPlace(draw: () => void): void {
  const focused = document.activeElement?.getAttribute("data-key");
  const unfolded = new Map([...view.querySelectorAll("details")].map((each) => [each.dataset.key, each.open]));
  const scrolled = new Map([...view.querySelectorAll("pre")].map((each) => [each.dataset.key, each.scrollTop]));
  const [x, y] = [window.scrollX, window.scrollY];
  draw();
  for (const each of view.querySelectorAll("details")) each.open = unfolded.get(each.dataset.key) ?? each.open;
  for (const each of view.querySelectorAll("pre")) each.scrollTop = scrolled.get(each.dataset.key) ?? each.scrollHeight;
  if (focused) view.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  window.scrollTo(x, y);
}
