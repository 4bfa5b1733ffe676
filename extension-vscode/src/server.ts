/** The server's process: starting it, speaking with it, and telling when it cannot be. */
import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  type CancellationToken,
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type Executable,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";

import { openFile } from "./folder";
import { LANGUAGES } from "./languages";
import * as protocol from "./protocol";
import { type Candidate, choose, pythonEnvironment } from "./python";
import { candidates, showPythonProblem } from "./pythonPicker";
import { writtenSettings } from "./settings";
import type { ServerState } from "./statusText";

const CRASHES_ALLOWED = 4;
const CRASH_WINDOW_MS = 3 * 60_000;
const STOP_TIMEOUT_MS = 5_000;

const UNTRUSTED = "There is hover only, and nothing is run or written, until you trust this workspace.";

/** Writes its troubles to the log alone: what the user has to know of them, `Server` says itself, and once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/**
 * One server for the window. It is started when the window has a folder, or no folder and a file of code, and started
 * anew when it falls over, but not for ever. Starting and stopping wait for each other.
 */
export class Server implements vscode.Disposable {
  readonly #state = new vscode.EventEmitter<ServerState>();
  readonly #indexProgress = new vscode.EventEmitter<protocol.IndexProgress>();
  readonly #runProgress = new vscode.EventEmitter<protocol.RunProgress>();
  readonly #answerDelta = new vscode.EventEmitter<protocol.AnswerDelta>();
  #client: LanguageClient | undefined;
  #crashes: number[] = [];
  #current: ServerState = { kind: "starting" };
  #python: string | undefined;
  #queue: Promise<void> = Promise.resolve();

  readonly onDidChangeState = this.#state.event;
  readonly onIndexProgress = this.#indexProgress.event;
  readonly onRunProgress = this.#runProgress.event;
  readonly onAnswerDelta = this.#answerDelta.event;

