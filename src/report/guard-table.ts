import { rate } from "../analysis/counts.ts";
import { type Figure, VERDICTS } from "../analysis/verdict.ts";
import { formatCount, formatMeasure, formatShare } from "../domain/format.ts";
import type { Duration } from "../domain/time.ts";
import type { Scope, Unit } from "../guards/signals.ts";
import { type CommentBudget, cut, within } from "./comment-budget.ts";
import { code, paragraphs, prose, table } from "./markdown.ts";
import { inTime, timeToCome } from "./outlook.ts";
import { clip } from "./plain.ts";
import { type Row, releasedOf, type Story } from "./story.ts";
import { VERDICT_SYMBOLS } from "./symbols.ts";
import type { ToldAnalysis } from "./told.ts";

/** A version is a number, so it is never longer. */
const LONGEST_VERSION = 12;

/** One row per guard and function: both versions' figures, the limit, when it is shown, the verdict. */
export function guardTable(story: Story, budget: CommentBudget): string {
  const { rows } = story;
  if (rows.length === 0) return awaited(story, budget);
  const { kept, left } = cut(budget, worstFirst(rows), "verdicts were");
  const inOrder = rows.filter((row) => kept.includes(row));
  const isFleet = story.members.length > 1;
  const [only] = releasedOf(story);
  const named = (side: string, version: string | null | undefined) =>
    isFleet || !version ? side : `${side}&nbsp;${prose(clip(version, LONGEST_VERSION))}`;
  const head = [
    "Guard",
    named("Baseline", only?.baseline),
    named("Canary", only?.canary),
    "Allowed<br>up to",
    "Shown&nbsp;to&nbsp;be<br>as&nbsp;good",
    "Verdict",
  ];
  const cells = inOrder.map((row) => {
    const about = row.analysis.target === null ? "all" : code(within(budget, row.analysis.target.function));
    return isFleet ? [about, ...guardCells(story, row, budget)] : guardCells(story, row, budget);
  });
  const text = isFleet
    ? table(["Function", ...head], ["left", "left", "center", "center", "center", "center", "left"], cells)
    : table(head, ["left", "center", "center", "center", "center", "left"], cells);
  return paragraphs(text, left);
}

function guardCells(story: Story, { analysis }: Row, budget: CommentBudget): readonly string[] {
  const { rule, verdict, reason, figures } = analysis;
  const name = code(within(budget, rule));
  const word = `${VERDICT_SYMBOLS[verdict]}&nbsp;${verdict}`;
  if (figures === null) return [`${name}<br><sub>${prose(within(budget, reason))}</sub>`, "", "", "", "", word];
  const { baseline, canary, allowed, scope, unit, slow } = figures;
  const percentile = slow?.percentile;
  const told =
    percentile === undefined
      ? [
          baseline === null ? "" : `${measured(baseline, unit)}${over(slow?.baseline)}`,
          `${canary === null ? "nothing&nbsp;yet" : measured(canary, unit)}${over(slow?.canary)}${WHOSE[scope]}`,
          formatMeasure(allowed, unit),
        ]
      : [
          percentile.baseline === null ? "" : formatMeasure(percentile.baseline, "ms"),
          formatMeasure(percentile.canary, "ms"),
          formatMeasure(percentile.allowed, "ms"),
        ];
  return [
    wasBeforePromotion(story, analysis) ? `${name}<br><sub>as last judged, before the promotion</sub>` : name,
    ...told,
    shown(story, analysis),
    word,
  ];
}

/** Whether a comparison has shown the canary to be as good, or when it will. */
function shown({ state }: Story, { kind, verdict, outlook }: ToldAnalysis): string {
  if (kind !== "comparison") return "";
  switch (verdict) {
    case "pass":
      return "yes";
    case "fail":
      return "no,&nbsp;worse";
    case "inconclusive":
    case "error":
      break;
  }
  if (state.kind !== "ended") return outlook === undefined ? "not yet" : timeToCome(outlook);
  if (outlook === undefined) return "no";
  return outlook.left === null ? "takes many hours" : `takes about ${inTime(outlook.lasted + outlook.left)}`;
}

/** The duration above which a call counts as slow. */
function over(bound: Duration | null | undefined): string {
  return bound === null || bound === undefined
    ? ""
    : `<br><sub>over&nbsp;${formatMeasure(bound, "ms").replace(" ", "&nbsp;")}</sub>`;
}

/** Not every signal is measured per version. */
const WHOSE: Readonly<Record<Scope, string>> = {
  version: "",
  alias: "<br><sub>of&nbsp;the&nbsp;alias</sub>",
  function: "<br><sub>of&nbsp;the&nbsp;function</sub>",
  metric: "<br><sub>of&nbsp;all&nbsp;versions</sub>",
};

/** After the promotion there is no baseline to compare with, so a comparison keeps its last verdict. */
function wasBeforePromotion(story: Story, { kind }: ToldAnalysis): boolean {
  return story.state.kind === "promoted" && kind === "comparison";
}

function measured(figure: Figure, unit: Unit): string {
  if (!("calls" in figure)) return formatMeasure(figure.value, unit);
  const { calls, failures } = figure;
  if (calls + failures === 0) return "no calls";
  // A failed init is an error without an invocation.
  const of = Math.max(calls, failures);
  return `${formatShare(rate(figure))}<br><sub>${formatCount(failures)} of ${formatCount(of)}</sub>`;
}

function worstFirst(rows: readonly Row[]): readonly Row[] {
  const rank = ({ analysis }: Row) => VERDICTS.indexOf(analysis.verdict);
  return [...rows].sort((a, b) => rank(b) - rank(a));
}

/** Before the first look: the names of the guards, so that people see what will be watched. */
function awaited({ guards, state }: Story, budget: CommentBudget): string {
  if (guards.length === 0 || (state.kind !== "ready" && state.kind !== "baking" && state.kind !== "preparing"))
    return "";
  const { kept, left } = cut(budget, guards, "guards are");
  const text = table(
    ["Guard", "Verdict"],
    ["left", "left"],
    kept.map((guard) => [code(within(budget, guard.text)), "· nothing measured yet"]),
  );
  return paragraphs(text, left);
}
