/** The input of the chat view: grows with its text, completes slash commands, goes back to earlier questions. */
import sendIcon from "@vscode/codicons/src/icons/send.svg";
import stopIcon from "@vscode/codicons/src/icons/debug-stop.svg";

import { completions, type SlashCommand } from "../chat/slash";
import { iconButton, make } from "./dom";

interface Handlers {
  readonly ask: (text: string) => void;
  readonly stop: () => void;
  /** Told of all that stands in the input, whenever that changes. */
  readonly typed: (text: string) => void;
}

export class ChatInput {
  readonly #area = make("textarea");
  readonly #list = make("ul", "suggestions");
  readonly #send: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  #suggested: readonly SlashCommand[] = [];
  #chosen = 0;
  #earlier: readonly string[] = [];
  /** Counted from the end of `#earlier`; 0 is what is being typed. */
  #back = 0;
  /** What was put here for the user, who has not typed since. */
  #offered = "";

  constructor(
    form: HTMLElement,
    draft: string,
    private readonly handlers: Handlers,
  ) {
    const area = this.#area;
    area.rows = 1;
    area.placeholder = "Ask about this workspace, or type / for commands";
    area.setAttribute("aria-label", "Question");
    area.setAttribute("aria-haspopup", "listbox");
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", "suggestions");
    this.#list.id = "suggestions";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "Commands");
    this.#send = iconButton(
      sendIcon,
      "Ask (Enter)",
      () => {
        this.#submit();
      },
      "action send",
    );
    this.#stop = iconButton(stopIcon, "Stop (Escape)", handlers.stop, "action stop");
    form.append(this.#list, make("div", "box", area, this.#send, this.#stop));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
    });
    area.addEventListener("input", () => {
      this.#back = 0;
      this.#changed();
    });
    area.addEventListener("keydown", (event) => {
      if (!event.isComposing && this.#pressed(event)) event.preventDefault();
    });
    area.addEventListener("blur", () => {
      this.#suggest([]);
    });
    this.setBusy(false);
    this.#set(draft);
  }

  /** Puts the cursor into the input, with `text` there unless the user has typed something. */
  offer(text: string): void {
    const isTyped = this.#area.value !== "" && this.#area.value !== this.#offered;
    this.#area.focus();
    if (!text || isTyped) return;
    this.#offered = text;
    this.#set(text);
    this.#area.select();
  }

  /** Whether an answer is being written: then it can be stopped. */
  setBusy(busy: boolean): void {
    this.#stop.hidden = !busy;
    this.#send.hidden = busy;
  }

  setReady(ready: boolean): void {
    this.#send.disabled = !ready;
  }

  /** Questions to go back to with the arrow keys, oldest first. */
  setEarlier(questions: readonly string[]): void {
    this.#earlier = questions;
  }

  #pressed(event: KeyboardEvent): boolean {
    const suggesting = this.#suggested.length > 0;
    switch (event.key) {
      case "Enter":
        if (event.shiftKey) return false;
        if (!suggesting || !this.#complete()) this.#submit();
        return true;
      case "Tab":
        return suggesting && !event.shiftKey && this.#complete();
      case "Escape":
        if (suggesting) this.#suggest([]);
        else if (!this.#stop.hidden) this.handlers.stop();
        else return false;
        return true;
      case "ArrowUp":
      case "ArrowDown":
        return suggesting
          ? this.#move(event.key === "ArrowUp" ? -1 : 1)
          : this.#recall(event.key === "ArrowUp" ? 1 : -1);
      default:
        return false;
    }
  }

  #submit(): void {
    const text = this.#area.value.trim();
    if (!text || this.#send.disabled || this.#send.hidden) return;
    this.handlers.ask(text);
    this.#back = 0;
    this.#set("");
  }

  /** Takes the chosen command; false where it stands there already and wants nothing after it. */
  #complete(): boolean {
    const command = this.#suggested[this.#chosen];
    if (!command || (this.#area.value === `/${command.name}` && !command.argument)) return false;
    this.#set(`/${command.name}${command.argument ? " " : ""}`);
    this.#suggest([]);
    return true;
  }

  #move(by: number): boolean {
    const count = this.#suggested.length;
    this.#chosen = (this.#chosen + by + count) % count;
    this.#drawSuggestions();
    return true;
  }

  #recall(by: number): boolean {
    const atEdge = by > 0 ? this.#area.selectionStart === 0 : this.#area.selectionEnd === this.#area.value.length;
    const back = this.#back + by;
    if (!atEdge || back < 0 || back > this.#earlier.length) return false;
    this.#set(back === 0 ? "" : (this.#earlier.at(-back) ?? ""));
    this.#back = back;
    const caret = by > 0 ? 0 : this.#area.value.length;
    this.#area.setSelectionRange(caret, caret);
    this.#suggest([]);
    return true;
  }

  #set(text: string): void {
    this.#area.value = text;
    this.#changed();
  }

  #changed(): void {
    this.#area.style.height = "auto";
    this.#area.style.height = `${Math.min(this.#area.scrollHeight, 200)}px`;
    this.#chosen = 0;
    this.handlers.typed(this.#area.value);
    this.#suggest(completions(this.#area.value));
  }

  #suggest(commands: readonly SlashCommand[]): void {
    this.#suggested = commands;
    this.#drawSuggestions();
  }

  #drawSuggestions(): void {
    this.#list.hidden = this.#suggested.length === 0;
    const items = this.#suggested.map((command, index) => {
      const name = command.argument ? `/${command.name} ${command.argument}` : `/${command.name}`;
      const item = make("li", "", make("span", "name", name), make("span", "description", command.description));
      item.id = `suggestion-${command.name}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(index === this.#chosen));
      item.addEventListener("mousedown", (event) => {
        // Before the input loses the focus, and with it the list.
        event.preventDefault();
        this.#chosen = index;
        this.#complete();
      });
      return item;
    });
    this.#list.replaceChildren(...items);
    const chosen = this.#suggested[this.#chosen];
    if (chosen) this.#area.setAttribute("aria-activedescendant", `suggestion-${chosen.name}`);
    else this.#area.removeAttribute("aria-activedescendant");
  }
}
