import type { Late, OddShare } from "../analysis/reason.ts";
import type { Analysis } from "../analysis/verdict.ts";
import { describeMove, describeRouting, nameOf, type Routing, type Target } from "../domain/alias.ts";
import { LONGER_CREDENTIALS } from "../domain/credentials.ts";
import { formatCount, formatList, formatShare } from "../domain/format.ts";
import { formatDuration, formatInstant, formatTime, soFar } from "../domain/time.ts";
import type { ExternalChange } from "../release/external-change.ts";
import type { Aftermath, CallsMoving, Confidence, Few, Notice, Reason, Why } from "../release/reason.ts";
import { stillToCome, wouldHaveTaken } from "./outlook.ts";
import { verdictSentence } from "./verdict-sentence.ts";

/** A reason in words: one sentence, or several. */
export function reasonSentence(reason: Reason): string {
  switch (reason.kind) {
    case "text":
      return reason.text;
    case "all":
      return reason.reasons.map(reasonSentence).join("; ");
    case "list":
      return formatList(reason.reasons.map(reasonSentence));
    case "judged":
      return analysisSentence(reason.analysis);
    case "unreadable": {
      const { lasted, analysis } = reason;
      return `the metrics could not be read for ${formatDuration(lasted)}: ${verdictSentence(analysis)}`;
    }
    case "inconclusive":
      return `the step stayed inconclusive: ${reasonSentence(reason.lacks)}`;
    case "late":
      return lateSentence(reason);
    case "few-calls": {
      const had = formatList(reason.had.map((each) => `${each.function} ${formatCount(each.calls)}`));
      return `min-invocations asks for ${formatCount(reason.needed)} canary calls, counted so far: ${had}`;
    }
    case "no-calls":
      return `no canary calls in this step: ${formatList(reason.functions)}`;
    case "external-change":
      return changeSentence(reason);
    case "write-stopped":
      return "a write was stopped before it was confirmed";
    case "credentials-expired":
      return `the AWS credentials expired during the release: ${reason.error}`;
    case "credentials-expire": {
      const end = formatInstant(reason.at);
      return `the AWS credentials expire at ${end}, and after that nothing could be rolled back: ${LONGER_CREDENTIALS}`;
    }
    case "not-arrived": {
      const waited = formatDuration(reason.waited);
      return `the promotion had not taken effect after ${waited}: ${arrivalSentence(reason)}`;
    }
    case "unexpected":
      return `the action hit an unexpected error: ${reason.error}`;
    case "stuck": {
      const because = reasonSentence(reason.because);
      return `${reasonSentence(reason.error)}; the release had to be rolled back because ${because}`;
    }
    case "stranded":
      return `${names(reason.targets)} could not be put back on the baseline: run the command given for it now`;
    case "nothing-shifted":
      return `nothing was shifted: ${reasonSentence(reason.because)}`;
    case "unseen-callers":
      return `${reasonSentence(reason.because)}. What to look at: ${reason.callers}`;
    case "promoted": {
      const { changes, confidence } = reason;
      const what = formatList(changes.map((each) => `${each.function} ${each.canary}`));
      const serve = changes.length === 1 ? "serves" : "serve";
      const sides = sidesOf(changes);
      return `${what} ${serve} all traffic; ${confidenceSentence(confidence, sides)}`;
    }
    case "cancelled-before":
      return `${reason.how}; no traffic was shifted`;
    case "unchanged":
      return reason.version === null
        ? `${names(reason.targets)}: nothing has changed since the current version was published`
        : `${names(reason.targets)} already serves version ${reason.version}`;
    case "created":
      return `${names(reason.targets)} did not exist and was created at the new version: there was nothing to compare it with`;
    case "killed": {
      const { places, ends } = reason;
      const at = places.length === 0 ? "" : `, at ${formatList(places)}`;
      const told = ends.map(({ outcome, targets }) => `${targets.map(nameOf).join(", ")} ${AFTERMATH[outcome]}`);
      return [`the step was killed or failed during the release${at}`, ...told].join("; ");
    }
    case "healing-stopped":
      return "the healing was cancelled";
    case "unknown-state":
      return `its state after the step is unknown: ${reason.error}`;
    case "settled":
      return settledSentence(reason);
    case "off-course": {
      const { target, to, routing } = reason;
      const what = `${nameOf(target)} was changed by someone else during the rollback to ${to}`;
      const remedy = 'find out who did it; to go on, run the rollback again with the input "version"';
      return `${what}. It serves ${describeRouting(routing)} now and was left alone: ${remedy}`;
    }
    case "goes-back": {
      const { target, from, to, why } = reason;
      return `${nameOf(target)} goes back from ${from} to ${to}: ${whySentence(why)}`;
    }
    case "would-have-failed": {
      const { at, lasted, since, analysis } = reason;
      const start = since === "the beginning" ? since : `the first call of version ${since}`;
      const when = `${formatInstant(at)}, ${formatDuration(lasted)} after ${start}`;
      return `the release would have been rolled back at ${when}: ${analysisSentence(analysis)}`;
    }
    case "would-have-held": {
      const { guards, mute } = reason;
      const [first] = mute;
      const length = formatDuration(reason.length);
      if (first !== undefined && mute.length === guards) {
        return `no guard could have shown anything in this time (${length}): ${analysisSentence(first)}`;
      }
      const but = first === undefined ? "" : `; ${mute.length} of ${guards} guards could have shown nothing`;
      return `no guard would have fired in this time (${length})${but}`;
    }
    case "planned":
      return `nothing was changed; ${reason.findings.join("; ") || "everything that could be checked is in place"}`;
  }
}

