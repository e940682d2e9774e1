import { nameOf, type Target } from "../domain/alias.ts";
import { fingerprint } from "../domain/fingerprint.ts";
import { formatDuration } from "../domain/time.ts";
import type { ForecastTold } from "../forecast/suggested-plan.ts";
import { advice } from "./advice.ts";
import { weightBar } from "./bars.ts";
import { clock, clockToTheSecond, dayAndClock } from "./clock.ts";
import { COMMENT_BUDGETS, type CommentBudget, cut, within } from "./comment-budget.ts";
import { checkList, forecastTable, replayTable } from "./forecast-table.ts";
import { functionTable } from "./function-table.ts";
import { guardTable } from "./guard-table.ts";
import { headline } from "./headline.ts";
import { box, bullets, code, commandBlock, link, paragraphs, prose } from "./markdown.ts";
import { stillToCome, wouldHaveTaken } from "./outlook.ts";
import { plain } from "./plain.ts";
import { planBar } from "./plan-bar.ts";
import { servingSummary } from "./serving-summary.ts";
import { needsSomebody, type Story, stepsOf, strandedOf, weightNow } from "./story.ts";

/**
 * Identifies one release's comment among others on the same pull request. A workflow may release the same functions in
 * several Regions, and in several environments: each has a job of its own, or an account.
 */
export interface CommentKey {
  readonly targets: readonly Target[];
  readonly workflow: string;
  readonly job: string;
  /** Null while unknown. */
  readonly region: string | null;
  /** Null while unknown. */
  readonly account: string | null;
}

/** Links for the reader; null if there is none. */
export interface Links {
  readonly run: string | null;
  readonly rollback: string | null;
}

/** GitHub refuses a comment of 65,536 bytes. Observed: "Body is too long (maximum is 65536 characters)". */
const LIMIT = 65_000;
/** A longer command is left out: half a command would be dangerous. */
const LONGEST_COMMAND = 1_500;

/** The hidden first line by which a later run finds the comment again. */
export function marker({ targets, workflow, job, region, account }: CommentKey): string {
  const names = targets.map(nameOf).sort();
  // Everybody can read the marker: a longer fingerprint would give away the account to whoever tries them all.
  const hint = account === null ? null : fingerprint(account).slice(0, 3);
  return `<!-- lambda-canary ${fingerprint(JSON.stringify([workflow, job, names, region, hint]))} -->`;
}

/** The comment on the pull request, which is also the job summary. */
export function renderComment(story: Story, key: CommentKey, links: Links): string {
  let text = "";
  for (const budget of COMMENT_BUDGETS) {
    text = `${marker(key)}\n${body(story, key, links, budget)}\n`;
    if (new TextEncoder().encode(text).length <= LIMIT) break;
  }
  return text;
}

function body(story: Story, key: CommentKey, links: Links, budget: CommentBudget): string {
  const { symbol, subject, words } = headline(story);
  const isFleet = story.members.length > 1;
  const where = key.region === null ? "" : ` in ${prose(key.region)}`;
  return paragraphs(
    `### ${symbol} ${prose(within(budget, subject))}${where} · ${prose(within(budget, words))}`,
    ...summit(story, budget),
    story.shifts.length > 0 || story.state.kind !== "ended" ? planBar(stepsOf(story)) : "",
    story.forecast !== null && isPlanned(story.forecast) ? forecastTable(story.forecast, budget) : "",
    checkList(story.checks, budget),
    story.replayed.length > 0 ? replayTable(story.replayed, budget) : "",
    isFleet ? functionTable(story, budget) : "",
    guardTable(story, budget),
    warnings(story, budget),
    details(story, budget),
    footer(story, key, links, budget),
  );
}

/**
 * Where the traffic is. While rolling back and at the end, also why, and what to do. Urgent cases are in a coloured
 * box.
 */
