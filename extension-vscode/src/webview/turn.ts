/** One question and its answer as an element. */
import copyIcon from "@vscode/codicons/src/icons/copy.svg";
import insertIcon from "@vscode/codicons/src/icons/insert.svg";
import refreshIcon from "@vscode/codicons/src/icons/refresh.svg";
import warningIcon from "@vscode/codicons/src/icons/warning.svg";
import DOMPurify from "dompurify";

import { answerHtml, citationsHtml } from "../chat/html";
import type { Turn } from "../chat/messages";
import { icon, iconButton, make } from "./dom";

/** What the user may do with a turn. */
export interface Actions {
  readonly open: (id: string, path: string, line: number) => void;
  readonly insert: (code: string) => void;
  readonly copy: (code: string) => void;
  readonly again: (question: string) => void;
}

export function turnElement(turn: Turn, actions: Actions): HTMLElement {
  const element = make("article", `turn ${turn.state}`, make("h2", "question", turn.question));
  element.id = `turn-${turn.id}`;
  element.setAttribute("aria-busy", String(turn.state === "asking"));
  // What streams is not checked yet, so it has no links.
  const isWhole = turn.state === "answered";
  const html = answerHtml(turn.text, isWhole ? turn.citations : [], isWhole && turn.model === null);
  const answer = ofHtml("answer", html);
  for (const block of answer.querySelectorAll("pre")) addCodeActions(block, actions);
  element.append(answer);
  const places = turn.state === "answered" ? citationsHtml(html, turn.citations) : "";
  if (places) element.append(placesElement(places, turn.citations.length));
  if (turn.state === "asking") element.append(waiting(turn.text ? "Writing" : "Looking it up"));
  else element.append(...notes(turn, actions));
  element.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-path]") : null;
    if (!link) return;
    event.preventDefault();
    actions.open(turn.id, link.dataset.path ?? "", Number(link.dataset.line ?? 1));
  });
  return element;
}

function placesElement(places: string, count: number): HTMLElement {
  const list = ofHtml("citations", places);
  const details = make("details", "", make("summary", "", `${count} ${count === 1 ? "place" : "places"}`), list);
  details.open = count <= 4;
  return details;
}

function waiting(words: string): HTMLElement {
  const dots = make("span", "dots");
  dots.setAttribute("aria-hidden", "true");
  return make("p", "waiting", words, dots);
}

function notes(turn: Turn, actions: Actions): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (turn.notice) found.push(make("p", turn.state === "failed" ? "note failure" : "note", turn.notice));
  if (turn.state === "stopped") found.push(make("p", "note", "Stopped. What is above was not checked."));
  if (turn.struck.length > 0) {
    found.push(make("p", "note", `Struck, since the index has nothing of the name: ${turn.struck.join(", ")}.`));
  }
  if (turn.stale.length > 0) {
    const text = `Changed since: ${turn.stale.join(", ")}.`;
    found.push(make("p", "note stale", icon(warningIcon), make("span", "", text)));
  }
  const by = turn.state === "answered" ? writtenBy(turn) : "";
  const again = iconButton(refreshIcon, "Ask Again", () => {
    actions.again(turn.question);
  });
  found.push(make("footer", "", make("span", "by", by), again));
  return found;
}

function writtenBy({ model, refused, stale }: Turn): string {
  const index = refused ? "From the index: the model's words did not pass the check" : "From the index";
  const words = model ? `Written by ${model}, checked` : index;
  return stale.length > 0 ? words : `${words} · up to date`;
}

function addCodeActions(block: HTMLElement, actions: Actions): void {
  const code = block.textContent;
  const bar = make("div", "codeActions");
  bar.append(
    iconButton(insertIcon, "Insert into Editor", () => {
      actions.insert(code);
    }),
    iconButton(copyIcon, "Copy", () => {
      actions.copy(code);
    }),
  );
  const holder = make("div", "codeBlock");
  block.replaceWith(holder);
  block.tabIndex = 0;
  holder.append(bar, block);
}

/** `html` comes from `html.ts`, which passes no markup of the answer through; what should slip by is taken out here. */
function ofHtml(className: string, html: string): HTMLElement {
  const element = make("div", className);
  element.append(DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true, FORBID_TAGS: ["img", "style", "form"] }));
  return element;
}
