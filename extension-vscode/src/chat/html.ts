/**
 * Answers as HTML for the answer view. The text may come from a model, so nothing in it is trusted: raw HTML
 * is shown as text, images are not loaded, and a link works only where the index gave the same place as a
 * citation. Nothing here knows the editor, so that it can be tested without one.
 */
import MarkdownIt from "markdown-it";

import type { Citation } from "../protocol";

/** A place in the workspace, line from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

const { escapeHtml } = new MarkdownIt().utils;

/**
 * HTML of an answer's Markdown. Links to cited places become `<a data-path data-line>`; others stay text, but in an
 * answer that no model has written (`own`): there every link comes from the index.
 */
export function answerHtml(markdown: string, citations: readonly Citation[], own = false): string {
  const renderer = new MarkdownIt({ html: false, linkify: false }).disable("image");
  // What is not a cited place is left as it was written, brackets and all, instead of as a dead link.
  const place = (target: string) => (own ? inWorkspace(target) : cited(target, citations));
  renderer.validateLink = (target) => place(target) !== undefined;
  renderer.normalizeLink = (target) => target;
  renderer.renderer.rules.link_open = (tokens, index) => {
    const there = place(String(tokens[index]?.attrGet("href") ?? ""));
    return there ? linkOpen(there) : "<a>";
  };
  renderer.renderer.rules.s_open = () => '<s title="There is nothing of this name in the index.">';
  return renderer.render(markdown);
}

/** HTML of the list of places an answer rests on and that `html` has no link to; empty where there are none. */
export function citationsHtml(html: string, citations: readonly Citation[]): string {
  const unlinked = citations.filter((citation) => !html.includes(linkOpen(citation)));
  const items = unlinked.map((citation) => {
    const name = citation.symbol ? `<code>${escapeHtml(citation.symbol)}</code> ` : "";
    return `<li>${name}${linkOpen(citation)}${escapeHtml(`${citation.path}:${citation.line}`)}</a></li>`;
  });
  return items.length > 0 ? `<ul>${items.join("")}</ul>` : "";
}

/** The place that a link's target means: `src/a.cpp#L12`, `src/a.cpp:12` or `src/a.cpp`. */
export function parsePlace(target: string): Place | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(target);
  } catch {
    return undefined;
  }
  const match = /^(?<path>[^#]+?)(?:(?:#L|:)(?<line>\d+))?$/.exec(decoded.replace(/^\.\//, ""));
  const path = match?.groups?.path;
  return path ? { path, line: Number(match.groups?.line ?? 1) } : undefined;
}

function cited(target: string, citations: readonly Citation[]): Place | undefined {
  const place = parsePlace(target);
  return place && citations.some(({ path }) => path === place.path) ? place : undefined;
}

function inWorkspace(target: string): Place | undefined {
  return /^[a-z][a-z0-9+.-]*:|^\/|^#/i.test(target) ? undefined : parsePlace(target);
}

function linkOpen({ path, line }: Place): string {
  return `<a href="#" data-path="${escapeHtml(path)}" data-line="${line}">`;
}
