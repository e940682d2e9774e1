import { VERDICTS } from "../analysis/verdict.ts";
import { nameOf } from "../domain/alias.ts";
import { formatDuration, type Instant, minuteOf } from "../domain/time.ts";
import { advice } from "./advice.ts";
import { clock, clockToTheSecond } from "./clock.ts";
import { checkLines, forecastLines, replayLines } from "./forecast-table.ts";
import { headline } from "./headline.ts";
import { stillToCome } from "./outlook.ts";
import { clip, plain, printable } from "./plain.ts";
import { sending, servingSummary } from "./serving-summary.ts";
import { advance, needsSomebody, type Story, stepsOf, strandedOf } from "./story.ts";
import { isSameRule, type ToldAnalysis, type ToldEvent } from "./told.ts";

/** One thing to print. No text has a line break, or anything that the runner would take for a command. */
export type LogLine =
  | { readonly kind: "group"; readonly title: string }
  | { readonly kind: "end-group" }
  | { readonly kind: "line"; readonly text: string }
  /** Annotations: GitHub shows them above the log. */
  | { readonly kind: "warning" | "error"; readonly title: string; readonly text: string };

const WIDEST_VERDICT = Math.max(...VERDICTS.map((verdict) => verdict.length));
/** With more rules than this, a look lists only those that fail, can't be read, or have a new verdict. */
const FEW = 4;
/**
 * GitHub's runner keeps 4,096 characters of an annotation
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs). The reason must leave room for
 * what to do.
 */
const LONGEST_ANNOTATION = 4_000;
const LONGEST_REASON = 1_000;
const LONGEST_CAUSE = 500;
const LONGEST_ADVICE = 300;

/** The log's lines for an event. `before` is the story without it. */
export function logLines(event: ToldEvent, before: Story): readonly LogLine[] {
  const story = advance(before, event);
  const line = (text: string): LogLine => ({ kind: "line", text: printable(`${clockToTheSecond(event.at)}  ${text}`) });
  const close: readonly LogLine[] = before.inChapter ? [{ kind: "end-group" }] : [];
  const open = (title: string): readonly LogLine[] => [
    ...close,
    { kind: "group", title: printable(`${clockToTheSecond(event.at)}  ${title}`) },
  ];
  switch (event.kind) {
    case "started": {
      return [line(`${event.traits.doing} ${event.targets.map(nameOf).join(", ")}; all times are UTC`)];
    }
    case "chapter":
      return open(event.title);
    case "noted":
      return [line(event.text)];
    case "warned":
      return [{ kind: "warning", title: printable(headline(story).subject), text: printable(event.text) }];
    case "forecast":
      return forecastLines(event).map(line);
    case "checked":
      return checkLines(event.checks).map(line);
    case "replayed":
      return replayLines(event.rows).map(line);
    case "prepared":
      return event.changes.map(({ target, baseline, canary }) => {
        const [old, next] = [baseline ?? "none", canary ?? "none"];
        const change = story.moves === "forth" ? `baseline ${old}, canary ${next}` : `from ${next} to ${old}`;
        return line(`${nameOf(target)}: ${change}`);
      });
    case "shifted":
      return open(stepTitle(story, event.step));
    case "held":
      return [
        line(`the bake is over; waiting for more data until ${clock(event.until)} at the latest: ${event.lacks}`),
      ];
    case "judged":
      return lookLines(event.analyses, before, event.at).map(line);
    case "promoted":
      return event.until === null
        ? [...close, line(`promoted: ${servingSummary(story)}`)]
        : open(`Promoted: all traffic on the canary, watched until ${clock(event.until)}`);
    case "turned-back":
      return [...close, line(`rolling back: ${event.reason}`)];
    case "serving":
      return [line(sending(event.target, event.routing, event.movingFrom ?? null))];
    case "stranded":
      return [
        ...close,
        line(`!!! ${nameOf(event.target)} COULD NOT BE ROLLED BACK: ${event.reason}`),
        line("!!! heal it by hand, now:"),
        line(`!!!   ${event.command}`),
      ];
    case "ended": {
      const { symbol, subject, words } = headline(story);
      const end = [...close, line(`${symbol} ${subject}: ${words}. ${event.reason}`)];
      return [...end, ...annotation(story, event)];
    }
  }
}

