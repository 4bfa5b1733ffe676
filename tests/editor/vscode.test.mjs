// The whole way in one real VS Code: a folder that is not trusted, then index, hover, chat, training, and what is said
// when Python is missing. Each file in parts/ is a chapter; they follow each other, since starting VS Code is what
// takes long.
import { after, afterEach, before } from "node:test";

import { startEditor } from "./harness.mjs";
import assistants from "./parts/assistants.mjs";
import chat from "./parts/chat.mjs";
import missing from "./parts/missing.mjs";
import reading from "./parts/reading.mjs";
import training from "./parts/training.mjs";
import untrusted from "./parts/untrusted.mjs";

const shared = {};

before(async () => {
  shared.editor = await startEditor({ settings: { "codeanvil.pythonPath": process.env.EDITOR_PYTHON } });
});
afterEach((context) => shared.editor?.pictureOfFailure(context));
after(() => shared.editor?.close());

// While one of them is worked on: EDITOR_CHAPTERS=untrusted,chat (the first is what trusts the workspace).
const wanted = process.env.EDITOR_CHAPTERS?.split(",");
const all = [untrusted, reading, chat, training, assistants, missing];
const chapters = all.filter(({ name }) => !wanted || wanted.includes(name));
for (const chapter of chapters) chapter(shared);
