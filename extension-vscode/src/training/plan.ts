/** What a run will do and take, as the dialog before it says it. Nothing here knows the editor. */
import type { TrainingPlan } from "../protocol";
import { duration } from "../statusText";

/** Lines for the dialog: what stands in the way first, then how much of what, then what will happen. */
export function planLines(plan: TrainingPlan): string[] {
  const about = plan.counted ? "" : "about ";
  return [
    ...plan.problems.map(({ problem, remedy }) => `${problem} ${remedy}`),
    `Samples: ${about}${whole(plan.samples)} (${whole(plan.tokens)} tokens in at most ${plan.epochs} epochs).`,
    `Base model: ${plan.base_model}${sizes(plan)}, ${plan.method}, on ${plan.device === "cpu" ? "the CPU" : plan.device}.`,
    ...(plan.weights === "hub" ? [`Download: ${bytes(plan.download_bytes)} from the Hugging Face hub, once.`] : []),
    `Memory: ${needed(plan.memory)}.`,
    `Time: ${time(plan)}.`,
    `Disk: ${needed(plan.disk)}.`,
    "It runs in the background below normal priority and goes on when the window closes. It can be paused and stopped. " +
      "The new model is put to use only if it answers better than the one in use.",
  ];
}

function sizes({ parameters, trainable_parameters: trainable }: TrainingPlan): string {
  if (parameters === null) return "";
  const of = `${millions(parameters)} weights`;
  return trainable === null ? ` (${of})` : ` (${of}, ${millions(trainable)} trained)`;
}

function needed({ needed_bytes: wanted, free_bytes: free }: TrainingPlan["memory"]): string {
  return wanted === null
    ? `not known how much is needed, ${bytes(free)} free`
    : `${bytes(wanted)} of ${bytes(free)} that are free`;
}

function time({ time: { seconds, basis } }: TrainingPlan): string {
  if (seconds === null) return "not known before it has begun";
  const source = basis === "run" ? "as an earlier run here took" : "by a few steps tried on this machine";
  return `about ${duration(seconds)}, ${source}`;
}

function whole(number: number): string {
  return number.toLocaleString("en");
}

function millions(number: number): string {
  return number < 1e9 ? `${(number / 1e6).toFixed(1)} million` : `${(number / 1e9).toFixed(1)} billion`;
}

function bytes(number: number | null): string {
  if (number === null) return "an unknown size";
  return number < 2 ** 30 ? `${Math.max(1, Math.round(number / 2 ** 20))} MB` : `${(number / 2 ** 30).toFixed(1)} GB`;
}
