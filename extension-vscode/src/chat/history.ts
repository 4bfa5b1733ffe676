/** Conversations of this workspace, kept by the editor. */
import { randomUUID } from "node:crypto";
import type { Memento } from "vscode";

import type { Conversation, Turn } from "./messages";

const KEY = "codeanvil.conversations";
const MOST_CONVERSATIONS = 30;
const MOST_TURNS = 100;

/** The conversation that goes on, and those before it, newest first. */
export class History {
  #current: Conversation;
  #earlier: readonly Conversation[];

  constructor(private readonly memento: Memento) {
    const [newest, ...earlier] = memento.get<readonly Conversation[]>(KEY, []);
    this.#current = newest ? interrupted(newest) : fresh();
    this.#earlier = earlier.map(interrupted);
  }

  get current(): Conversation {
    return this.#current;
  }

  /** Conversations to go back to, newest first. */
  get earlier(): readonly Conversation[] {
    return this.#earlier;
  }

  /** Adds a turn to the conversation, or replaces the one of the same id in whichever conversation has it. */
  put(turn: Turn): void {
    const holder = this.#earlier.find(({ turns }) => turns.some(({ id }) => id === turn.id));
    if (holder) this.#earlier = this.#earlier.map((each) => (each === holder ? withTurn(each, turn) : each));
    else this.#current = withTurn(this.#current, turn);
    // An answer that is being written comes in many parts: the last one is kept.
    if (turn.state !== "asking") this.#save();
  }

  /** Begins an empty conversation. */
  begin(): void {
    this.#leave();
    this.#current = fresh();
    this.#save();
  }

  /** Goes on with an earlier conversation; one that is not there leaves all as it is. */
  goBackTo(id: string): void {
    const found = this.#earlier.find((each) => each.id === id);
    if (!found) return;
    this.#leave();
    this.#earlier = this.#earlier.filter((each) => each !== found);
    this.#current = found;
    this.#save();
  }

  /** Forgets every conversation. */
  clear(): void {
    this.#current = fresh();
    this.#earlier = [];
    this.#save();
  }

  #leave(): void {
    if (this.#current.turns.length > 0) {
      this.#earlier = [this.#current, ...this.#earlier].slice(0, MOST_CONVERSATIONS - 1);
    }
  }

  #save(): void {
    void this.memento.update(KEY, [this.#current, ...this.#earlier]);
  }
}

function fresh(): Conversation {
  return { id: randomUUID(), started: Date.now(), turns: [] };
}

function withTurn(conversation: Conversation, turn: Turn): Conversation {
  const { turns } = conversation;
  const known = turns.some(({ id }) => id === turn.id);
  const all = known ? turns.map((each) => (each.id === turn.id ? turn : each)) : [...turns, turn];
  return { ...conversation, turns: all.slice(-MOST_TURNS) };
}

/** Nobody is answering any more what was being asked when the window closed. */
function interrupted(conversation: Conversation): Conversation {
  const turns = conversation.turns.map((turn): Turn =>
    turn.state === "asking" ? { ...turn, state: "stopped" } : turn,
  );
  return { ...conversation, turns };
}
