import { formatMistake, type Mistake } from "../domain/mistake.ts";
import { clip, printable } from "./plain.ts";

/** Of a longer line, only the part around the mistake is shown. */
const WIDTH = 160;
const LONGEST = 400;

/** Why nothing was done, and what to fix: several lines, each safe to print. */
export function refusal(mistakes: readonly Mistake[]): string {
  const told = mistakes.map((mistake) => formatMistake(inert(mistake)));
  return `Nothing was called yet. Fix these inputs:\n${told.join("\n")}`;
}

function inert(mistake: Mistake): Mistake {
  const { line, column, length } = mistake;
  const from = line.length <= WIDTH ? 0 : Math.max(0, column - WIDTH / 4);
  const text = line.slice(from, from + WIDTH);
  const shown = `${from > 0 ? "…" : ""}${text}${from + WIDTH < line.length ? "…" : ""}`;
  const at = column - from + (from > 0 ? 1 : 0);
  return {
    ...mistake,
    line: printable(shown),
    column: at,
    length: Math.max(1, Math.min(length, shown.length - at)),
    problem: clip(printable(mistake.problem), LONGEST),
    remedy: clip(printable(mistake.remedy), LONGEST),
  };
}