/** What people are told by the way, in words. */
export function noticeSentence(notice: Notice): string {
  if (typeof notice === "string") return notice;
  switch (notice.kind) {
    case "odd-share":
      return oddShareSentence(notice);
    case "over-before": {
      const after = "It was so before the release, so this guard counts once it has been within its limit";
      return `${analysisSentence(notice.analysis)}. ${after}`;
    }
    case "moving":
      return movesSentence([notice]);
    case "arriving":
      return `waiting for the promotion to take effect${soFar(notice.waited)}: ${arrivalSentence(notice)}`;
  }
}

/** A rule's name for people: a guard as the user wrote it. */
export function ruleName({ guard, kind }: Pick<Analysis, "guard" | "kind">): string {
  return guard?.text ?? kind;
}

/** `error-rate <= 1% (checkout): 12 of 480 …`. */
function analysisSentence(analysis: Analysis): string {
  return `${saying(analysis)}${stillToCome(analysis)}`;
}

function saying(analysis: Analysis): string {
  const about = analysis.target === null ? "" : ` (${analysis.target.function})`;
  return `${ruleName(analysis)}${about}: ${verdictSentence(analysis)}`;
}

function names(targets: readonly Target[]): string {
  return formatList(targets.map(nameOf));
}

function movesSentence(moves: readonly CallsMoving[]): string {
  return moves.map(({ target, from, to }) => describeMove(target, from, to)).join("; ");
}

function arrivalSentence({
  moves,
  unreadable,
}: Extract<Reason, { kind: "not-arrived" }> | Extract<Notice, { kind: "arriving" }>): string {
  return [movesSentence(moves), ...unreadable.map(verdictSentence)].join("; ");
}

function lateSentence({ target, of, shownUntil }: Late): string {
  const whose =
    of === "function" ? target.function : of === "alias" ? nameOf(target) : `version ${of} of ${target.function}`;
  const what = `calls of ${whose}`;
  return `CloudWatch shows ${what} only up to ${formatTime(shownUntil)}: its figures are late`;
}

function oddShareSentence({ target, canary, share, ofAlias, ofCanary }: OddShare): string {
  const expected = formatCount(Math.round(ofAlias * share));
  return (
    `${nameOf(target)}: version ${canary} had ${formatCount(ofCanary)} of ${formatCount(ofAlias)} calls, but at ` +
    `${formatShare(share)} it should be about ${expected}. Likely causes: an event source that sends ` +
    "few, large batches, an alias update that hasn't reached all of Lambda yet, or calls that hang and show only when they time out"
  );
}

/** What to call the versions: a number for a single function. */
interface Sides {
  readonly it: string;
  readonly is: string;
  readonly baseline: string;
}

function sidesOf(changes: Extract<Reason, { kind: "promoted" }>["changes"]): Sides {
  const [only] = changes;
  return changes.length === 1 && only !== undefined
    ? { it: "it", is: "it is", baseline: `version ${only.baseline}` }
    : { it: "them", is: "they are", baseline: "the versions before" };
}

