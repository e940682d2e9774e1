import type { FunctionReference } from "../domain/alias.ts";
import type { ReadInput } from "../domain/input.ts";
import type { Parsed } from "../domain/mistake.ts";
import type { Ports } from "../engine/ports.ts";
import type { Ending, Outcome, Started, Traits } from "../release/events.ts";

/** What every command is about. */
export interface Order {
  readonly functions: readonly FunctionReference[];
  readonly alias: string;
}

/** When the comment on the pull request is written: from the start on, at the end, or not at all. */
export type Comments = "live" | "at the end" | "never";

/**
 * A command: all that is particular to it. `table.ts` lists them. It has methods, not functions as properties, so that
 * a command with inputs of its own is a `Command` too.
 */
export interface Command<Own extends object = object> {
  /** As the input `command` has it, and the journal. */
  readonly name: string;
  readonly traits: Traits;
  readonly comments: Comments;
  /** True if it must not be run for code that isn't merged, such as a fork's. */
  readonly needsMergedCode: boolean;
  /** Reads the inputs that are its own, and finds every mistake in them. */
  parse(read: ReadInput, functions: readonly FunctionReference[]): Parsed<Own>;
  /** The plan and the guards that its reports show, if they show any. */
  shows(order: Order & Own): Shown;
  run(order: Order & Own, ports: Ports): Promise<Ending>;
  /** Whether the job goes on after this. */
  isSuccess(outcome: Outcome): boolean;
}

export type Shown = Pick<Started, "plan" | "guards">;

/** For a command whose reports show neither a plan nor guards. */
export const NOTHING_SHOWN: Shown = { plan: null, guards: [] };

/** A command that can be loaded when it is chosen. */
export interface CommandRow {
  readonly name: string;
  load(): Promise<Command>;
}
