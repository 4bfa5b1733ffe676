/** The settings as the server wants them: what the user wrote, never the editor's defaults. */
import * as vscode from "vscode";

type Settings = Record<string, unknown>;

/** Settings that say how the editor starts the server; the server knows nothing of them. */
const OF_THE_EDITOR = new Set(["pythonPath", "serverPath", "trace.server"]);

/**
 * `codeanvil.*` as set for `scope` by the user, the workspace or the folder, nested by section.
 *
 * Defaults are left out: the server lays these values upon `codeanvil.toml`, and a default sent along
 * would hide what the project wrote there.
 */
export function writtenSettings(keys: Iterable<string>, scope: vscode.ConfigurationScope | undefined): Settings {
  const configuration = vscode.workspace.getConfiguration("codeanvil", scope ?? null);
  const result: Settings = {};
  for (const key of keys) {
    const found = configuration.inspect(key);
    const value = found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
    if (value !== undefined) setNested(result, key.split("."), value);
  }
  return result;
}

/** Keys, without `codeanvil.`, of the settings in the extension's manifest that are the server's. */
export function serverKeys(manifest: { contributes: { configuration: { properties: object }[] } }): string[] {
  return manifest.contributes.configuration
    .flatMap((section) => Object.keys(section.properties))
    .map((key) => key.replace(/^codeanvil\./, ""))
    .filter((key) => !OF_THE_EDITOR.has(key));
}

function setNested(target: Settings, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = (target[head] ??= {}) as Settings;
  setNested(inner, rest, value);
}
