import type { Late, OddShare } from "../analysis/reason.ts";
import type { Analysis } from "../analysis/verdict.ts";
import type { Percent, Routing, Target, Version } from "../domain/alias.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { ExternalChange } from "./external-change.ts";

/** Why a release waits, is rolled back or ends as it does. Only data: `src/report` has the words. */
export type Reason =
  /** Somebody else's words: an error's, AWS's, the runner's. */
  | { readonly kind: "text"; readonly text: string }
  /** Several, the most important first. */
  | { readonly kind: "all"; readonly reasons: readonly Reason[] }
  /** Several alike: `a, b and c`. */
  | { readonly kind: "list"; readonly reasons: readonly Reason[] }
  | { readonly kind: "judged"; readonly analysis: Analysis }
  | { readonly kind: "unreadable"; readonly lasted: Duration; readonly analysis: Analysis }
  | { readonly kind: "inconclusive"; readonly lacks: Reason }
  | Late
  /** The calls that each canary had, and how many it needs. */
  | { readonly kind: "few-calls"; readonly had: readonly CallsOf[]; readonly needed: number }
  | { readonly kind: "no-calls"; readonly functions: readonly string[] }
  | ExternalChange
  | { readonly kind: "write-stopped" }
  | { readonly kind: "credentials-expired"; readonly error: string }
  | { readonly kind: "credentials-expire"; readonly at: Instant }
  | ({ readonly kind: "not-arrived" } & Arrival)
  | { readonly kind: "unexpected"; readonly error: string }
  /** A rollback that failed, and why there had to be one. */
  | { readonly kind: "stuck"; readonly error: Reason; readonly because: Reason }
  | { readonly kind: "stranded"; readonly targets: readonly Target[] }
  | { readonly kind: "nothing-shifted"; readonly because: Reason }
  /** A rollback since no calls could be seen, and who calls the function, in a sentence. */
  | { readonly kind: "unseen-callers"; readonly because: Reason; readonly callers: string }
  | {
      readonly kind: "promoted";
      readonly changes: readonly { readonly function: string; readonly canary: Version; readonly baseline: Version }[];
      readonly confidence: Confidence;
    }
  /** Cancelled before the first shift. */
  | { readonly kind: "cancelled-before"; readonly how: string }
  /** `version` is the one that was named; null if none was. */
  | { readonly kind: "unchanged"; readonly targets: readonly Target[]; readonly version: Version | null }
  | { readonly kind: "created"; readonly targets: readonly Target[] }
  /** Main was killed. `places` are how far the release had got. */
  | {
      readonly kind: "killed";
      readonly places: readonly string[];
      readonly ends: readonly { readonly outcome: Aftermath; readonly targets: readonly Target[] }[];
    }
  | { readonly kind: "healing-stopped" }
  /** An alias that could not be read after main was killed. */
  | { readonly kind: "unknown-state"; readonly error: string }
  /** How a rollback by hand left an alias; `movingFrom` is null if its calls are where it points. */
  | {
      readonly kind: "settled";
      readonly target: Target;
      readonly routing: Routing;
      readonly movingFrom: Version | null;
      /** Why it was there: as before, put there now, or by an earlier rollback. */
      readonly by: "already" | "now" | "earlier";
    }
  /** Someone else moved the alias during a rollback by hand to `to`. */
  | { readonly kind: "off-course"; readonly target: Target; readonly to: Version; readonly routing: Routing }
  | {
      readonly kind: "goes-back";
      readonly target: Target;
      readonly from: Version;
      readonly to: Version;
      readonly why: Why;
    }
  /** A replay that would have ended with a rollback. `lasted` is counted from the first call of `version`, or the start. */
  | {
      readonly kind: "would-have-failed";
      readonly at: Instant;
      readonly lasted: Duration;
      readonly since: Version | "the beginning";
      readonly analysis: Analysis;
    }
  /** A replay in which no guard failed. `mute` are those, of all `guards`, that had too little data to show anything. */
  | {
      readonly kind: "would-have-held";
      readonly length: Duration;
      readonly guards: number;
      readonly mute: readonly Analysis[];
    }
  /** What a plan is missing. */
  | { readonly kind: "planned"; readonly findings: readonly string[] };

/** How an alias is found after main was killed; "untouched" if it serves what it did before. */
export type Aftermath = "failed" | "superseded" | "rolled-back" | "untouched";

/** Why a rollback by hand goes back to a version. */
export type Why =
  | { readonly kind: "asked"; readonly isNewer: boolean }
  | { readonly kind: "release-under-way" }
  /** No record explains the weight. */
  | { readonly kind: "had-weight"; readonly version: Version; readonly weight: Percent }
  /** It served before a run began to release, or promoted, `version`. */
  | { readonly kind: "before-release" | "before-promotion"; readonly run: string; readonly version: Version }
  | { readonly kind: "still-moving"; readonly from: Version; readonly to: Version }
  /** No record tells: the highest one below. */
  | { readonly kind: "next-lower"; readonly below: Version };

/** What is known of a version that was promoted. */
export type Confidence =
  /** Every comparison has shown it to be as good. `unjudged` are other rules, which could not judge. */
  | { readonly kind: "shown"; readonly unjudged: Few }
  /** All rules could judge, and nothing spoke against it. `open` are the comparisons that have shown nothing. */
  | { readonly kind: "unopposed"; readonly open: Few }
  /** Something could not be judged: what there wasn't, or else the rules that could not. */
  | { readonly kind: "unjudged"; readonly lacks: "guard" | "comparison" | "step" | null; readonly unjudged: Few };

/** The first few of `count` verdicts: nobody reads more sentences. */
export interface Few {
  readonly some: readonly Analysis[];
  readonly count: number;
}

export interface CallsOf {
  readonly function: string;
  readonly calls: number;
}

/** Lambda still sends all calls of an alias to another version than it points to. */
export interface CallsMoving {
  readonly kind: "moving";
  readonly target: Target;
  readonly from: Version;
  readonly to: Version;
}

/** A promotion that hasn't taken effect yet. `unreadable` are the aliases that could not be read at the last look. */
interface Arrival {
  readonly waited: Duration;
  readonly moves: readonly CallsMoving[];
  readonly unreadable: readonly Analysis[];
}

/** What people are told by the way: a sentence, or what one is made of. */
export type Notice =
  | string
  | OddShare
  | CallsMoving
  /** A guard that would have failed before the release. */
  | { readonly kind: "over-before"; readonly analysis: Analysis }
  | ({ readonly kind: "arriving" } & Arrival);

/** Somebody else's words, as a reason. */
export function said(text: string): Reason {
  return { kind: "text", text };
}
