import { setTimeout as sleep } from "node:timers/promises";
import type { Instant } from "../../src/domain/time.ts";
import type { Fault as Effect } from "../simulator/faults.ts";
import type { StartedAction } from "../simulator/runner.ts";
import type { Call } from "../simulator/transcript.ts";
import type { Site } from "./sites.ts";
import type { Testbed } from "./testbed.ts";

/** Which calls an effect hits: only the site's, or later ones too. */
export interface Scope {
  /** The calls from the site's on that match this; by default only the site's own. */
  readonly of?: "the call" | "its operation" | "its service" | "AWS" | "Lambda" | "GitHub" | "all";
  /** How many calls to hit; by default all of them, or one for "the call". */
  readonly times?: number;
}

/** Long enough, in real time, for a signal to arrive before the answer. */
const GRACE = 4;

/** A fault aimed at one call of a process. */
export class Strike {
  readonly testbed: Testbed;
  readonly site: Site;
  /** When the call came; null while it hasn't. */
  at: Instant | null = null;
  #number = Number.POSITIVE_INFINITY;
  #action: StartedAction | null = null;
  #seen = 0;
  readonly #callsOff: (() => void)[] = [];

  constructor(testbed: Testbed, site: Site) {
    this.testbed = testbed;
    this.site = site;
    // Registered before all effects, so that they know in time whether it is their turn.
    const count = (call: Call) => {
      if (call.operation !== site.operation || call.target !== site.target) return false;
      if (this.#seen === site.index) {
        this.at = testbed.clock.now();
        this.#number = call.number;
      }
      this.#seen += 1;
      return false;
    };
    const callOff = testbed.simulator.inject({ when: count, times: Number.POSITIVE_INFINITY }, { kind: "reset" });
    this.#callsOff.push(callOff);
  }

  /** The process that is struck. */
  get action(): StartedAction {
    if (this.#action === null) throw new Error("A call came before its process was known.");
    return this.#action;
  }

  set action(action: StartedAction) {
    this.#action = action;
  }

  /** Makes the call go wrong, or the calls from it on. */
  cause(
    effect: Effect,
    { of = "the call", times = of === "the call" ? 1 : Number.POSITIVE_INFINITY }: Scope = {},
  ): void {
    const { service, operation } = this.site;
    const isMeant = (call: Call): boolean => {
      if (call.number < this.#number) return false;
      switch (of) {
        case "the call":
          return call.number === this.#number;
        case "its operation":
          return call.operation === operation;
        case "its service":
          return call.service === service;
        case "AWS":
          return call.service !== "github";
        case "Lambda":
          return call.service === "lambda";
        case "GitHub":
          return call.service === "github";
        case "all":
          return true;
      }
    };
    this.#callsOff.push(this.testbed.simulator.inject({ when: isMeant, times }, effect));
  }

  /** Does something just before the call is carried out, or just before it is answered. */
  meanwhile(when: "before" | "after", run: () => void | Promise<void>): void {
    this.cause({ kind: "hook", when, run });
  }

  /** Sends a signal to the struck process and waits until it has arrived. */
  async signal(name: NodeJS.Signals): Promise<void> {
    this.action.signal(name);
    await sleep(GRACE);
  }

  /** Ends the trouble. */
  end(): void {
    for (const callOff of this.#callsOff.splice(0)) callOff();
  }
}
