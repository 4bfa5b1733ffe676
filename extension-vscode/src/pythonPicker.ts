/** Where the editor knows of Pythons: the user's setting, the Python extension, the path. */
import * as vscode from "vscode";

import { type Candidate, explain, installCommand, MINIMUM, probe, type Rejected } from "./python";

/** The part of the Python extension's public interface that is used here. */
interface PythonExtension {
  readonly environments: {
    readonly known: readonly { readonly path: string; readonly executable: { readonly uri: vscode.Uri | undefined } }[];
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

const FROM_PATH: readonly Candidate[] = (process.platform === "win32" ? ["python"] : ["python3", "python"]).map(
  (path) => ({
    path,
    origin: "on the path",
  }),
);

/**
 * Interpreters to ask, best first. A Python named in the settings is the only one: falling back from it
 * without a word would hide the mistake in it.
 */
export async function candidates(
  folder: vscode.Uri | undefined,
  own: Candidate | undefined,
): Promise<readonly Candidate[]> {
  const named = vscode.workspace
    .getConfiguration("codeanvil", folder ?? null)
    .get<string>("pythonPath")
    ?.trim();
  if (named) return [{ path: named, origin: "from the setting codeanvil.pythonPath" }];
  // In a workspace that is not trusted, the selected one may be the workspace's own.
  const selected = vscode.workspace.isTrusted ? await selectedInPythonExtension(folder) : undefined;
  return [
    ...(selected ? [{ path: selected, origin: "selected in the Python extension" }] : []),
    ...(own ? [own] : []),
    ...FROM_PATH,
  ];
}

/** Calls `listener` when another environment is selected in the Python extension, if that is installed. */
export async function onEnvironmentChange(listener: () => void): Promise<vscode.Disposable> {
  const environments = (await pythonExtension())?.environments;
  return environments?.onDidChangeActiveEnvironmentPath(listener) ?? vscode.Disposable.from();
}

/** Tells why no Python will do, with the remedies as buttons. */
export async function showPythonProblem(rejected: readonly Rejected[]): Promise<void> {
  const install = "Install Server";
  const choosePython = "Choose Python…";
  const copyInstall = "Copy Install Command";
  // One that is new enough can make an environment of its own.
  const usable = rejected.some(({ problem }) => problem.includes("without the package"));
  const ways = usable ? [install, choosePython, copyInstall] : [choosePython, copyInstall];
  const picked = await vscode.window.showErrorMessage(explain(rejected), ...ways);
  if (picked === install) await vscode.commands.executeCommand("codeanvil.installServer");
  if (picked === choosePython) await choosePythonInterpreter();
  if (picked === copyInstall) {
    const python = rejected.find(({ problem }) => problem.includes("without the package"))?.path ?? "python3";
    await vscode.env.clipboard.writeText(installCommand(python));
    await vscode.window.showInformationMessage(
      `Copied: ${installCommand(python)}. Run it in CodeAnvil's source folder, then run "CodeAnvil: Restart Server".`,
    );
  }
}

/** Lets the user pick an interpreter and writes it to the user's settings; the server starts anew by itself. */
export async function choosePythonInterpreter(): Promise<void> {
  const known = (await pythonExtension())?.environments.known ?? [];
  const browse: vscode.QuickPickItem = { label: "$(folder-opened) Browse…" };
  const paths = [
    ...new Set(known.map((each) => each.executable.uri?.fsPath ?? each.path)),
    ...FROM_PATH.map(({ path }) => path),
  ];
  const picked = await vscode.window.showQuickPick(
    [...paths.map((label): vscode.QuickPickItem => ({ label })), browse],
    {
      title: "CodeAnvil: Choose Python",
      placeHolder: "Python 3.11 or newer that has the codeanvil package",
    },
  );
  if (!picked) return;
  const path = picked === browse ? await browseForPython() : picked.label;
  if (path) {
    await vscode.workspace.getConfiguration("codeanvil").update("pythonPath", path, vscode.ConfigurationTarget.Global);
  }
}

/** A Python that is new enough to make an environment with. Throws a sentence where there is none. */
export async function pythonToInstallWith(folder: vscode.Uri | undefined): Promise<string> {
  for (const { path } of await candidates(folder, undefined)) {
    const result = await probe(path);
    if (result.ok || result.problem.includes("without the package")) return path;
  }
  throw new Error(
    `No Python ${MINIMUM.join(".")} or newer was found: install one from python.org or by your package manager, or name it in the setting codeanvil.pythonPath.`,
  );
}

async function browseForPython(): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({ title: "Choose Python", openLabel: "Choose" });
  return files?.[0]?.fsPath;
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  try {
    return await vscode.extensions.getExtension<PythonExtension>("ms-python.python")?.activate();
  } catch {
    // A Python extension that cannot start is its own affair; there is still the path.
    return undefined;
  }
}

async function selectedInPythonExtension(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const environments = (await pythonExtension())?.environments;
  if (!environments) return undefined;
  const resolved = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
  return resolved?.executable.uri?.fsPath;
}
