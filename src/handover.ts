import * as core from "@actions/core";
import type { LeftByMain } from "./conductor/heal.ts";
import { messageOf } from "./conductor/world.ts";
import { nameOf, type Target } from "./release/alias.ts";
import type { Journal, Outcome } from "./release/journal.ts";
import type { Handover } from "./release/ports.ts";
import { type Record, readRecord, writeRecord } from "./release/record.ts";

/** A write to an alias, as it is kept in the state of the step. */
interface Kept {
  readonly target: Target;
  readonly record: string;
}

/** Isn't kept: the state of a step is a file, and the runner gives the token anew. */
const TOKEN = "INPUT_GITHUB-TOKEN";

/** Main's side: from the first write on, post heals what a main leaves that is killed, or fails. */
export function handOver(region: string, journal: Journal): Handover {
  let before: readonly Kept[] = [];
  return {
    sending(records) {
      try {
        const now = records.map(({ target, record }): Kept => ({ target, record: writeRecord("", record) }));
        // The last write may not arrive: then the one before it stands.
        core.saveState("sent", JSON.stringify([...before, ...now]));
        if (before.length === 0) keepInputs(region);
        core.saveState("main", "shifting");
        before = now;
      } catch (error) {
        const what = `the post step can't be told what is shifted (${messageOf(error)})`;
        const who = "if this step is killed, the next deploy or the watchdog heals what it leaves";
        journal.write({ kind: "warned", text: `${what}: ${who}` });
      }
    },
  };
}

/** The runner works out the inputs anew for post: by then variables, and the Region, may be another step's. */
function keepInputs(region: string): void {
  const inputs = Object.entries(process.env).filter(([name]) => name.startsWith("INPUT_") && name !== TOKEN);
  core.saveState("inputs", JSON.stringify({ ...Object.fromEntries(inputs), "INPUT_AWS-REGION": region }));
}

/**
 * Main has ended by itself. Where it could not see all through, or gave way to somebody, about which it may have been wrong,
 * post takes one more look.
 */
export function markEnd(outcome: Outcome): void {
  if (outcome === "failed" || outcome === "superseded") core.saveState("end", outcome);
  else core.saveState("main", "ended");
}

/** Post's side: whether there is anything to look after: main has written, and had not seen all through when it ended. */
export function isLeft(): boolean {
  return core.getState("main") === "shifting";
}

/** Has post read the inputs that main had. */
export function takeOverInputs(): void {
  Object.assign(process.env, JSON.parse(core.getState("inputs")));
}

/** What there is to look after. */
export function takeOver(): LeftByMain {
  const sent = new Map<string, { readonly target: Target; readonly records: Record[] }>();
  for (const { target, record: text } of JSON.parse(core.getState("sent")) as readonly Kept[]) {
    const record = readRecord(text);
    const { records } = sent.get(nameOf(target)) ?? { records: [] };
    if (record !== null) sent.set(nameOf(target), { target, records: [...records, record] });
  }
  return { sent: [...sent.values()], end: endOf(core.getState("end")) };
}

function endOf(saved: string): LeftByMain["end"] {
  return saved === "failed" || saved === "superseded" ? saved : "killed";
}
