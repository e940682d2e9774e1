import { createHash } from "node:crypto";
import type { Duration, Instant } from "../../../src/domain/time.ts";
import type { Behaviour } from "../behaviour.ts";

/** A deployment package, as far as anyone outside can tell. */
export interface Code {
  /** In base64, as Lambda shows it. */
  readonly sha256: string;
  readonly size: number;
}

export function codeOf(zip: Buffer | string): Code {
  return { sha256: createHash("sha256").update(zip).digest("base64"), size: Buffer.byteLength(zip) };
}

/** A function's settings by Lambda's own names. Settings not listed here are kept and shown as they came. */
export interface Settings {
  readonly Role: string;
  readonly Runtime: string;
  readonly Handler: string;
  readonly Description: string;
  /** In seconds. */
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly SnapStart?: { readonly ApplyOn?: string };
  readonly [name: string]: unknown;
}

/** Why a build doesn't work, as Lambda reports it. */
export interface Failure {
  readonly reason: string;
  /** One of Lambda's own, such as `ImageAccessDenied`. */
  readonly code: string;
}

/** `$LATEST` or a published version: code and settings, and whether Lambda has finished deploying them. */
export interface Build {
  readonly version: string;
  readonly code: Code;
  readonly settings: Settings;
  /** How the code itself behaves. `behaviourOf` looks at the environment variables too. */
  readonly behaviour: Behaviour;
  readonly changedAt: Instant;
  /** When Lambda is done. Until then a version is Pending, and `$LATEST` is being created or updated. */
  readonly settledAt: Instant;
  readonly settling: "creation" | "update" | "activation";
  /** Why it will not start, or why its update failed; null if all is well. */
  readonly failure: Failure | null;
  /** Lambda changes the revision once more when it is done. */
  readonly revisions: { readonly before: string; readonly after: string };
}

export function isSettled(build: Build, now: Instant): boolean {
  return now >= build.settledAt;
}

export function revisionOf(build: Build, now: Instant): string {
  return isSettled(build, now) ? build.revisions.after : build.revisions.before;
}

/** For functions on Managed Instances: the version that each publish to it overwrites. */
export const LATEST_PUBLISHED = "$LATEST.PUBLISHED";

export function isManaged({ settings }: Build): boolean {
  return settings["CapacityProviderConfig"] !== undefined;
}

/** True if publishing one after the other makes no new version. */
export function isSameBuild(a: Build, b: Build): boolean {
  return a.code.sha256 === b.code.sha256 && JSON.stringify(a.settings) === JSON.stringify(b.settings);
}

/** Environment variables that make a version worse, for people trying the simulator: `ERROR_RATE=0.3`. */
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

/** The state of a build as Lambda reports it. A list of versions leaves it out. */
export function stateOf(build: Build, now: Instant): Record<string, unknown> {
  const state = stateInGeneral(build, now);
  // On Managed Instances only published versions have execution environments.
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
      return {
        State: "Active",
        LastUpdateStatus: "Failed",
        LastUpdateStatusReason: build.failure.reason,
        LastUpdateStatusReasonCode: build.failure.code,
      };
    case "activation":
      if (!settled) {
        return { State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" };
      }
      return { ...upOrDown(build), LastUpdateStatus: "Successful" };
  }
}

function upOrDown({ failure }: Build): Record<string, unknown> {
  if (failure === null) return { State: "Active" };
  return { State: "Failed", StateReason: failure.reason, StateReasonCode: failure.code };
}
