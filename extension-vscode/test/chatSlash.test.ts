import assert from "node:assert/strict";
import { test } from "node:test";

import { completions, meaning, questionsOf, SLASH_COMMANDS } from "../src/chat/slash";

test("a slash command stands for a question", () => {
  const cases: [string, string | undefined, string][] = [
    ["/where Parser", undefined, "Where is Parser defined?"],
    ["  /methods  Parser ", undefined, "What methods does Parser have?"],
    ["/Explain", "Lexer", "What does Lexer do?"],
    ["/explain Parser", "Lexer", "What does Parser do?"],
    ["/build", undefined, "How is this project built?"],
    ["Where is /etc read?", undefined, "Where is /etc read?"],
  ];
  for (const [typed, atCursor, question] of cases) {
    assert.deepEqual(meaning(typed, atCursor), { kind: "question", question }, typed);
  }
  assert.deepEqual(meaning("/stale"), { kind: "stale" });
});

test("a command that lacks its name, or is none, is told what to write", () => {
  const cases: [string, RegExp][] = [
    ["/where", /example \/where Parser/],
    ["/wher Parser", /no command \/wher; there are \/where, /],
  ];
  for (const [typed, problem] of cases) {
    const meant = meaning(typed);
    assert.match(meant.kind === "problem" ? meant.problem : "", problem);
  }
});

test("commands are completed while their name is typed, and only then", () => {
  assert.equal(completions("/").length, SLASH_COMMANDS.length);
  assert.deepEqual(
    completions("/m").map(({ name }) => name),
    ["methods"],
  );
  for (const typed of ["", "m", "/methods P", "what /m"]) assert.deepEqual(completions(typed), [], typed);
});

test("earlier lines go along as the questions they stand for", () => {
  assert.deepEqual(questionsOf(["/where Parser", "/stale", "/nonsense", "And its methods?"]), [
    "Where is Parser defined?",
    "And its methods?",
  ]);
  assert.equal(questionsOf(Array<string>(50).fill("/build")).length, 20);
});
