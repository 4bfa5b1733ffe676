/** How a run ended: a sentence with what may be done next. Nothing here knows the editor. */
import type { RunProgress, RunStory } from "../protocol";

/** A button, and the command it runs. */
export interface Choice {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

export interface Ending {
  readonly message: string;
  readonly level: "information" | "error";
  readonly choices: readonly Choice[];
}

/** The words; `story` has the gate's verdict on a run that has finished. */
export function ending(run: RunProgress, story: RunStory | undefined): Ending {
  const show: Choice = { title: "Show Run", command: "codeanvil.showRuns", arguments: [run.run] };
  const resume: Choice = { title: "Resume", command: "codeanvil.resumeTraining", arguments: [run.run] };
  switch (run.state) {
    case "finished":
      return finished(run, story);
    case "stopped":
      return {
        message: `CodeAnvil stopped training at step ${run.step}. It can go on from there.`,
        level: "information",
        choices: [resume, show],
      };
    case "crashed":
      return { message: "The training process ended unexpectedly.", level: "error", choices: [resume, show] };
    default:
      return { message: `Training failed. ${run.text}`.trim(), level: "error", choices: [show, resume] };
  }
}

function finished(run: RunProgress, story: RunStory | undefined): Ending {
  const gate = story?.gate;
  const compared = gate?.against ? [run.run, gate.against] : [run.run];
  const compare: Choice = { title: "Compare", command: "codeanvil.showRuns", arguments: compared };
  if (!gate) {
    return { message: "CodeAnvil has finished training.", level: "information", choices: [compare] };
  }
  const ask: Choice = { title: "Ask", command: "codeanvil.askQuestion", arguments: [] };
  const rollBack: Choice = { title: "Roll Back", command: "codeanvil.rollBackModel", arguments: [] };
  return gate.promoted
    ? {
        message: `CodeAnvil has finished training, and the new model is in use. ${gate.why}`,
        level: "information",
        choices: [compare, rollBack, ask],
      }
    : {
        message: `CodeAnvil has finished training; the new model is not put to use. ${gate.why}`,
        level: "information",
        choices: [compare, ask],
      };
}
