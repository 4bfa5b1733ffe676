/** Slash commands: short ways to ask what is asked most. Nothing here knows the editor. */

/** Earlier questions that go along with a new one. */
const MOST_EARLIER = 20;

/** A command as `/name`, what it does, and the question it stands for. */
export interface SlashCommand {
  readonly name: string;
  readonly description: string;
  /** What may follow it; empty where nothing does. */
  readonly argument: string;
  /** The question; `subject` is what follows, else the name at the cursor. */
  readonly question: (subject: string) => string;
}

export const SLASH_COMMANDS: readonly SlashCommand[] = [
  {
    name: "where",
    description: "Where a name is defined",
    argument: "name",
    question: (subject) => `Where is ${subject} defined?`,
  },
  {
    name: "methods",
    description: "The methods of a type",
    argument: "type",
    question: (subject) => `What methods does ${subject} have?`,
  },
  {
    name: "explain",
    description: "What a class or function does",
    argument: "name",
    question: (subject) => `What does ${subject} do?`,
  },
  {
    name: "build",
    description: "How this project is built",
    argument: "",
    question: () => "How is this project built?",
  },
  {
    name: "stale",
    description: "What has changed since the model in use was trained",
    argument: "",
    question: () => "",
  },
];

/** What a typed line asks for; `problem` is a sentence for the user. */
export type Meant =
  | { readonly kind: "question"; readonly question: string }
  | { readonly kind: "stale" }
  | { readonly kind: "problem"; readonly problem: string };

/** What `typed` asks; a command without its name takes `atCursor`, the name in the editor, where there is one. */
export function meaning(typed: string, atCursor?: string): Meant {
  const text = typed.trim();
  const match = /^\/(?<name>\w+)(?:\s+(?<rest>[^]*))?$/.exec(text);
  if (!match?.groups) return { kind: "question", question: text };
  const { name, rest = "" } = match.groups;
  const command = SLASH_COMMANDS.find((each) => each.name === name?.toLowerCase());
  if (!command) {
    const known = SLASH_COMMANDS.map((each) => `/${each.name}`).join(", ");
    return { kind: "problem", problem: `There is no command /${name}; there are ${known}.` };
  }
  if (command.name === "stale") return { kind: "stale" };
  const subject = rest.trim() || (atCursor ?? "");
  if (command.argument && !subject) {
    return {
      kind: "problem",
      problem: `Write a name after /${name}, for example /${name} Parser, or put the cursor on one.`,
    };
  }
  return { kind: "question", question: command.question(subject) };
}

/** The questions that were asked by these typed lines, for a later one that may mean what they named. */
export function questionsOf(typed: readonly string[]): string[] {
  return typed
    .map((each) => meaning(each))
    .flatMap((meant) => (meant.kind === "question" ? [meant.question] : []))
    .slice(-MOST_EARLIER);
}

/** Commands that what is typed so far may become; none once the command is complete. */
export function completions(typed: string): readonly SlashCommand[] {
  const match = /^\/(\w*)$/.exec(typed);
  const start = match?.[1]?.toLowerCase();
  return start === undefined ? [] : SLASH_COMMANDS.filter(({ name }) => name.startsWith(start));
}