function summit(story: Story, budget: CommentBudget): readonly string[] {
  const { state } = story;
  const stands = prose(within(budget, servingSummary(story)));
  const next = advice(story);
  const stranded = strandedOf(story);
  const reason = state.kind === "ended" || state.kind === "rolling-back" ? prose(within(budget, state.reason)) : "";
  const told = [`**${stands}**`, reason, next === null ? "" : prose(within(budget, next))];

  if (stranded.length > 0) {
    const { kept, left } = cut(budget, stranded, "commands are");
    const cries = kept.flatMap((each) => [
      plain(each.command).length <= LONGEST_COMMAND
        ? commandBlock(each.command)
        : "The command is too long for a comment: the log has it.",
      // As code: in prose, a name and the colon after it could turn into an emoji.
      `${code(within(budget, nameOf(each.target)))}: ${prose(within(budget, each.reason))}`,
    ]);
    const lines = [`**${stands}**`, prose(within(budget, next ?? "")), ...cries, left, reason];
    return [box("CAUTION", paragraphs(...lines))];
  }
  switch (state.kind) {
    case "preparing":
    case "ready":
      return [stands];
    case "baking":
    case "promoted":
      return [`${code(weightBar(weightNow(story)))} ${stands}`];
    case "rolling-back":
      return [box("WARNING", paragraphs(...told))];
    case "ended":
      break;
  }
  switch (state.outcome) {
    case "promoted":
      return needsSomebody(story) ? [box("WARNING", paragraphs(...told))] : told;
    case "rolled-back":
      return story.aRollbackIs === "the aim" ? told : [box("NOTE", paragraphs(...told))];
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return told;
    case "superseded":
    case "failed":
      return [box(needsSomebody(story) ? "CAUTION" : "NOTE", paragraphs(...told))];
  }
}

function warnings({ warnings: all }: Story, budget: CommentBudget): string {
  const { kept, left } = cut(budget, all, "warnings are");
  return bullets(...kept.map((text) => `⚠️ ${prose(within(budget, text))}`), left);
}

/** True if a plan was asked for: then the forecast is what this is about. */
function isPlanned({ wish }: ForecastTold): boolean {
  return wish !== null;
}

/** The notes, and the sentence of every verdict. */
function details({ rows, notes, forecast, state }: Story, budget: CommentBudget): string {
  const sentences = cut(
    budget,
    rows.filter(({ analysis }) => analysis.figures !== null),
    "sentences are",
  );
  const noted = cut(budget, notes, "notes are");
  const list = bullets(
    ...noted.kept.map(({ at, text }) => `${clock(at)} ${prose(within(budget, text))}`),
    ...sentences.kept.map(({ at, analysis }) => {
      const { rule, target, reason } = analysis;
      const about = target === null ? "" : ` (${prose(within(budget, target.function))})`;
      const time = state.kind === "ended" ? wouldHaveTaken(analysis) : stillToCome(analysis);
      return `${clock(at)} ${code(within(budget, rule))}${about}: ${prose(within(budget, `${reason}${time}`))}`;
    }),
    noted.left,
    sentences.left,
  );
  const expected = forecast === null || isPlanned(forecast) ? "" : forecastTable(forecast, budget);
  const text = paragraphs(expected, list);
  return text === "" ? "" : paragraphs("<details><summary>Details</summary>", text, "</details>");
}

function footer(story: Story, { job }: CommentKey, links: Links, budget: CommentBudget): string {
  const { startedAt, asOf, state } = story;
  const parts: string[] = [];
  if (startedAt !== null && asOf !== null) {
    const lasted = formatDuration(asOf - startedAt);
    const last = state.kind === "ended" ? `took ${lasted}` : `as of ${clockToTheSecond(asOf)}, after ${lasted}`;
    parts.push(`Started ${dayAndClock(startedAt)} UTC, ${last}`);
  }
  if (job !== "") parts.push(`job ${code(within(budget, job))}`);
  if (links.run !== null) parts.push(link("run and log", links.run));
  if (links.rollback !== null && canBeRolledBack(story)) parts.push(link("roll back by hand", links.rollback));
  return parts.length === 0 ? "" : `<sub>${parts.join(" · ")}</sub>`;
}

/** True while a canary has traffic, or may have. */
function canBeRolledBack(story: Story): boolean {
  const { state } = story;
  if (strandedOf(story).length > 0) return true;
  return state.kind === "ended" ? state.outcome === "promoted" : story.shifts.length > 0;
}
