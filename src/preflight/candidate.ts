import { type Alias, type FunctionReference, isNumbered, nameOf, type Target } from "../domain/alias.ts";
import { isDescriptionTooLong, LONGEST_OWN_TEXT, ownText } from "../domain/alias-record.ts";
import type { Configuration } from "../domain/ports.ts";
import { type Claim, claimOn } from "../engine/ownership.ts";
import { messageOf, type Ports } from "../engine/ports.ts";
import { strangerOf } from "./account.ts";
import { problemsOfUpload, type Upload } from "./upload.ts";

/** What is to be released, and through which alias. */
export interface CandidateRequest extends Upload {
  readonly alias: string;
}

/** A function that can be released, as it was found. */
export interface Candidate {
  readonly target: Target;
  /** What will be published, or the version that was asked for. */
  readonly configuration: Configuration;
  /** Null if the alias doesn't exist yet. */
  readonly alias: Alias | null;
}

/** An alias, and who holds it. */
export interface ClaimedAlias {
  readonly target: Target;
  readonly alias: Alias;
  readonly claim: Claim;
}

/** An alias that an ended release left between two versions. */
export interface Orphan extends ClaimedAlias {
  readonly claim: Extract<Claim, { kind: "orphaned" }>;
}

export function isOrphan(claimed: ClaimedAlias): claimed is Orphan {
  return claimed.claim.kind === "orphaned";
}

/** What was found out about one function. */
export interface CandidateFound {
  readonly candidate: Candidate | null;
  readonly problems: readonly string[];
  readonly busy: readonly string[];
  /** Null if there is no alias, if it can't be read, or if it is in another account. */
  readonly claimed: ClaimedAlias | null;
}

/** Reads a function and its alias, and lists everything that is wrong with them. */
export async function inspect(
  reference: FunctionReference,
  order: CandidateRequest,
  ports: Ports,
): Promise<CandidateFound> {
  const target: Target = { function: reference.name, alias: order.alias };
  const unfit = (problems: readonly string[], claimed: ClaimedAlias | null = null): CandidateFound => {
    return { candidate: null, problems, busy: [], claimed };
  };
  const [configured, read] = await Promise.all([
    attempt(ports.functions.configuration(reference.name, order.version ?? "$LATEST")),
    attempt(ports.traffic.read(target)),
  ]);
  const configuration = configured.ok ? configured.value : null;
  const stranger = configuration === null ? null : strangerOf(reference, configuration);
  // A function of the same name in another account isn't ours to put back.
  if (stranger !== null) return unfit([stranger]);
  if (!read.ok) return unfit(configured.ok ? [read.problem] : [configured.problem, read.problem]);
  const alias = read.value;
  const isOwn = reference.account === null || configuration !== null;
  const claimed = alias === null || !isOwn ? null : { target, alias, claim: await claimOn(target, alias, ports) };
  if (!configured.ok) return unfit([configured.problem], claimed);
  if (configuration === null) return unfit([missing(reference, order, ports)], claimed);
  const ofUpload = problemsOfUpload(target.function, configuration, order);
  if (alias === null || claimed === null) {
    const candidate = ofUpload.length === 0 ? { target, configuration, alias } : null;
    return { candidate, problems: ofUpload, busy: [], claimed };
  }

  const baseline = await attempt(baselineOf(target, alias, ports));
  if (!baseline.ok) return unfit([...ofUpload, baseline.problem], claimed);
  const problems = [...ofUpload, ...problemsOf(claimed, configuration, baseline.value)];
  const busy = busyWith(claimed);
  const isFit = problems.length + busy.length === 0;
  // A minute's figures keep growing until the calls of both versions have ended.
  const timeout = Math.max(configuration.timeout, baseline.value?.timeout ?? 0);
  const fit = { target, configuration: { ...configuration, timeout }, alias };
  return { candidate: isFit ? fit : null, problems, busy, claimed };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, problem: messageOf(error) };
  }
}

/** Why an alias can't be released to right now. It passes by itself. */
function busyWith({ target, claim }: ClaimedAlias): readonly string[] {
  const name = nameOf(target);
  if (claim.kind === "moving") return [`${claim.why}: deploy again when it is done, or roll the alias back`];
  if (claim.kind !== "live") return [];
  const { run, reached } = claim.release;
  switch (claim.doubt?.kind) {
    case undefined:
      return [
        `${name} is being released by run ${run.id} right now (${reached}): wait until it has ended (wait-for-release), or roll it back`,
      ];
    case "unasked":
      return [
        `${name} is at ${reached}, set by run ${run.id}, and it is unknown whether that run is still going: ` +
          `${claim.doubt.problem}. Or roll the alias back`,
      ];
    case "own run":
      return [
        `${name} is at ${reached}, set by this same run: by another of its jobs, or by a step that was killed. Wait ` +
          "until that has ended (wait-for-release), or roll the alias back",
      ];
  }
}

/** Why an alias can't be released to until someone fixes something. */
function problemsOf(
  { target, alias, claim }: ClaimedAlias,
  configuration: Configuration,
  baseline: Configuration | null,
): readonly string[] {
  const name = nameOf(target);
  const { routing, description } = alias;
  const { primary, additional } = routing;
  const problems: string[] = [];
  if (claim.kind === "foreign") {
    problems.push(
      `${name} sends ${additional?.weight} % of its traffic to version ${additional?.version}, and no release record ` +
        "explains that: someone else is shifting it. It was left alone; remove the weight when they are done",
    );
  }
  if (!isNumbered(primary)) {
    problems.push(
      `${name} points to ${primary}, which can change during a release: publish a numbered version and point it there first`,
    );
  } else if (baseline === null) {
    problems.push(`${name} serves version ${primary}, which doesn't exist: point it to a version that does`);
  } else {
    for (const difference of differences(configuration, baseline)) {
      problems.push(`${name}: Lambda can't split traffic between versions with different ${difference}`);
    }
  }
  if (isDescriptionTooLong(description)) {
    problems.push(
      `${name} has a description of ${ownText(description).length} characters; a release adds its record to it and ` +
        `leaves room for only ${LONGEST_OWN_TEXT}: shorten it`,
    );
  }
  return problems;
}

async function baselineOf({ function: name }: Target, { routing }: Alias, { functions }: Ports) {
  return isNumbered(routing.primary) ? functions.configuration(name, routing.primary) : null;
}

function missing({ name }: FunctionReference, { version }: Upload, { region }: Ports): string {
  return version === null
    ? `there is no function ${name} in ${region}: check the name, the Region and the account of the credentials`
    : `there is no version ${version} of function ${name} in ${region}: check the version, the name and the Region`;
}

/** What Lambda doesn't allow to differ between two versions that share an alias. */
function differences(canary: Configuration, baseline: Configuration): string[] {
  const unlike = (what: string, ours: string | null, theirs: string | null) =>
    ours === theirs ? [] : [`${what} (${theirs ?? "none"} now, ${ours ?? "none"} in the new one)`];
  return [
    ...unlike("execution roles", canary.role, baseline.role),
    ...unlike("dead-letter targets", canary.deadLetter, baseline.deadLetter),
  ];
}
