/** The answer view: shows entries, and tells the extension what was clicked. It fetches and decides nothing. */
import type { Entry, FromView, ToView } from "../answerMessages";

declare function acquireVsCodeApi(): { postMessage(message: FromView): void };

const api = acquireVsCodeApi();
const entries = byId("entries");

window.addEventListener("message", ({ data }: MessageEvent<ToView>) => {
  if (data.kind === "entries") entries.replaceChildren(...data.entries.map(element));
  else put(data.entry);
});

entries.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-path]") : null;
  if (!link) return;
  event.preventDefault();
  const id = link.closest(".entry")?.id.replace(/^entry-/, "") ?? "";
  api.postMessage({ kind: "open", id, path: link.dataset.path ?? "", line: Number(link.dataset.line ?? 1) });
});

byId("ask").addEventListener("click", () => {
  api.postMessage({ kind: "ask" });
});

api.postMessage({ kind: "ready" });

function put(entry: Entry): void {
  const fresh = element(entry);
  const old = document.getElementById(`entry-${entry.id}`);
  if (old) old.replaceWith(fresh);
  else entries.append(fresh);
  fresh.scrollIntoView({ block: "nearest" });
}

function element(entry: Entry): HTMLElement {
  const article = make("article", `entry ${entry.state}`);
  article.id = `entry-${entry.id}`;
  article.setAttribute("aria-busy", String(entry.state === "asking"));
  article.append(make("h2", "question", entry.question), ofHtml("answer", entry.html));
  if (entry.citations) {
    const places = ofHtml("citations", entry.citations);
    places.prepend(make("h3", "", "Where"));
    article.append(places);
  }
  for (const note of entry.notes) article.append(make("p", "note", note));
  if (entry.state === "asking") {
    const stop = make("button", "stop", "Stop");
    stop.addEventListener("click", () => {
      api.postMessage({ kind: "stop", id: entry.id });
    });
    article.append(make("p", "waiting", entry.html ? "Writing …" : "Looking it up …"), stop);
  }
  return article;
}

function ofHtml(className: string, html: string): HTMLElement {
  const element = make("div", className);
  // Made by answerHtml.ts, which passes no markup of the answer through; the policy of the page forbids scripts.
  element.innerHTML = html;
  return element;
}

function make(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element '${id}'.`);
  return element;
}
