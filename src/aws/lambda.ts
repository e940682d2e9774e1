import {
  type AliasConfiguration,
  CreateAliasCommand,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  type LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from "@aws-sdk/client-lambda";
import { type Alias, describeRouting, isNumbered, type Routing, type Target, type Version } from "../domain/alias.ts";
import {
  type Caller,
  type CallersFound,
  type Configuration,
  type Functions,
  type PublishedVersion,
  ServiceError,
  type Traffic,
} from "../domain/ports.ts";
import { type Duration, SECOND } from "../domain/time.ts";
import { callersOf, callersThrough } from "./callers.ts";
import { AwsClock } from "./clock.ts";
import { ControlPlane, nullIfMissing, type Turn } from "./control-plane.ts";
import { type Answer, hollow } from "./faults.ts";
import { LIMITS } from "./limits.ts";

/** Lambda: functions and their versions, and the aliases that route the traffic. */
export class Lambda implements Functions, Traffic {
  readonly #clock: AwsClock;
  readonly #plane: ControlPlane;
  readonly #client: LambdaClient;
  readonly #limit: Duration;

  /**
   * @param clock is set by Lambda's answers
   * @param limit how long reading or writing an alias may take
   */
  constructor(client: LambdaClient, clock = new AwsClock(), limit: Duration = LIMITS.alias) {
    this.#limit = limit;
    this.#clock = clock;
    this.#plane = new ControlPlane(client, clock);
    this.#client = client;
  }

  async configuration(name: string, version: Version | "$LATEST"): Promise<Configuration | null> {
    const input = { FunctionName: name, Qualifier: version };
    return this.#plane
      .call("GetFunctionConfiguration", `${name}:${version}`, async () =>
        configurationOf(await this.#client.send(new GetFunctionConfigurationCommand(input))),
      )
      .catch(nullIfMissing);
  }

  async versions(name: string): Promise<readonly Version[]> {
    const found: Version[] = [];
    let marker: string | undefined;
    do {
      const input = { FunctionName: name, ...(marker === undefined ? {} : { Marker: marker }) };
      const page = await this.#plane.call("ListVersionsByFunction", name, () =>
        this.#client.send(new ListVersionsByFunctionCommand(input)),
      );
      for (const { Version: version } of page.Versions ?? []) {
        if (version !== undefined && isNumbered(version)) found.push(version);
      }
      marker = page.NextMarker;
    } while (marker !== undefined);
    return found.sort((a, b) => Number(a) - Number(b));
  }

  async publish(name: string, codeSha256: string, revision: string | null): Promise<PublishedVersion> {
    return this.#plane.call("PublishVersion", name, async () => {
      const isAt = revision === null ? {} : { RevisionId: revision };
      const input = { FunctionName: name, CodeSha256: codeSha256, ...isAt };
      const answer = await this.#client.send(new PublishVersionCommand(input));
      const version = told(answer.Version, answer, "PublishVersion", name);
      // Where the answer leaves the state out, it has to be asked for.
      return { version, readiness: answer.State === undefined ? { kind: "pending" } : readinessOf(answer) };
    });
  }

  callers(target: Target): Promise<readonly Caller[]> {
    return callersOf(target, this.#plane);
  }

  callersThrough(target: Target): Promise<CallersFound> {
    return callersThrough(target, this.#plane);
  }

  async provisionedConcurrency({ function: name, alias }: Target): Promise<number | null> {
    const input = { FunctionName: name, Qualifier: alias };
    const found = await this.#plane
      .call("GetProvisionedConcurrencyConfig", `${name}:${alias}`, () =>
        this.#client.send(new GetProvisionedConcurrencyConfigCommand(input)),
      )
      .catch(nullIfMissing);
    return found?.RequestedProvisionedConcurrentExecutions ?? null;
  }

  clockAhead(): Duration {
    return this.#clock.ahead;
  }

  async mayPublish(name: string): Promise<void> {
    const input = { FunctionName: name, CodeSha256: NO_SHA256, RevisionId: NO_REVISION };
    const send = () => this.#client.send(new PublishVersionCommand(input));
    await this.#mayCall("PublishVersion", name, send, (answer) => {
      const version = told(answer.Version, answer, "PublishVersion", name);
      return `though it named code that the function never had: the answer is version ${version}. If that is new, delete it`;
    });
  }

  async mayWrite({ function: name, alias }: Target, { routing, description }: Alias): Promise<void> {
    const input = inputOf({ function: name, alias }, routing, description, NO_REVISION);
    const send = () => this.#client.send(new UpdateAliasCommand(input), this.#options());
    await this.#mayCall("UpdateAlias", `${name}:${alias}`, send, (answer) => {
      told(answer.RevisionId, answer, "UpdateAlias", `${name}:${alias}`);
      const did = `the alias was set again to what it served a moment before (${describeRouting(routing)})`;
      return `though it named a revision that the alias never had: ${did}. Check that nobody else's change got lost`;
    });
  }

  async mayCreate({ function: name, alias }: Target): Promise<void> {
    const input = { FunctionName: name, Name: alias, FunctionVersion: NO_VERSION };
    const send = () => this.#client.send(new CreateAliasCommand(input), this.#options());
    await this.#mayCall("CreateAlias", `${name}:${alias}`, send, (answer) => {
      told(answer.FunctionVersion, answer, "CreateAlias", `${name}:${alias}`);
      return `though it named version ${NO_VERSION}, which doesn't exist: the alias is there now. Delete it`;
    });
  }

  #options(signal?: AbortSignal) {
    return { requestTimeout: this.#limit, ...(signal === undefined ? {} : { abortSignal: signal }) };
  }

  /**
   * Lambda checks permissions first, then the request: so any other refusal means that the call is allowed.
   *
   * @param done why it had to be refused, what it did instead, and what to do about that
   */
  async #mayCall<T>(operation: string, on: string, call: () => Promise<T>, done: (answer: T) => string): Promise<void> {
    const answer = await this.#plane.call(operation, on, call).catch((error: unknown) => {
      const isRefused = error instanceof ServiceError && /^(conflict|invalid|stuck|missing|busy)$/.test(error.fault);
      if (isRefused) return null;
      throw error;
    });
    if (answer !== null)
      throw new ServiceError("accepted", `${operation} of ${on} went through, ${done(answer)}`, null);
  }

  async read({ function: name, alias }: Target, signal?: AbortSignal): Promise<Alias | null> {
    const input = { FunctionName: name, Name: alias };
    const send = async () =>
      aliasOf(
        await this.#client.send(new GetAliasCommand(input), this.#options(signal)),
        "GetAlias",
        `${name}:${alias}`,
      );
    // Reads without a signal belong to a write or a rollback, or prepare one: these don't wait for looks.
    const turn: Turn = { kind: signal === undefined ? "write" : "look", signal };
    return this.#plane.call("GetAlias", `${name}:${alias}`, send, turn).catch(nullIfMissing);
  }

  async write(
    { function: name, alias }: Target,
    routing: Routing,
    description: string,
    revision: string,
    signal?: AbortSignal,
  ): Promise<Alias> {
    const input = inputOf({ function: name, alias }, routing, description, revision);
    const send = async () =>
      aliasOf(
        await this.#client.send(new UpdateAliasCommand(input), this.#options(signal)),
        "UpdateAlias",
        `${name}:${alias}`,
      );
    return this.#plane.call("UpdateAlias", `${name}:${alias}`, send, { kind: "write", signal });
  }

  async create({ function: name, alias }: Target, version: Version, description: string): Promise<Alias> {
    const input = { FunctionName: name, Name: alias, FunctionVersion: version, Description: description };
    return this.#plane.call("CreateAlias", `${name}:${alias}`, async () =>
      aliasOf(
        await this.#client.send(new CreateAliasCommand(input), this.#options()),
        "CreateAlias",
        `${name}:${alias}`,
      ),
    );
  }
}

