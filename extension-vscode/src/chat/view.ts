/** The chat view in the side bar: questions of this window, and their answers as they come. */
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

import { currentFolder } from "../folder";
import { insertIntoEditor, nameAtCursor, openPlace, pathIn } from "../places";
import type { Server } from "../server";
import type { Progress } from "../state";
import type { View } from "../statusText";
import { pageHtml, resourceRoots } from "../webviewPage";
import { askServer } from "./asking";
import { History } from "./history";
import type { FromChat, Situation, ToChat, Turn } from "./messages";

const BODY = `  <main>
    <h1 class="hiddenWords">CodeAnvil Chat</h1>
    <div id="turns" role="log" aria-label="Conversation" aria-live="polite" tabindex="0"></div>
    <form id="ask" aria-label="Ask about this workspace"></form>
  </main>`;

/** Keeps the conversation; the webview may come and go. */
export class ChatView implements vscode.WebviewViewProvider, vscode.Disposable {
  static readonly id = "codeanvil.chat";

  readonly #history: History;
  readonly #asking = new Map<string, vscode.CancellationTokenSource>();
  readonly #subscriptions: vscode.Disposable[];
  #view: vscode.WebviewView | undefined;
  #isReady = false;
  #waiting: ToChat[] = [];

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
    private readonly progress: Progress,
  ) {
    this.#history = new History(context.workspaceState);
    this.#subscriptions = [
      progress.onDidChange((view) => {
        this.#post({ kind: "situation", situation: situation(view) });
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        this.#changed(uri);
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) this.#changed(uri);
      }),
      vscode.window.registerWebviewViewProvider(ChatView.id, this, {
        webviewOptions: { retainContextWhenHidden: true },
      }),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const { extensionUri } = this.context;
    view.webview.options = { enableScripts: true, localResourceRoots: resourceRoots(extensionUri) };
    view.webview.onDidReceiveMessage((message: FromChat) => this.#received(message));
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#isReady = false;
    });
    view.webview.html = pageHtml(extensionUri, view.webview, { title: "CodeAnvil Chat", name: "chat", body: BODY });
  }

  /** Shows the view with the cursor in its input, which holds `text` where there is one. */
  async show(text?: string): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
    this.#send({ kind: "input", text: text ?? "" });
  }

  /** Asks in the view. */
  async ask(text: string): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
    await this.#ask(text);
  }

  /** Begins an empty conversation. */
  async begin(): Promise<void> {
    this.#history.begin();
    this.#showConversation();
    await this.show();
  }

  /** Lets the user pick a conversation of before to go on with. */
  async pickEarlier(): Promise<void> {
    const forget = { label: "$(trash) Forget all conversations", id: "" };
    const earlier = this.#history.earlier.map(({ id, started, turns }) => ({
      id,
      label: turns[0]?.question ?? "",
      description: new Date(started).toLocaleString(),
      detail: turns.length > 1 ? `${turns.length} questions` : "",
    }));
    const picked = await vscode.window.showQuickPick([...earlier, forget], {
      title: "CodeAnvil: Conversations of This Workspace",
      placeHolder: earlier.length > 0 ? "Go back to a conversation" : "There is no earlier conversation",
    });
    if (!picked) return;
    if (picked.id) this.#history.goBackTo(picked.id);
    else this.#history.clear();
    this.#showConversation();
    await this.show();
  }

  dispose(): void {
    for (const source of this.#asking.values()) source.cancel();
    for (const each of this.#subscriptions) each.dispose();
  }

  async #ask(text: string): Promise<void> {
    const earlier = this.#history.current.turns.filter(({ state }) => state === "answered");
    const asked: Turn = {
      id: randomUUID(),
      folder: currentFolder().toString(),
      question: text,
      state: "asking",
      text: "",
      citations: [],
      model: null,
      struck: [],
      stale: [],
      notice: "",
    };
    this.#put(asked);
    this.#put(await this.#answered(asked, earlier));
  }

  async #answered(asked: Turn, before: readonly Turn[]): Promise<Turn> {
    const source = new vscode.CancellationTokenSource();
    this.#asking.set(asked.id, source);
    let written = "";
    try {
      const { folder, question: text } = asked;
      const earlier = before.filter((turn) => turn.folder === folder).map(({ question }) => question);
      const question = { folder, text, atCursor: nameAtCursor(), earlier };
      const answer = await askServer(this.server, question, source.token, (text) => {
        written = text;
        this.#put({ ...asked, text });
      });
      void vscode.commands.executeCommand("setContext", "codeanvil.hasAsked", true);
      return {
        ...asked,
        state: "answered",
        text: answer.answer,
        citations: answer.citations,
        model: answer.model,
        refused: answer.model === null && !answer.notice && (answer.timings?.model ?? 0) > 0,
        struck: answer.unverified,
        stale: answer.revision.stale,
        notice: answer.notice ?? "",
      };
    } catch (error) {
      if (source.token.isCancellationRequested) return { ...asked, state: "stopped", text: written };
      return { ...asked, state: "failed", notice: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#asking.delete(asked.id);
      source.dispose();
    }
  }

  async #received(message: FromChat): Promise<void> {
    try {
      await this.#obey(message);
    } catch (error) {
      await vscode.window.showErrorMessage(`CodeAnvil: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #obey(message: FromChat): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#showConversation();
        this.#post({ kind: "situation", situation: situation(this.progress.view) });
        for (const each of this.#waiting.splice(0)) this.#post(each);
        break;
      case "ask":
        try {
          await this.#ask(message.text);
        } catch (error) {
          this.#post({ kind: "input", text: message.text });
          throw error;
        }
        break;
      case "stop":
        this.#asking.get(message.id)?.cancel();
        break;
      case "open": {
        const turn = this.#history.current.turns.find(({ id }) => id === message.id);
        if (turn) {
          const { path, line } = message;
          const cited = turn.citations.find((citation) => citation.path === path && citation.line === line);
          await openPlace(turn.folder, path, line, cited?.symbol);
        }
        break;
      }
      case "insert":
        await insertIntoEditor(message.code);
        break;
      case "copy":
        await vscode.env.clipboard.writeText(message.code);
        break;
      case "remedy": {
        // The view may name the command that it was given, and no other.
        const { remedy } = situation(this.progress.view);
        if (remedy?.command === message.command) await vscode.commands.executeCommand(remedy.command);
        break;
      }
    }
  }

  /** Marks answers that rest on a file which has changed since they were given. */
  #changed(uri: vscode.Uri): void {
    for (const turn of this.#history.current.turns) {
      const path = pathIn(turn.folder, uri);
      if (path === undefined || turn.stale.includes(path)) continue;
      if (turn.citations.some((citation) => citation.path === path)) {
        this.#put({ ...turn, stale: [...turn.stale, path] });
      }
    }
  }

  #put(turn: Turn): void {
    this.#history.put(turn);
    if (this.#history.current.turns.includes(turn)) this.#post({ kind: "turn", turn });
  }

  #showConversation(): void {
    this.#post({ kind: "conversation", turns: this.#history.current.turns });
  }

  /** As `#post`, but kept until the page has loaded. */
  #send(message: ToChat): void {
    if (this.#isReady) this.#post(message);
    else this.#waiting.push(message);
  }

  #post(message: ToChat): void {
    void this.#view?.webview.postMessage(message);
  }
}

function situation({ server, index }: View): Situation {
  switch (server.kind) {
    case "off":
    case "restricted":
      return vscode.workspace.isTrusted
        ? {
            ready: false,
            text: server.why,
            remedy: { command: "workbench.action.files.openFolder", title: "Open Folder" },
          }
        : {
            ready: false,
            text: server.why,
            remedy: { command: "workbench.trust.manage", title: "Manage Workspace Trust" },
          };
    case "failed":
      return { ready: false, text: server.why, remedy: { command: "codeanvil.showMenu", title: "What Can Be Done" } };
    case "starting":
      return { ready: true, text: "The server starts. What is asked now is answered as soon as it runs." };
    case "running":
      if (index?.state === "ready") return { ready: true, text: "" };
      return { ready: true, text: "The index is being made: answers may lack what is not read yet." };
  }
}
