/**
 * Which Python can run the server: each candidate is asked, not believed.
 *
 * Nothing here knows the editor, so that it can be tested without one.
 */
import { execFile } from "node:child_process";

/** Oldest Python that runs the server. */
export const MINIMUM = [3, 11] as const;

const PROBE_TIMEOUT_MS = 20_000;

/** Runs on any Python, however old, and prints one JSON object. */
const PROBE = `
import json, sys
answer = {"version": "%d.%d.%d" % sys.version_info[:3], "old": sys.version_info < (${MINIMUM.join(", ")}), "missing": None}
if not answer["old"]:
    from importlib.util import find_spec
    for name in ("codeanvil", "codeanvil.lsp", "pygls"):
        if find_spec(name) is None:
            answer["missing"] = name
            break
print(json.dumps(answer))
`;

/** An interpreter that might do, and where it came from, in words for the user. */
export interface Candidate {
  readonly path: string;
  readonly origin: string;
}

/** What came of asking one candidate; `problem` is a clause to be put after the path. */
export type Probe = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly problem: string };

/** A candidate that was asked and why it will not do. */
export interface Rejected extends Candidate {
  readonly problem: string;
}

/**
 * The environment for any Python started here: `python -m` and `python -c` put the current folder first
 * on the module path, and a workspace must not be able to pass off a module of its own as ours.
 */
export function pythonEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...base, PYTHONSAFEPATH: "1", PYTHONIOENCODING: "utf-8" };
}

/** Whether `path` is a Python, new enough, with the server in it. Never rejects. */
export function probe(path: string): Promise<Probe> {
  return new Promise((resolve) => {
    const options = { env: pythonEnvironment(), timeout: PROBE_TIMEOUT_MS, windowsHide: true };
    execFile(path, ["-c", PROBE], options, (error, stdout, stderr) => {
      resolve(error ? { ok: false, problem: startProblem(error, stderr) } : judge(stdout));
    });
  });
}

/** The first candidate that will do, and those that were asked before it. */
export async function choose(
  candidates: readonly Candidate[],
): Promise<{ readonly chosen: (Candidate & { version: string }) | undefined; readonly rejected: readonly Rejected[] }> {
  const rejected: Rejected[] = [];
  for (const candidate of candidates) {
    const result = await probe(candidate.path);
    if (result.ok) return { chosen: { ...candidate, version: result.version }, rejected };
    rejected.push({ ...candidate, problem: result.problem });
  }
  return { chosen: undefined, rejected };
}

/** One sentence for each candidate that would not do, and the remedy. */
export function explain(rejected: readonly Rejected[]): string {
  const tried = rejected.map(({ path, origin, problem }) => `${path} (${origin}) ${problem}.`).join(" ");
  return `CodeAnvil needs Python ${MINIMUM.join(".")} or newer with the codeanvil package. ${tried}`;
}

/** Shell command that installs the server into `path`, to be run in CodeAnvil's source folder. */
export function installCommand(path: string): string {
  return `${/[\s&]/.test(path) ? `"${path}"` : path} -m pip install .`;
}

function judge(stdout: string): Probe {
  let answer: { version: string; old: boolean; missing: string | null };
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch {
    return { ok: false, problem: "does not answer like a Python interpreter" };
  }
  if (answer.old) return { ok: false, problem: `is Python ${answer.version}, which is too old` };
  if (answer.missing)
    return { ok: false, problem: `is Python ${answer.version} without the package '${answer.missing}'` };
  return { ok: true, version: answer.version };
}

function startProblem(error: Error & { code?: unknown; killed?: boolean }, stderr: string): string {
  if (error.code === "ENOENT") return "is not there";
  if (error.code === "EACCES") return "may not be executed";
  if (error.killed) return `did not answer within ${PROBE_TIMEOUT_MS / 1000} seconds`;
  const last = stderr.trim().split("\n").at(-1);
  return last ? `failed: ${last}` : "failed to start";
}
