import type { Fault } from "./faults/fault.ts";
import { nameOf, type Recording, type Site } from "./sites.ts";
import type { Strike } from "./strike.ts";
import type { Played, Theatre } from "./theatre.ts";

/** A fault at a call of a story. */
export interface Cell {
  readonly recording: Recording;
  readonly site: Site;
  readonly fault: Fault;
}

/** `release | UpdateAlias checkout:live (2) | SIGINT before its answer` */
export function titleOf({ site, fault }: Cell): string {
  return `${site.story.name} | ${nameOf(site)} | ${fault.name}`;
}

/** A played cell, for the checks. */
export interface Play {
  readonly cell: Cell;
  readonly theatre: Theatre;
  readonly strike: Strike;
  /** The struck process first, then post and the next deploy, if they were played. */
  readonly runs: readonly Played[];
}
