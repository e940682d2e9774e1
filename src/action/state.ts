import * as core from "@actions/core";
import { nameOf, type Target } from "../domain/alias.ts";
import { type AliasRecord, readRecord, writeRecord } from "../domain/alias-record.ts";
import type { Handover, Sent } from "../domain/ports.ts";
import type { LeftByMain } from "../engine/heal.ts";
import { messageOf } from "../engine/ports.ts";
import type { Journal, Outcome } from "../release/events.ts";

/** What main saves for its post step, as one value: post gets all of it or none. Nothing before main's first write. */
export type StepState =
  | {
      readonly kind: "unfinished";
      /** The last two writes to each alias: the last one may not take effect, and then it is as the other left it. */
      readonly sent: readonly Kept[];
      readonly end: LeftByMain["end"];
      /** The runner evaluates them again for post: by then another step may have changed variables, or the Region. */
      readonly inputs: Readonly<Record<string, string>>;
    }
  | { readonly kind: "finished" };

/** A write to an alias, as it is saved. */
interface Kept {
  readonly target: Target;
  readonly record: string;
}

const KEY = "main";
/** Not saved: the step's state is a file, and the runner gives post the token again. */
const TOKEN = "INPUT_GITHUB-TOKEN";

/** Main's side: from the first write on, post heals what main leaves behind if it is killed or fails. */
export class HandoverToPost implements Handover {
  readonly #journal: Journal;
  #region = "";
  #before: readonly Kept[] = [];
  #saved: StepState | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Takes note of the Region, which may not come from the inputs. */
  locate(region: string): void {
    this.#region = region;
  }

  sending(records: readonly Sent[]): void {
    try {
      const now = records.map(({ target, record }): Kept => ({ target, record: writeRecord("", record) }));
      const inputs = this.#saved?.kind === "unfinished" ? this.#saved.inputs : inputsIn(this.#region);
      this.#save({ kind: "unfinished", sent: [...this.#before, ...now], end: "killed", inputs });
      this.#before = now;
    } catch (error) {
      const what = `the post step can't be told what is being shifted (${messageOf(error)})`;
      const who = "if this step is killed, the next deploy or the watchdog puts the alias back";
      this.#journal.write({ kind: "warned", text: `${what}: ${who}` });
    }
  }

  /**
   * Main has ended by itself. If it failed, or gave way to someone else (it may have been wrong about that), post takes
   * one more look.
   */
  end(outcome: Outcome): void {
    if (outcome !== "failed" && outcome !== "superseded") this.#save({ kind: "finished" });
    else if (this.#saved?.kind === "unfinished") this.#save({ ...this.#saved, end: outcome });
  }

  #save(state: StepState): void {
    core.saveState(KEY, JSON.stringify(state));
    this.#saved = state;
  }
}

function inputsIn(region: string): Readonly<Record<string, string>> {
  const inputs = Object.entries(process.env).flatMap(([name, value = ""]) =>
    name.startsWith("INPUT_") && name !== TOKEN ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(inputs), "INPUT_AWS-REGION": region };
}

/**
 * Post's side: what main left, because it wrote to an alias and didn't finish properly; null if nothing is left. Post
 * reads the inputs that main had from here on.
 */
export function takeOver(): LeftByMain | null {
  const state = readState({ [KEY]: core.getState(KEY) });
  if (state?.kind !== "unfinished") return null;
  Object.assign(process.env, state.inputs);
  const sent = new Map<string, { readonly target: Target; readonly records: AliasRecord[] }>();
  for (const { target, record: text } of state.sent) {
    const record = readRecord(text);
    const { records } = sent.get(nameOf(target)) ?? { records: [] };
    if (record !== null) sent.set(nameOf(target), { target, records: [...records, record] });
  }
  return { sent: [...sent.values()], end: state.end };
}

/** The state that a step has saved, among all that the runner keeps for it; null if it has saved none. */
export function readState(saved: Readonly<Record<string, string>>): StepState | null {
  const text = saved[KEY] ?? "";
  return text === "" ? null : (JSON.parse(text) as StepState);
}
