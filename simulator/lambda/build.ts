import { createHash } from "node:crypto";
import type { Duration, Instant } from "../../src/release/time.ts";
import type { Behaviour } from "../behaviour.ts";

/** A deployment package, as far as anybody can tell from outside. */
export interface Code {
  /** Base64, as Lambda shows it. */
  readonly sha256: string;
  readonly size: number;
}

export function codeOf(zip: Buffer | string): Code {
  return { sha256: createHash("sha256").update(zip).digest("base64"), size: Buffer.byteLength(zip) };
}

/** A function's settings by Lambda's own names; what isn't listed is kept and shown as it came. */
export interface Settings {
  readonly Role: string;
  readonly Runtime: string;
  readonly Handler: string;
  readonly Description: string;
  /** Seconds. */
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly SnapStart?: { readonly ApplyOn?: string };
  readonly [name: string]: unknown;
}

/** `$LATEST` or a published version: code and settings, and how far Lambda is with putting them in place. */
export interface Build {
  readonly version: string;
  readonly code: Code;
  readonly settings: Settings;
  /** How the code itself behaves; `behaviourOf` also looks at the environment variables. */
  readonly behaviour: Behaviour;
  readonly changedAt: Instant;
  /** When Lambda is done: until then a version is Pending, and `$LATEST` being created or updated. */
  readonly settledAt: Instant;
  readonly settling: "creation" | "update" | "activation";
  /** Why it will not come up; null when it will. */
  readonly failure: string | null;
  /** Lambda changes the revision once more when it is done. */
  readonly revisions: { readonly before: string; readonly after: string };
}

export function isSettled(build: Build, now: Instant): boolean {
  return now >= build.settledAt;
}

export function revisionOf(build: Build, now: Instant): string {
  return isSettled(build, now) ? build.revisions.after : build.revisions.before;
}

/** The version of a function on Managed Instances that every publication to it puts something else into. */
export const LATEST_PUBLISHED = "$LATEST.PUBLISHED";

export function isManaged({ settings }: Build): boolean {
  return settings["CapacityProviderConfig"] !== undefined;
}

/** True when publishing the one after the other would make no new version. */
export function isSameBuild(a: Build, b: Build): boolean {
  return a.code.sha256 === b.code.sha256 && JSON.stringify(a.settings) === JSON.stringify(b.settings);
}

/** Environment variables by which people who play with the simulator make a version worse: `ERROR_RATE=0.3`. */
const VARIABLES: Readonly<Record<string, keyof Behaviour>> = {
  ERROR_RATE: "errorRate",
  INIT_FAILURE_RATE: "initFailureRate",
  LATENCY_MS: "latency",
  COLD_START_MS: "coldStart",
};

export function behaviourOf({ behaviour, settings }: Build): Behaviour {
  const variables = settings.Environment?.Variables;
  if (variables === undefined) return behaviour;
  const changes: Partial<Record<keyof Behaviour, number>> = {};
  for (const [name, property] of Object.entries(VARIABLES)) {
    const value = Number.parseFloat(variables[name] ?? "");
    if (!Number.isNaN(value)) changes[property] = value;
  }
  return { ...behaviour, ...changes };
}

export function timeoutOf({ settings }: Build): Duration {
  return settings.Timeout * 1_000;
}

/** The state of a build as Lambda tells it; a list of versions leaves it out. */
export function stateOf(build: Build, now: Instant): Record<string, unknown> {
  const state = stateInGeneral(build, now);
  // On Managed Instances only what is published has environments to run in.
  const isIdle = state["State"] === "Active" && build.version === "$LATEST" && isManaged(build);
  return isIdle ? { ...state, State: "ActiveNonInvocable" } : state;
}

function stateInGeneral(build: Build, now: Instant): Record<string, unknown> {
  const settled = isSettled(build, now);
  switch (build.settling) {
    case "creation":
      if (!settled) {
        return { State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" };
      }
      return { ...upOrDown(build), LastUpdateStatus: build.failure === null ? "Successful" : "Failed" };
    case "update":
      if (!settled) {
        return {
          State: "Active",
          LastUpdateStatus: "InProgress",
          LastUpdateStatusReason: "The function is being created.",
          LastUpdateStatusReasonCode: "Creating",
        };
      }
      if (build.failure === null) return { State: "Active", LastUpdateStatus: "Successful" };
      return { State: "Active", LastUpdateStatus: "Failed", LastUpdateStatusReason: build.failure };
    case "activation":
      if (!settled) {
        return { State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" };
      }
      return { ...upOrDown(build), LastUpdateStatus: "Successful" };
  }
}

function upOrDown({ failure }: Build): Record<string, unknown> {
  if (failure === null) return { State: "Active" };
  return { State: "Failed", StateReason: failure, StateReasonCode: "InternalError" };
}
