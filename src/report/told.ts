import type { Analysis } from "../analysis/verdict.ts";
import { sameTarget } from "../domain/alias.ts";
import type { Event, Replayed } from "../release/events.ts";
import { noticeSentence, reasonSentence, ruleName } from "./sentences.ts";
import { verdictSentence } from "./verdict-sentence.ts";

/** The verdict of one rule, in words. */
export interface ToldAnalysis extends Omit<Analysis, "guard" | "reason"> {
  /** A guard as the user wrote it, or what the rule is about. */
  readonly rule: string;
  /** The guard's place in the list; null for another rule. */
  readonly place: number | null;
  readonly reason: string;
}

/** An event whose reasons are in words: all that reports know. */
export type ToldEvent = Event<ToldAnalysis, string, string>;
export type ToldReplay = Replayed<ToldAnalysis>;

/** Puts the reasons of an event in words. */
export function inWords(event: Event): ToldEvent {
  switch (event.kind) {
    case "noted":
    case "warned":
      return { ...event, text: noticeSentence(event.text) };
    case "held":
      return { ...event, lacks: reasonSentence(event.lacks) };
    case "judged":
      return { ...event, analyses: event.analyses.map(toldAnalysis) };
    case "replayed":
      return { ...event, rows: event.rows.map((row) => ({ ...row, analysis: toldAnalysis(row.analysis) })) };
    case "turned-back":
    case "stranded":
    case "ended":
      return { ...event, reason: reasonSentence(event.reason) };
    case "started":
    case "chapter":
    case "forecast":
    case "checked":
    case "prepared":
    case "shifted":
    case "promoted":
    case "serving":
      return event;
  }
}

function toldAnalysis(analysis: Analysis): ToldAnalysis {
  const { guard, ...rest } = analysis;
  return { ...rest, rule: ruleName(analysis), place: guard?.place ?? null, reason: verdictSentence(analysis) };
}

/** True if both are about the same rule and the same function. */
export function isSameRule(a: ToldAnalysis, b: ToldAnalysis): boolean {
  if (a.kind !== b.kind || a.place !== b.place) return false;
  return a.target === null || b.target === null ? a.target === b.target : sameTarget(a.target, b.target);
}