function confidenceSentence(confidence: Confidence, { it, is, baseline }: Sides): string {
  switch (confidence.kind) {
    case "shown": {
      const { unjudged } = confidence;
      const but = unjudged.count === 0 ? "" : `; not judged: ${fewSentence(unjudged)}`;
      return `every comparison with ${baseline} has shown ${it} to be as good, within its tolerance${but}`;
    }
    case "unopposed":
      return `nothing spoke against ${it}: ${fewSentence(confidence.open)}`;
    case "unjudged": {
      const { lacks, unjudged } = confidence;
      if (lacks === null) return `whether ${is} as good as ${baseline} could not be judged: ${fewSentence(unjudged)}`;
      const others = unjudged.count === 0 ? "" : `; not judged either: ${fewSentence(unjudged)}`;
      return `${LACKING[lacks]}${others}`;
    }
  }
}

const LACKING: Readonly<Record<"guard" | "comparison" | "step", string>> = {
  guard: "there was no guard, so nothing was judged",
  comparison: "no guard failed, but none compares the versions",
  step: "the plan has no step in which both versions run, so they could not be compared",
};

/** What some rules said last, and how long it would have taken to be sure. */
function fewSentence({ some, count }: Few): string {
  const told = some.map((analysis) => `${saying(analysis)}${wouldHaveTaken(analysis)}`).join("; ");
  return count > some.length ? `${told}; and ${count - some.length} more` : told;
}

/** How to stop the tool that most often changes aliases. */
const KEEP_OFF =
  "If it was Terraform, tell it to leave these to the releases: " +
  "lifecycle { ignore_changes = [function_version, routing_config, description] }";

/** Who changed an alias, what they changed, and how to prevent it. */
function changeSentence(change: ExternalChange): string {
  const name = nameOf(change.target);
  switch (change.what) {
    case "deleted":
      return `${name} was deleted by someone else`;
    case "text": {
      const what = `the description of ${name}, where the release keeps its record, was edited by someone else`;
      return `${what}: its traffic goes back to version ${change.baseline}, and their text stays. ${KEEP_OFF}`;
    }
    case "released": {
      const { run, back } = change;
      const by = run === null ? "another job of this run" : `run ${run}`;
      const what = back === null ? "changed" : `rolled back from ${back.from} to ${back.to}`;
      return `${name} was ${what} by ${by} and ${leftAlone(change.routing)}`;
    }
    case "changed": {
      const changed = whatChanged(change.was, change.routing, change.isTextNew);
      return `${name} was changed by someone else and ${leftAlone(change.routing)}. What they changed: ${changed}. ${KEEP_OFF}`;
    }
  }
}

function leftAlone(routing: Routing): string {
  return `serves ${describeRouting(routing)} now; it was left alone`;
}

function whatChanged(old: Routing, now: Routing, isTextNew: boolean): string {
  return formatList([
    ...(old.primary === now.primary ? [] : [`its version (from ${old.primary} to ${now.primary})`]),
    ...(weights(old) === weights(now) ? [] : [`its weights (from ${weights(old)} to ${weights(now)})`]),
    ...(isTextNew ? ["its description, where the release keeps its record"] : []),
  ]);
}

function weights({ additional }: Routing): string {
  return additional === null ? "none" : `${additional.weight} % for ${additional.version}`;
}

const AFTERMATH: Readonly<Record<Aftermath, string>> = {
  failed: "could not be put back on the baseline: run the command given for it now",
  superseded: "was changed by someone else in the meantime and was left alone",
  "rolled-back": "is back on the baseline",
  untouched: "serves the baseline",
};

function settledSentence({ target, routing, movingFrom, by }: Extract<Reason, { kind: "settled" }>): string {
  const serves = `${nameOf(target)} serves ${describeRouting(routing)} ${by === "now" ? "again" : "already"}`;
  const yet = movingFrom === null ? "" : `, but ${describeMove(target, movingFrom, routing.primary)}`;
  const further = 'an earlier rollback put it there. To go further back, name a version in the input "version"';
  return `${serves}${yet}${by === "earlier" ? `: ${further}` : ""}`;
}

function whySentence(why: Why): string {
  switch (why.kind) {
    case "asked":
      return why.isNewer
        ? "you asked for that version, though it is newer and was not judged"
        : "you asked for that version";
    case "release-under-way":
      return "a release was under way";
    case "had-weight":
      return `${why.version} was getting ${why.weight} % of the calls`;
    case "before-release":
      return `it served before run ${why.run} started to release ${why.version}`;
    case "before-promotion":
      return `it served before run ${why.run} promoted ${why.version}`;
    case "still-moving":
      return `Lambda was still moving the calls from ${why.from} to ${why.to}`;
    case "next-lower":
      return `no record says which version served before, so this is the highest one below ${why.below}`;
  }
}