  /**
   * `settingKeys`: the settings the server is told of, without `codeanvil.`. `ownPython`: the interpreter that the
   * extension has installed the server into, if it has.
   */
  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly settingKeys: readonly string[],
    private readonly ownPython: () => Promise<Candidate | undefined>,
  ) {}

  get state(): ServerState {
    return this.#current;
  }

  /** The Python that the running server was started with; undefined where another executable was named. */
  get python(): string | undefined {
    return this.#current.kind === "running" ? this.#python : undefined;
  }

  /** Stops the server where one runs, and starts one where one may. Problems are shown, not thrown. */
  restart(): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      // What is asked from here on waits for the new one.
      this.#set({ kind: "starting" });
      await this.#stop();
      await this.#start();
    });
    return this.#queue;
  }

  /** Waits while the server starts, or until `token` says not to. `state` then tells what came of it. */
  async started(token: CancellationToken): Promise<void> {
    while (this.#current.kind === "starting" && !token.isCancellationRequested) {
      await new Promise<void>((resolve) => {
        const waiting = vscode.Disposable.from(this.onDidChangeState(done), token.onCancellationRequested(done));
        function done(): void {
          waiting.dispose();
          resolve();
        }
      });
    }
  }

  /** Stops the server; a training run goes on without it. */
  stop(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#stop());
    return this.#queue;
  }

  /** Has the server carry out a command. Rejects with a sentence for the user. */
  async execute<T>(verb: protocol.Verb, argument: protocol.InFolder, token?: CancellationToken): Promise<T> {
    const params = { command: `codeanvil.${verb}`, arguments: [argument] };
    return (await this.#running().sendRequest(ExecuteCommandRequest.type, params, token)) as T;
  }

  /** What a run would take, by the same arguments as for the command that starts it. Rejects as `execute`. */
  async trainingPlan(argument: protocol.InFolder, token?: CancellationToken): Promise<protocol.TrainingPlan> {
    return this.#running().sendRequest(protocol.trainingPlan, argument, token);
  }

  #running(): LanguageClient {
    if (!this.#client || this.#current.kind !== "running") {
      const why = "why" in this.#current ? this.#current.why : "It is just starting: try again in a moment.";
      throw new Error(`The CodeAnvil server does not run. ${why}`);
    }
    return this.#client;
  }

  dispose(): void {
    void this.stop();
    for (const emitter of [this.#state, this.#indexProgress, this.#runProgress, this.#answerDelta]) emitter.dispose();
  }

  async #start(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const folder = folders.find(({ uri }) => uri.scheme === "file");
    const place = folder?.uri ?? (folders.length === 0 ? openFile() : undefined);
    if (!place) {
      const why =
        folders.length > 0
          ? "This workspace is virtual: CodeAnvil reads files from the disk and runs beside them. Clone it into a folder."
          : "Open a folder, or a file of code: CodeAnvil answers from it.";
      this.#set({ kind: "off", why });
      return;
    }
    const executable = await this.#executable(place);
    if (!executable) return;
    this.#client = this.#newClient(executable);
    try {
      await this.#client.start();
    } catch (error) {
      this.#fail(`The server did not start (${error instanceof Error ? error.message : String(error)}).`);
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#crashes = [];
    try {
      await client?.dispose(STOP_TIMEOUT_MS);
    } catch (error) {
      // One that hangs or has fallen over is killed by the client; there is nothing left to do about it.
      this.log.warn("Stopping the server:", error);
    }
  }

  async #executable(place: vscode.Uri): Promise<Executable | undefined> {
    const { isTrusted } = vscode.workspace;
    // What lies in a folder that is not trusted must not be found in the place of a program.
    const isFolder = vscode.workspace.workspaceFolders !== undefined;
    const options = { env: pythonEnvironment(), cwd: isTrusted && isFolder ? place.fsPath : homedir() };
    this.#python = undefined;
    const named = vscode.workspace.getConfiguration("codeanvil", place).get<string>("serverPath")?.trim();
    if (named) return { command: named, args: ["--stdio"], options };
    const { chosen, rejected } = await choose(await candidates(place, await this.ownPython()));
    for (const each of rejected) this.log.warn(`${each.path} (${each.origin}) ${each.problem}.`);
    if (!chosen && !isTrusted) {
      this.#set({ kind: "off", why: UNTRUSTED });
      return undefined;
    }
    if (!chosen) {
      this.#set({ kind: "failed", why: "No Python with the codeanvil package was found." });
      void showPythonProblem(rejected);
      return undefined;
    }
    this.#python = chosen.path;
    this.log.info(`Server: ${chosen.path} (${chosen.origin}), Python ${chosen.version}`);
    return { command: chosen.path, args: ["-m", "codeanvil.lsp", "--stdio"], options };
  }

  #newClient(executable: Executable): LanguageClient {
    const settings = (scope?: vscode.Uri) => writtenSettings(this.settingKeys, scope);
    const shownOtherwise = new Set<string | number>();
    const options: LanguageClientOptions = {
      documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => ({ settings: settings(), trusted: vscode.workspace.isTrusted }),
      errorHandler: {
        error: (_error, _message, count = 0) => ({
          action: count <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        }),
        closed: () => this.#closed(client),
      },
      initializationFailedHandler: () => false,
      middleware: {
        // A lens or an action asks in the view here; the server by itself would have a file opened.
        executeCommand: (command, args, next): unknown =>
          command === "codeanvil.explain"
            ? vscode.commands.executeCommand(
                "codeanvil.askQuestion",
                protocol.questionAbout(args[0] as protocol.Explain),
              )
            : next(command, args),
        handleWorkDoneProgress: (token, params, next) => {
          // The item in the status bar shows these two already.
          if (params.kind === "begin" && /: (indexing|training)$/.test(params.title)) shownOtherwise.add(token);
          if (!shownOtherwise.has(token)) next(token, params);
          if (params.kind === "end") shownOtherwise.delete(token);
        },
        workspace: {
          // The server asks for what changed, so that it gets no defaults here either.
          didChangeConfiguration: (_sections, next) =>
            next(undefined).catch((error: unknown) => {
              // A setting that has the server started anew finds the old one gone.
              if (client === this.#client) throw error;
            }),
          configuration: ({ items }) =>
            items.map(({ scopeUri }) => settings(scopeUri ? client.protocol2CodeConverter.asUri(scopeUri) : undefined)),
        },
      },
    };
    const client = new QuietClient("codeanvil", "CodeAnvil", executable, options);
    client.onNotification(protocol.indexProgress, (progress) => {
      this.#indexProgress.fire(progress);
    });
    client.onNotification(protocol.runProgress, (progress) => {
      this.#runProgress.fire(progress);
    });
    client.onNotification(protocol.answerDelta, (delta) => {
      this.#answerDelta.fire(delta);
    });
    client.onDidChangeState(({ newState }) => {
      if (client !== this.#client) return;
      if (newState === State.Running)
        this.#set(vscode.workspace.isTrusted ? { kind: "running" } : { kind: "restricted", why: UNTRUSTED });
      if (newState === State.Starting) this.#set({ kind: "starting" });
    });
    return client;
  }

  /** What to do about a connection that ended without having been asked to. */
  #closed(client: LanguageClient): CloseHandlerResult {
    const gaveUp: CloseHandlerResult = { action: CloseAction.DoNotRestart, handled: true };
    if (client !== this.#client) return gaveUp;
    if (this.#current.kind !== "running" && this.#current.kind !== "restricted") {
      this.#fail("The server ended before it was ready.");
      return gaveUp;
    }
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < CRASH_WINDOW_MS), now];
    if (this.#crashes.length > CRASHES_ALLOWED) {
      this.#fail(`The server fell over ${this.#crashes.length} times within ${CRASH_WINDOW_MS / 60_000} minutes.`);
      return gaveUp;
    }
    return { action: CloseAction.Restart, handled: true };
  }

  #fail(why: string): void {
    if (this.#current.kind === "failed") return;
    this.#set({ kind: "failed", why });
    const showLog = "Show Log";
    const restart = "Restart Server";
    void vscode.window.showErrorMessage(`CodeAnvil: ${why} The log says why.`, showLog, restart).then((picked) => {
      if (picked === showLog) this.log.show();
      if (picked === restart) void this.restart();
    });
  }

  #set(state: ServerState): void {
    this.#current = state;
    this.#state.fire(state);
  }
}
