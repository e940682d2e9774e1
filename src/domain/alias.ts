import type { Instant } from "./time.ts";

/** Percent of an alias's traffic, 0 to 100. */
export type Percent = number;

/** A published version's number, as Lambda writes it: `"42"`. */
export type Version = string;

/** True for a version that can't change: neither `$LATEST`, nor the `$LATEST.PUBLISHED` of Managed Instances. */
export function isNumbered(version: Version): boolean {
  return /^\d+$/.test(version);
}

/** One function's alias. */
export interface Target {
  /** The bare function name, which is also what CloudWatch calls it. */
  readonly function: string;
  readonly alias: string;
}

/** A function as the user named it. */
export interface FunctionReference {
  readonly name: string;
  /** Null if only the name was given. */
  readonly account: string | null;
}

/** The account in an ARN; null if it names none. */
export function accountOf(arn: string): string | null {
  return arn.split(":")[4] || null;
}

/** `checkout:live`, as Lambda and CloudWatch write it. */
export function nameOf({ function: name, alias }: Target): string {
  return `${name}:${alias}`;
}

/** How an alias splits its traffic: `additional.weight` percent go to `additional.version`, the rest to `primary`. */
export interface Routing {
  readonly primary: Version;
  readonly additional: { readonly version: Version; readonly weight: Percent } | null;
}

/** What one write sets on an alias. */
export interface Setting {
  readonly routing: Routing;
  readonly description: string;
}

/** An alias as Lambda returned it. A write must name its revision. */
export interface Alias extends Setting {
  readonly revision: string;
  /**
   * The version that Lambda still sends all calls to, until the primary's provisioned concurrency is ready; else null.
   */
  readonly movingFrom: Version | null;
}

/** A run of a workflow, which holds a release. `attempt` tells a re-run from the first try. */
export interface Run {
  readonly id: string;
  readonly attempt: number;
}

/** What every record on an alias says: when, by which run, and for which fleet. */
export interface Stamp {
  readonly at: Instant;
  readonly run: Run;
  /** Four hex digits that all members of a fleet share. A function that is released alone has none. */
  readonly fleet?: string;
}

export function sameRun(a: Run, b: Run): boolean {
  return a.id === b.id && a.attempt === b.attempt;
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.function === b.function && a.alias === b.alias;
}

export function sameRouting(a: Routing, b: Routing): boolean {
  return (
    a.primary === b.primary &&
    a.additional?.version === b.additional?.version &&
    a.additional?.weight === b.additional?.weight
  );
}

export function sameSetting(a: Setting, b: Setting): boolean {
  return sameRouting(a.routing, b.routing) && a.description === b.description;
}

/** The percent of the calls that a version gets. */
export function weightIn({ primary, additional }: Routing, version: Version): Percent {
  const beside = additional === null ? 0 : additional.weight;
  if (additional?.version === version) return beside;
  return primary === version ? 100 - beside : 0;
}

/** `42`, or `42 (95 %) + 43 (5 %)`. */
export function describeRouting({ primary, additional }: Routing): string {
  if (additional === null) return primary;
  return `${primary} (${100 - additional.weight} %) + ${additional.version} (${additional.weight} %)`;
}

/** Where Lambda sends an alias's calls while it waits for the provisioned concurrency of `to`. */
export function describeMove(target: Target, from: Version, to: Version): string {
  const until = `until version ${to} has its provisioned concurrency`;
  return `Lambda still sends all calls of ${nameOf(target)} to version ${from} ${until}, up to about 15 minutes`;
}
