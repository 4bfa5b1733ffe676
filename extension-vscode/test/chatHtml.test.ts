import assert from "node:assert/strict";
import { test } from "node:test";

import { answerHtml, citationsHtml, parsePlace } from "../src/chat/html";

const CITATIONS = [{ path: "include/imaging/a b.hpp", line: 12, symbol: "Image<T>" }];

test("a link to a cited place carries path and line", () => {
  const html = answerHtml("See [it](<include/imaging/a b.hpp#L40>).", CITATIONS);
  assert.equal(html, '<p>See <a href="#" data-path="include/imaging/a b.hpp" data-line="40">it</a>.</p>\n');
});

test("a link to anything else stays text", () => {
  for (const target of ["src/other.cpp#L1", "https://example.org/", "command:workbench.action.quit", "javascript:1"]) {
    const html = answerHtml(`[x](${target})`, CITATIONS);
    assert.ok(!html.includes("<a"), html);
  }
});

test("in an answer of the index itself every place of the workspace is a link, and nothing else", () => {
  assert.match(answerHtml("[x](src/other.cpp#L7)", [], true), /<a href="#" data-path="src\/other.cpp" data-line="7">/);
  for (const target of ["https://example.org/", "command:workbench.action.quit", "/etc/passwd", "#top"]) {
    assert.ok(!answerHtml(`[x](${target})`, [], true).includes("<a"), target);
  }
});

test("markup in the answer is shown, not obeyed", () => {
  const html = answerHtml('<img src=x onerror="alert(1)"> ![i](include/x.png)', CITATIONS);
  assert.ok(!html.includes("<img"), html);
});

test("a struck name says why it is struck", () => {
  assert.match(answerHtml("~~Frobnicator~~", []), /<s title="[^"]+">Frobnicator<\/s>/);
});

test("citations are escaped, and listed only where the answer does not link them", () => {
  assert.equal(
    citationsHtml("", CITATIONS),
    '<ul><li><code>Image&lt;T&gt;</code> <a href="#" data-path="include/imaging/a b.hpp" data-line="12">' +
      "include/imaging/a b.hpp:12</a></li></ul>",
  );
  assert.equal(citationsHtml(answerHtml("[x](<include/imaging/a b.hpp#L12>)", CITATIONS), CITATIONS), "");
});

test("places are read in each way they are written", () => {
  assert.deepEqual(parsePlace("src/a.cpp#L12"), { path: "src/a.cpp", line: 12 });
  assert.deepEqual(parsePlace("./src/a.cpp:7"), { path: "src/a.cpp", line: 7 });
  assert.deepEqual(parsePlace("src/a%20b.cpp"), { path: "src/a b.cpp", line: 1 });
  assert.equal(parsePlace("%"), undefined);
  assert.equal(parsePlace(""), undefined);
});
