import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { installSteps, interpreterOf, runStep } from "../src/install";

const never = new AbortController().signal;

test("the server goes into an environment of its own, with the versions it was tested with", () => {
  const [make, install] = installSteps("/usr/bin/python3", "/store/python", "/ext/python", "server");
  assert.deepEqual(
    [make?.command, ...(make?.args ?? [])],
    ["/usr/bin/python3", "-m", "venv", "--upgrade-deps", "/store/python"],
  );
  assert.equal(install?.command, interpreterOf("/store/python"));
  assert.deepEqual(install.args.slice(-3), ["-c", path.join("/ext/python", "constraints.txt"), "/ext/python[mcp]"]);
});

test("the trainer brings torch with it, and the server does not", () => {
  const wanted = (extent: "server" | "trainer") => installSteps("p", "/f", "/s", extent).at(-1)?.args.at(-1);
  assert.equal(wanted("trainer"), "/s[mcp,train]");
  assert.equal(wanted("server"), "/s[mcp]");
});

test("the interpreter is where the platform has it", () => {
  assert.equal(interpreterOf("/store", "linux"), path.join("/store", "bin", "python"));
  assert.equal(interpreterOf("/store", "win32"), path.join("/store", "Scripts", "python.exe"));
});

test("a step tells its lines, and why it failed", async () => {
  const lines: string[] = [];
  const hear = (line: string) => void lines.push(line);
  await runStep({ title: "saying", command: "sh", args: ["-c", "echo one; echo two >&2"] }, hear, never);
  assert.deepEqual(lines.sort(), ["one", "two"]);
  const failing = { title: "installing", command: "sh", args: ["-c", "echo 'ERROR: no room'; echo hint; exit 3"] };
  await assert.rejects(runStep(failing, hear, never), /installing failed: ERROR: no room/);
});

test("a step can be broken off", async () => {
  const stop = new AbortController();
  const going = runStep({ title: "waiting", command: "sleep", args: ["60"] }, () => undefined, stop.signal);
  stop.abort();
  await assert.rejects(going, { name: "AbortError" });
});
