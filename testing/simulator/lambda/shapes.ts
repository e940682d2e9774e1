import type { Instant } from "../../../src/domain/time.ts";
import { describeRouting, type Provisioned, type Shown } from "./alias.ts";
import { type Build, isSettled, revisionOf, stateOf } from "./build.ts";
import type { LambdaFunction } from "./function.ts";

/** Values as Lambda's answers have them. */

/** A FunctionConfiguration. Lists of versions leave out the state. */
export function configurationShape(
  { name, arn }: LambdaFunction,
  build: Build,
  qualifier: string | null,
  now: Instant,
  { state }: { readonly state: "with state" | "without state" },
): Record<string, unknown> {
  const { Environment, SnapStart, DeadLetterConfig, ...settings } = build.settings;
  const snapshots = SnapStart?.ApplyOn === "PublishedVersions";
  const isOptimized = snapshots && build.version !== "$LATEST" && isSettled(build, now);
  return {
    FunctionName: name,
    FunctionArn: qualifier === null ? arn : `${arn}:${qualifier}`,
    ...settings,
    CodeSize: build.code.size,
    CodeSha256: build.code.sha256,
    Version: build.version,
    LastModified: new Date(build.changedAt).toISOString().replace("Z", "+0000"),
    RevisionId: revisionOf(build, now),
    PackageType: "Zip",
    Architectures: ["x86_64"],
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: "PassThrough" },
    SnapStart: { ApplyOn: SnapStart?.ApplyOn ?? "None", OptimizationStatus: isOptimized ? "On" : "Off" },
    ...(Environment === undefined ? {} : { Environment }),
    ...(DeadLetterConfig?.TargetArn ? { DeadLetterConfig } : {}),
    ...(state === "with state" ? stateOf(build, now) : {}),
  };
}

/** An AliasConfiguration. Without weights it has no RoutingConfig at all. */
export function aliasShape(
  { arn }: LambdaFunction,
  name: string,
  { routing: { version, additional }, description, revision }: Shown,
): Record<string, unknown> {
  const weights = additional === null ? null : { [additional.version]: additional.weight };
  return {
    AliasArn: `${arn}:${name}`,
    Name: name,
    FunctionVersion: version,
    Description: description,
    RevisionId: revision,
    ...(weights === null ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
  };
}

/** `42 + 43@5%`, for the transcript. */
export function aliasNote({ routing, revision }: Shown, nameOf: (revision: string) => string): string {
  return `${describeRouting(routing)} rev ${nameOf(revision)}`;
}

/** A FunctionUrlConfig. @param alias "" for the function itself */
export function urlShape({ arn }: LambdaFunction, alias: string, url: string) {
  return {
    FunctionUrl: url,
    FunctionArn: alias === "" ? arn : `${arn}:${alias}`,
    AuthType: "AWS_IAM",
    InvokeMode: "BUFFERED",
    CreationTime: new Date(0).toISOString(),
    LastModifiedTime: new Date(0).toISOString(),
  };
}

export function provisionedShape({ requested, changedAt, readyAt }: Provisioned, now: Instant) {
  const available = now >= readyAt ? requested : 0;
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: available,
    AllocatedProvisionedConcurrentExecutions: available,
    Status: now >= readyAt ? "READY" : "IN_PROGRESS",
    LastModified: new Date(changedAt).toISOString().replace("Z", "+0000"),
  };
}
