import { ownText } from "../../../src/domain/alias-record.ts";
import { type Handling, handlingsOf, holderOf, isAmong, isWholeOn, servedBefore } from "./handling.ts";
import { describe, isOpen, type Observed, SOMEBODY, type State } from "./observed.ts";

/** Says what is wrong, if anything, with what a process had to do with an alias. */
type Rule = (handling: Handling, every: readonly Handling[]) => string | false | null | undefined;

/** Signs of a crashed program in what should be words for people. */
const FALLEN = /^\s+at .*:\d+:\d+\)?$|unhandled|uncaught|\[object Object\]|\bundefined\b|\bNaN\b/im;
/** Says that weights are left alone, since somebody removed the record that told whose they are. */
const UNKNOWN = /no release record explains that|someone else changed it at the same time/;

/** The promise: each rule once. */
export const PROMISE: Readonly<Record<string, Rule>> = {
  "every process ends by itself, unless it is killed": ({ name, process }) =>
    process.end === "never" && `${name} never ended`,

  "no process crashes": ({ name, process: { words } }) =>
    FALLEN.test(words) && `${name} printed "${words.split("\n").find((line) => FALLEN.test(line))}"`,

  "every process says what it came to; post only if it found something to do": ({ name, process }) =>
    process.end === "by itself" && process.role !== "post" && process.outcome === null && `${name} says no outcome`,

  "superseded means that somebody else wrote meanwhile": ({ name, process }, every) =>
    process.outcome === "superseded" &&
    !every.some((handling) => handling.process === process && handling.isBeside) &&
    `${name} says superseded, but nobody else wrote`,

  "an alias ends whole, unless its weights are somebody else's, or nobody can know whose they are": (
    { target, all },
    every,
  ) => {
    const last = all.at(-1) ?? null;
    const holder = holderOf(last);
    if (last === null || holder?.by === SOMEBODY || (last.state !== null && !isOpen(last.state))) return null;
    const isUnknown = last !== holder && every.some(({ process }) => UNKNOWN.test(process.words));
    return !isUnknown && `${target} ends at ${describe(last.state)}`;
  },

  "who ends leaves its alias where it says, or on the baseline; or it fails, and tells the command": (handling) => {
    const { name, target, process, own, claim, baselines } = handling;
    const left = holderOf(handling.all.findLast(({ place }) => place < process.writesByEnd) ?? null);
    if (process.end !== "by itself" || left === null || !own.includes(left)) return null;
    if (process.outcome === "failed" && handling.tellsCommand) return null;
    return !isWholeOn(left, claim ?? baselines) && `${name} leaves ${target} at ${describe(left.state)} without a word`;
  },

  "what a process says is what it did and saw last": (handling) => {
    const { name, target, process, own, seen, tried, claim } = handling;
    const { role, outcome } = process;
    const both = [own.at(-1), seen.at(-1)].flatMap((change) => change ?? []).sort((a, b) => b.place - a.place);
    // A rollback or a post step may have found it done by somebody else.
    const last = both.slice(0, role === "rollback" || role === "post" ? 2 : 1);
    if (claim === null || last.length === 0) return null;
    const isTried = role === "rollback" || tried.slice(-1).every(({ version }) => isAmong(version, claim));
    if (isTried && last.some((change) => handling.isAsSaid(change))) return null;
    return `${name} says ${outcome}, but ${target} was last at ${last.map(({ state }) => describe(state)).join(" or ")}`;
  },

  "nobody writes over somebody else's change, or tries to after seeing it": (handling) => {
    const { name, target, written, tried } = handling;
    const over = [...written.map(({ before }) => before), ...tried.map(({ after }) => after)].map(holderOf);
    const theirs = over.find((change) => handling.isTheirs(change));
    return theirs && `${name} writes over ${describe(theirs.state)} on ${target}, set by ${theirs.by}`;
  },

  "only a rollback takes an alias from a release that is alive": ({ name, target, process, own, written }, every) => {
    const taken = written.find(({ place, before }) => {
      const holder = holderOf(before);
      const owner = every.find((handling) => handling.name === holder?.by)?.process;
      return holder && isOpen(holder.state) && !own.includes(holder) && owner && owner.writesByEnd > place;
    });
    return process.role !== "rollback" && taken && `${name} takes ${target} from ${taken.before?.by}, which is alive`;
  },

  "traffic moves from what serves to the canary, and back to what served before": (handling) => {
    const wrong = handling.written.find((change) => !handling.mayMake(change));
    return wrong && `${handling.name} makes ${describe(wrong.state)} of ${describe(wrong.before?.state ?? null)}`;
  },

  "a rollback never goes further back than it set out to": ({ name, process, tried, start }) => {
    const before = start === null ? null : servedBefore(start);
    const least = Math.max(Number(before ?? 0), Number(tried[0]?.version ?? 0));
    const further = tried.find(({ version }) => Number(version) < least);
    return process.role === "rollback" && further && `${name} sets out for ${least}, and goes on to ${further.version}`;
  },

  "a write keeps the text that others wrote": ({ name, target, written }) => {
    const textOf = (state: State) => ownText(state.description);
    const changed = written.find(
      ({ state, before }) => state && before?.state && textOf(state) !== textOf(before.state),
    );
    return changed && `${name} changes the text of ${target}: "${changed.state?.description}"`;
  },
};

/** Checks the whole promise. @returns what was broken, a sentence each */
export function missesOf(observed: Observed): readonly string[] {
  const handlings = handlingsOf(observed);
  const wrong = handlings.flatMap((handling) => Object.values(PROMISE).map((rule) => rule(handling, handlings) || ""));
  return [...new Set(wrong)].filter((each) => each !== "");
}
