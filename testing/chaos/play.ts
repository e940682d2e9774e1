import type { Fault } from "./faults/fault.ts";
import { nameOf, type Recording, type Site } from "./sites.ts";
import type { Strike } from "./strike.ts";
import type { Played, Testbed } from "./testbed.ts";

/** A fault at a call of a story. */
export interface Case {
  readonly recording: Recording;
  readonly site: Site;
  readonly fault: Fault;
}

/** `release | UpdateAlias checkout:live (2) | SIGINT before its answer` */
export function titleOf({ site, fault }: Case): string {
  return `${site.story.name} | ${nameOf(site)} | ${fault.name}`;
}

/** A played case, for the checks. */
export interface Play {
  readonly chaosCase: Case;
  readonly testbed: Testbed;
  readonly strike: Strike;
  /** The struck process first, then post and the next deploy, if they were played. */
  readonly runs: readonly Played[];
}