// Values that nothing ever has: a request with one of them is always refused, with or without the permission.
const NO_REVISION = "00000000-0000-0000-0000-000000000000";
const NO_SHA256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const NO_VERSION = "999999999";

function inputOf(
  { function: name, alias }: Target,
  { primary, additional }: Routing,
  description: string,
  revision: string,
): UpdateAliasCommandInput {
  return {
    FunctionName: name,
    Name: alias,
    FunctionVersion: primary,
    // Always sent, even if empty: without it, Lambda keeps the old weights.
    RoutingConfig: {
      AdditionalVersionWeights: additional === null ? {} : { [additional.version]: fraction(additional.weight) },
    },
    Description: description,
    RevisionId: revision,
  };
}

/** Percent to the fraction that Lambda takes, and back. Whole percents come back unchanged. */
function fraction(weight: number): number {
  return Math.round(weight) / 100;
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}

/** A field that Lambda always sends: an answer without it counts as no answer. */
function told<T>(value: T | undefined, answer: Answer, operation: string, on: string): T {
  if (value !== undefined) return value;
  throw hollow(`${operation} of ${on}`, answer);
}

function aliasOf(answer: AliasConfiguration & Answer, operation: string, on: string): Alias {
  const [weight] = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {});
  // Nobody sets a weight of 1. It means that Lambda keeps all calls where they were, until the version that the alias
  // now points to has its provisioned concurrency.
  const isMoving = weight?.[1] === 1;
  return {
    routing: {
      primary: told(answer.FunctionVersion, answer, operation, on),
      additional: weight === undefined || isMoving ? null : { version: weight[0], weight: percent(weight[1]) },
    },
    description: answer.Description ?? "",
    revision: told(answer.RevisionId, answer, operation, on),
    movingFrom: isMoving ? weight[0] : null,
  };
}

