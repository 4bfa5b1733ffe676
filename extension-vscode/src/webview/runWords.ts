/** How the numbers of a run are said. */
import type { RunRow, RunStory } from "../protocol";

/** `25 Nov, 17:45 · cpu`: a run by when it was started and its preset. */
export function shortName({ id, created, preset }: RunRow): string {
  const when = created
    ? new Date(created).toLocaleString(undefined, {
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
      })
    : id;
  return preset ? `${when} · ${preset}` : when;
}

/** The state of a run in words. */
export function stateWords({ state, phase }: RunRow): string {
  return state === "running" && phase ? phase : state;
}

/** ` 42%` of a run whose steps are known and not all done. */
export function percent({ step, steps, state }: RunRow): string {
  return steps && state !== "finished" ? ` ${Math.min(100, Math.floor((100 * step) / steps))}%` : "";
}

export function number(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en");
}

export function share(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : `${(100 * value).toFixed(0)}%`;
}

/** A number that is in percent already. */
export function percentage(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : `${value.toFixed(0)}%`;
}

/** A span of time as one reads it. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function gigabytes(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? "–" : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

/** A value of the run's configuration by its path; "–" where there is none. */
export function configured({ config }: RunStory, ...path: readonly string[]): string {
  let value: unknown = config;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
