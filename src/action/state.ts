import * as core from "@actions/core";
import { nameOf, type Target } from "../domain/alias.ts";
import { type AliasRecord, readRecord, writeRecord } from "../domain/alias-record.ts";
import type { Handover } from "../domain/ports.ts";
import type { LeftByMain } from "../engine/heal.ts";
import { messageOf } from "../engine/ports.ts";
import type { Journal, Outcome } from "../release/events.ts";

/** A write to an alias, as it is saved in the step's state. */
interface Kept {
  readonly target: Target;
  readonly record: string;
}

/** Not saved: the step's state is a file, and the runner gives post the token again. */
const TOKEN = "INPUT_GITHUB-TOKEN";

/** Main's side: from the first write on, post heals what main leaves behind if it is killed or fails. */
export function handOver(region: string, journal: Journal): Handover {
  let before: readonly Kept[] = [];
  return {
    sending(records) {
      try {
        const now = records.map(({ target, record }): Kept => ({ target, record: writeRecord("", record) }));
        // The last write may not take effect: then the alias is as the one before left it.
        core.saveState("sent", JSON.stringify([...before, ...now]));
        if (before.length === 0) keepInputs(region);
        core.saveState("main", "shifting");
        before = now;
      } catch (error) {
        const what = `the post step can't be told what is being shifted (${messageOf(error)})`;
        const who = "if this step is killed, the next deploy or the watchdog puts the alias back";
        journal.write({ kind: "warned", text: `${what}: ${who}` });
      }
    },
  };
}

/** The runner evaluates the inputs again for post: by then another step may have changed variables, or the Region. */
function keepInputs(region: string): void {
  const inputs = Object.entries(process.env).filter(([name]) => name.startsWith("INPUT_") && name !== TOKEN);
  core.saveState("inputs", JSON.stringify({ ...Object.fromEntries(inputs), "INPUT_AWS-REGION": region }));
}

/**
 * Main has ended by itself. If it failed, or gave way to someone else (it may have been wrong about that), post takes
 * one more look.
 */
export function markEnd(outcome: Outcome): void {
  if (outcome === "failed" || outcome === "superseded") core.saveState("end", outcome);
  else core.saveState("main", "ended");
}

/** Post's side: whether anything is left to do, because main wrote to an alias and didn't finish properly. */
export function isLeft(): boolean {
  return core.getState("main") === "shifting";
}

/** Makes post read the inputs that main had. */
export function takeOverInputs(): void {
  Object.assign(process.env, JSON.parse(core.getState("inputs")));
}

/** What main left to post. */
export function takeOver(): LeftByMain {
  const sent = new Map<string, { readonly target: Target; readonly records: AliasRecord[] }>();
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