function stepTitle(story: Story, step: number): string {
  const { plan, state } = story;
  const { weight = 0, bake = 0 } = stepsOf(story)[step] ?? {};
  const until = state.kind === "baking" ? ` (${endsAt(state)})` : "";
  return `Step ${step + 1} of ${plan?.steps.length ?? 0}: ${weight} % on the canary for ${formatDuration(bake)}${until}`;
}

function endsAt({ until, orSooner }: Extract<Story["state"], { kind: "baking" }>): string {
  const end = `until ${clock(until)}`;
  return orSooner ? `${end}, or until it is shown to be good` : `${end} at the earliest`;
}

/** There are several looks a minute. The log has those with a new verdict, and the first of each minute. */
function lookLines(
  analyses: readonly ToldAnalysis[],
  { rows, lookedAt, members }: Story,
  at: Instant,
): readonly string[] {
  const isChanged = (analysis: ToldAnalysis) =>
    rows.find((row) => isSameRule(row.analysis, analysis))?.analysis.verdict !== analysis.verdict;
  const isFirstOfItsMinute = lookedAt === null || minuteOf(lookedAt) !== minuteOf(at);
  if (!analyses.some(isChanged) && !isFirstOfItsMinute) return [];

  const isFew = analyses.length <= FEW;
  const isTelling = ({ verdict, figures }: ToldAnalysis) =>
    verdict === "fail" || verdict === "error" || (isFew && figures !== null);
  const told = analyses.filter((analysis) => isTelling(analysis) || isChanged(analysis));
  const lines = told.map((analysis) => lookLine(analysis, members.length > 1));
  return isFew && lines.length > 0 ? lines : [...lines, sumOf(analyses)];
}

function sumOf(analyses: readonly ToldAnalysis[]): string {
  const counts = VERDICTS.map((verdict) => [verdict, analyses.filter((each) => each.verdict === verdict).length]);
  const sum = counts.filter(([, many]) => many !== 0).map(([verdict, many]) => `${many} ${verdict}`);
  return `${"".padEnd(WIDEST_VERDICT)}  verdicts: ${sum.join(", ")}`;
}

function lookLine(analysis: ToldAnalysis, isFleet: boolean): string {
  const { rule, target, verdict, reason } = analysis;
  const about = target === null || !isFleet ? "" : ` (${target.function})`;
  return `${verdict.padEnd(WIDEST_VERDICT)}  ${rule}${about}: ${reason}${stillToCome(analysis)}`;
}

/** At most one: what happened, to what, and what to do now. */
function annotation(story: Story, { outcome, reason }: Extract<ToldEvent, { kind: "ended" }>): readonly LogLine[] {
  const { subject, words } = headline(story);
  const title = printable(`${subject}: ${words}`);
  const why = strandedOf(story)
    .slice(0, 1)
    .map((first) => clip(plain(first.reason), LONGEST_CAUSE));
  const parts = [clip(plain(reason), LONGEST_REASON), ...why, advice(story) ?? "", ...wholeCommands(story)];
  const text = printable(parts.filter((part) => part !== "").join(" — "));
  if (strandedOf(story).length > 0) return [{ kind: "error", title, text }];
  switch (outcome) {
    case "promoted":
      return needsSomebody(story) ? [{ kind: "warning", title, text }] : [];
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return [];
    case "rolled-back":
      if (story.aRollbackIs === "the aim") return [];
      return [{ kind: story.aRollbackIs === "a repair" ? "warning" : "error", title, text }];
    case "superseded":
    case "failed":
      return [{ kind: "error", title, text }];
  }
}

/** As many commands as fit. None is cut off: half a command would be dangerous. */
function wholeCommands(story: Story): readonly string[] {
  const stranded = strandedOf(story).map(({ command }) => plain(command));
  const width = LONGEST_ANNOTATION - LONGEST_REASON - LONGEST_CAUSE - LONGEST_ADVICE;
  const fitting = stranded.filter((_, index) => stranded.slice(0, index + 1).join(" — ").length <= width);
  const more = stranded.length - fitting.length;
  return more === 0 ? fitting : [...fitting, `${more} more commands are in the log`];
}
