import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { SLASH_COMMANDS } from "../src/chat/slash";

interface Manifest {
  readonly extensionKind: readonly string[];
  readonly capabilities: Readonly<Record<string, { readonly supported: unknown; readonly description: string }>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly completionEvents: readonly string[] }[];
    }[];
    readonly chatParticipants: readonly {
      readonly commands: readonly { readonly name: string; readonly description: string }[];
    }[];
  };
}

// From the folder of the bundled tests.
const root = path.join(__dirname, "..", "..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Manifest;
const source = readFileSync(path.join(root, "src", "commands.ts"), "utf8");
const offered = manifest.contributes.commands.map(({ command }) => command);
const registered = new Set([...source.matchAll(/^ {4}(\w+): \(/gm)].map((match) => `codeanvil.${String(match[1])}`));

test("every command of the palette is registered, and every menu names one of them", () => {
  assert.ok(registered.size > 10);
  for (const command of offered) assert.ok(registered.has(command), command);
  for (const items of Object.values(manifest.contributes.menus)) {
    for (const { command } of items) assert.ok(offered.includes(command), command);
  }
});

test("no command has the id of one of the server's verbs", () => {
  const verbs = ["prepare", "train", "pause", "stop", "resume", "ask", "stale", "status", "runs", "run", "samples"];
  for (const verb of verbs) assert.ok(!registered.has(`codeanvil.${verb}`), verb);
});

test("the walkthrough's steps run commands that are there, and each is done by something", () => {
  const [walkthrough] = manifest.contributes.walkthroughs;
  assert.equal(walkthrough?.steps.length, 5);
  for (const { description, completionEvents } of walkthrough.steps) {
    const [, command = ""] = /\(command:([\w.]+)\)/.exec(description) ?? [];
    assert.ok(command.startsWith("workbench.") || registered.has(command), command);
    assert.equal(completionEvents.length, 1);
  }
});

test("@codeanvil has the slash commands of the chat view, in the same words", () => {
  const [participant] = manifest.contributes.chatParticipants;
  assert.deepEqual(
    participant?.commands.map(({ name, description }) => ({ name, description })),
    SLASH_COMMANDS.map(({ name, description }) => ({ name, description })),
  );
});

test("it runs beside the files, in trusted workspaces on a disk", () => {
  assert.deepEqual(manifest.extensionKind, ["workspace"]);
  assert.equal(manifest.capabilities.untrustedWorkspaces?.supported, "limited");
  assert.equal(manifest.capabilities.virtualWorkspaces?.supported, false);
  assert.ok(manifest.capabilities.virtualWorkspaces.description.length > 20);
});