function configurationOf(answer: FunctionConfiguration & Answer): Configuration {
  const arn = told(answer.FunctionArn, answer, "GetFunctionConfiguration", answer.FunctionName ?? "a function");
  return {
    arn: arn.split(":").slice(0, 7).join(":"),
    codeSha256: answer.CodeSha256 ?? "",
    revision: answer.RevisionId ?? null,
    role: answer.Role ?? "",
    deadLetter: answer.DeadLetterConfig?.TargetArn || null,
    timeout: (answer.Timeout ?? 3) * SECOND,
    readiness: readinessOf(answer),
    update: updateOf(answer),
    isDurable: (answer.DurableConfig ?? null) !== null,
  };
}

function updateOf({
  LastUpdateStatus,
  LastUpdateStatusReason,
  LastUpdateStatusReasonCode,
}: FunctionConfiguration): Configuration["update"] {
  switch (LastUpdateStatus) {
    case "InProgress":
      return { kind: "in progress" };
    case "Failed": {
      const code = LastUpdateStatusReasonCode === undefined ? "" : ` (${LastUpdateStatusReasonCode})`;
      return { kind: "failed", reason: `${LastUpdateStatusReason ?? "Lambda gives no reason"}${code}` };
    }
    default:
      return { kind: "done" };
  }
}

/** An inactive version starts again at its next call; one with SnapStart is ready when its snapshot is. */
function readinessOf({
  State,
  StateReason,
  StateReasonCode,
  SnapStart,
}: FunctionConfiguration): Configuration["readiness"] {
  const snapshotting = SnapStart?.ApplyOn === "PublishedVersions" && SnapStart.OptimizationStatus === "Off";
  switch (State) {
    case undefined:
    case "Active":
    case "Inactive":
      return { kind: snapshotting ? "pending" : "ready" };
    case "Pending":
      return { kind: "pending" };
    default:
      return { kind: "failed", reason: StateReason ?? StateReasonCode ?? `its state is ${State}` };
  }
}
