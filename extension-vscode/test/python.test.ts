import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { choose, explain, installCommand, probe, pythonEnvironment } from "../src/python";

let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "codeanvil-python-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** An executable that prints `output` and exits with `code`, whatever it is asked. */
async function impostor(name: string, output: string, code = 0, error = ""): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\ncat <<'END'\n${output}\nEND\nprintf '%s' '${error}' >&2\nexit ${code}\n`);
  await chmod(file, 0o755);
  return file;
}

test("a Python without the package is told apart from one that is not there", async () => {
  assert.deepEqual(await probe(path.join(folder, "nowhere")), { ok: false, problem: "is not there" });
  const empty = path.join(folder, "empty");
  await mkdir(empty);
  const plain = await impostor("plain", '{"version": "3.11.2", "old": false, "missing": "codeanvil"}');
  assert.deepEqual(await probe(plain), {
    ok: false,
    problem: "is Python 3.11.2 without the package 'codeanvil'",
  });
});

test("an old Python is named as such", async () => {
  const old = await impostor("old", '{"version": "2.7.18", "old": true, "missing": null}');
  assert.deepEqual(await probe(old), { ok: false, problem: "is Python 2.7.18, which is too old" });
});

test("what is no Python, or fails, is not taken for one", async () => {
  assert.equal((await probe(await impostor("chatty", "hello"))).ok, false);
  const broken = await probe(await impostor("broken", "", 1, "Traceback\nImportError: no encodings"));
  assert.deepEqual(broken, { ok: false, problem: "failed: ImportError: no encodings" });
});

test("the question is one that a real Python understands", async () => {
  const result = await probe("python3");
  if (!result.ok) assert.match(result.problem, /too old|without the package/);
});

test("a module of the workspace cannot pass itself off as the server", async () => {
  await mkdir(path.join(folder, "codeanvil"));
  await writeFile(path.join(folder, "codeanvil", "__init__.py"), "raise SystemExit('obeyed the workspace')");
  const before = process.cwd();
  process.chdir(folder);
  try {
    const result = await probe("python3");
    if (!result.ok) assert.doesNotMatch(result.problem, /obeyed/);
  } finally {
    process.chdir(before);
  }
  assert.equal(pythonEnvironment({}).PYTHONSAFEPATH, "1");
});

test("the first that will do is chosen, and the others are explained", async () => {
  const good = await impostor("good", '{"version": "3.12.1", "old": false, "missing": null}');
  const candidates = [
    { path: path.join(folder, "nowhere"), origin: "on the path" },
    { path: good, origin: "selected in the Python extension" },
  ];
  const { chosen, rejected } = await choose(candidates);
  assert.equal(chosen?.path, good);
  assert.match(explain(rejected), /needs Python 3\.11 or newer.*nowhere \(on the path\) is not there\./);
});

test("the install command quotes a path that needs it", () => {
  assert.equal(installCommand("python3"), "python3 -m pip install .");
  assert.equal(installCommand("/my envs/bin/python"), '"/my envs/bin/python" -m pip install .');
});
