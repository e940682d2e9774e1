import { formatDuration } from "../domain/time.ts";
import { clock } from "./clock.ts";
import { table } from "./markdown.ts";
import type { StepStory } from "./story.ts";

/** More columns don't fit side by side. */
const COLUMNS = 7;

/** The plan's steps side by side, as a Markdown table. Of a long plan, only those around the current step. */
export function planBar(steps: readonly StepStory[]): string {
  const columns = window(steps);
  return table(
    columns.map(([head]) => head),
    columns.map(() => "center"),
    [columns.map(([, times]) => times)],
  );
}

type Column = readonly [head: string, times: string];

function window(steps: readonly StepStory[]): readonly Column[] {
  if (steps.length <= COLUMNS) return steps.map(column);
  const width = COLUMNS - 2;
  const latest = steps.findLastIndex(({ state }) => state !== "ahead");
  const last = steps.length - width;
  const wanted = Math.min(Math.max(0, latest - 2), last);
  // A single step is shown: folding it would save nothing.
  const from = wanted === 1 ? 0 : wanted === last - 1 ? last : wanted;
  const before = steps.slice(0, from);
  const behind = steps.slice(from + width);
  return [
    ...(before.length > 0 ? [folded("✓", before)] : []),
    ...steps.slice(from, from + width).map(column),
    ...(behind.length > 0 ? [folded("·", behind)] : []),
  ];
}

function folded(symbol: string, steps: readonly StepStory[]): Column {
  const [first = "", last = ""] = [steps[0], steps.at(-1)].map((step) => (step === undefined ? "" : nameOf(step)));
  return [`${symbol} ${first} – ${last}`, `${steps.length} steps`];
}

function nameOf({ weight }: StepStory): string {
  return weight === 100 ? "promote" : `${weight} %`;
}

function column(step: StepStory): Column {
  const { bake, state, since, until, orSooner } = step;
  const name = nameOf(step);
  const from = since === null ? "" : clock(since);
  const to = until === null ? "" : clock(until);
  switch (state) {
    case "ahead":
      return [`· ${name}`, bake > 0 ? formatDuration(bake) : ""];
    case "at-hand":
      return [`► **${name}**`, to === "" ? from : `${from} → ${to}${orSooner ? " or sooner" : ""}`];
    case "done":
      return [`✓ ${name}`, to === "" || to === from ? from : `${from} – ${to}`];
    case "stopped":
      return [`✗ **${name}**`, to === "" || to === from ? from : `${from} – ${to}`];
  }
}
