// Bundles the extension, its two views and (with --tests) the unit tests.
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";

const root = import.meta.dirname;
const production = process.argv.includes("--production");
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  logLevel: "warning",
};
const extension = {
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  target: "node22",
  format: "cjs",
  external: ["vscode"],
  // The packages' ES modules where they have them: one copy of each, and smaller.
  mainFields: ["module", "main"],
};
const webview = {
  ...common,
  entryPoints: ["src/webview/chat.ts", "src/webview/runs.ts"],
  outdir: "dist",
  loader: { ".svg": "text" },
  platform: "browser",
  target: "chrome138",
  format: "iife",
};

/** The licences of what is bundled: they ask to travel with the copy. */
async function writeNotices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean));
  const notices = [];
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, "package.json"), "utf8"));
    const file = (await readdir(path.join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(path.join(root, folder, file), "utf8") : `Licence: ${license}\n`;
    notices.push(`${name} ${version}\n\n${text.trim()}\n`);
  }
  await writeFile(path.join(root, "dist", "third-party-notices.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
}

/** The Python package, to be installed by one click. The demonstration model is too large to go along. */
async function copyPython(target) {
  const source = path.join(root, "..");
  await mkdir(target, { recursive: true });
  for (const name of ["pyproject.toml", "constraints.txt", "README.md", "LICENSE"]) {
    await copyFile(path.join(source, name), path.join(target, name));
  }
  const filter = (file) => !/__pycache__|\.pyc$|\.safetensors$/.test(file);
  for (const name of ["server", "trainer"]) {
    await cp(path.join(source, name), path.join(target, name), { recursive: true, filter });
  }
}

if (process.argv.includes("--tests")) {
  await rm(path.join(root, "dist", "test"), { recursive: true, force: true });
  const tests = (await readdir(path.join(root, "test"))).filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    ...extension,
    entryPoints: tests.map((name) => `test/${name}`),
    outfile: undefined,
    outdir: "dist/test",
    target: "node20",
  });
} else if (process.argv.includes("--watch")) {
  for (const options of [extension, webview]) await (await esbuild.context({ ...options, logLevel: "info" })).watch();
} else {
  await rm(path.join(root, "dist"), { recursive: true, force: true });
  const built = await Promise.all([extension, webview].map((options) => esbuild.build(options)));
  await writeNotices(built.map((result) => result.metafile));
  await copyFile(path.join(root, "..", "LICENSE"), path.join(root, "LICENSE.txt"));
  await copyPython(path.join(root, "dist", "python"));
}
