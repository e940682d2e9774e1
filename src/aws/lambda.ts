import { AsyncLocalStorage } from "node:async_hooks";
import {
  type AliasConfiguration,
  CreateAliasCommand,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionUrlConfigsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from "@aws-sdk/client-lambda";
import PQueue from "p-queue";
import { type Alias, isNumbered, type Routing, type Target, type Version } from "../release/alias.ts";
import { type Caller, type Configuration, type Functions, ServiceError, type Traffic } from "../release/ports.ts";
import { SECOND } from "../release/time.ts";
import { serviceError } from "./faults.ts";

/**
 * Lambda's control plane takes 15 calls a second for the whole account and Region. One is left for others, and looks
 * take no more than eight, so that no write waits for them.
 */
const CALLS = { intervalCap: 14, interval: SECOND, strict: true };
const LOOKS = { ...CALLS, intervalCap: 8 };

/** How a call waits for its turn: a look among all looks first. The signal gives it up, also while it waits. */
interface Turn {
  readonly isLook: boolean;
  readonly signal: AbortSignal | undefined;
}

const LOOK: Turn = { isLook: true, signal: undefined };

/** Lambda as functions and their versions, and as the aliases that carry the traffic. */
export class Lambda implements Functions, Traffic {
  readonly #client: LambdaClient;
  // Only turns are queued, not calls: a slow answer holds up none of those behind it.
  readonly #calls = new PQueue(CALLS);
  readonly #looks = new PQueue(LOOKS);
  readonly #turn = new AsyncLocalStorage<Turn>();

  constructor(client: LambdaClient) {
    this.#client = client;
    // Within the SDK's retries: each of them waits for a turn of its own, or a throttled fleet would throttle itself.
    client.middlewareStack.add(
      (next) => async (request) => {
        await this.#takeTurn();
        return next(request);
      },
      { step: "finalizeRequest" },
    );
  }

  async configuration(name: string, version: Version | "$LATEST"): Promise<Configuration | null> {
    const input = { FunctionName: name, Qualifier: version };
    return this.#call("GetFunctionConfiguration", `${name}:${version}`, async () =>
      configurationOf(await this.#client.send(new GetFunctionConfigurationCommand(input))),
    ).catch(nullIfMissing);
  }

  async versions(name: string): Promise<readonly Version[]> {
    const found: Version[] = [];
    let marker: string | undefined;
    do {
      const input = { FunctionName: name, ...(marker === undefined ? {} : { Marker: marker }) };
      const page = await this.#call("ListVersionsByFunction", name, () =>
        this.#client.send(new ListVersionsByFunctionCommand(input)),
      );
      for (const { Version: version } of page.Versions ?? []) {
        if (version !== undefined && isNumbered(version)) found.push(version);
      }
      marker = page.NextMarker;
    } while (marker !== undefined);
    return found.sort((a, b) => Number(a) - Number(b));
  }

  async publish(name: string, codeSha256: string): Promise<Version> {
    return this.#call("PublishVersion", name, async () => {
      const input = { FunctionName: name, CodeSha256: codeSha256 };
      const { Version: version } = await this.#client.send(new PublishVersionCommand(input));
      return told(version, "PublishVersion", name);
    });
  }

  async callers({ function: name, alias }: Target): Promise<readonly Caller[]> {
    const [sources, ofAlias, urls, ...policies] = await Promise.all([
      // Asked for by its bare name, a function's mappings through an alias may be left out.
      this.#eventSources(name),
      this.#eventSources(`${name}:${alias}`),
      this.#urls(name),
      this.#policy(name, null),
      this.#policy(name, alias),
    ]);
    const through = new Map([...sources, ...ofAlias].map((source) => [`${source.name} ${source.qualifier}`, source]));
    return [...through.values(), ...urls, ...policies.flat()];
  }

  async #eventSources(name: string): Promise<readonly Caller[]> {
    const found: Caller[] = [];
    let marker: string | undefined;
    do {
      const input = { FunctionName: name, ...(marker === undefined ? {} : { Marker: marker }) };
      const page = await this.#call("ListEventSourceMappings", name, () =>
        this.#client.send(new ListEventSourceMappingsCommand(input)),
      );
      for (const { EventSourceArn: source, FunctionArn: arn } of page.EventSourceMappings ?? []) {
        found.push({ kind: "event-source", name: source ?? "one without an ARN", qualifier: qualifierOf(arn ?? "") });
      }
      marker = page.NextMarker;
    } while (marker !== undefined);
    return found;
  }

  async #urls(name: string): Promise<readonly Caller[]> {
    const input = { FunctionName: name };
    const page = await this.#call("ListFunctionUrlConfigs", name, () =>
      this.#client.send(new ListFunctionUrlConfigsCommand(input)),
    );
    return (page.FunctionUrlConfigs ?? []).map(({ FunctionUrl: url, FunctionArn: arn }) => ({
      kind: "url",
      name: url ?? "one without an address",
      qualifier: qualifierOf(arn ?? ""),
    }));
  }

  async #policy(name: string, qualifier: string | null): Promise<readonly Caller[]> {
    const input = { FunctionName: name, ...(qualifier === null ? {} : { Qualifier: qualifier }) };
    const on = qualifier === null ? name : `${name}:${qualifier}`;
    const found = await this.#call("GetPolicy", on, () => this.#client.send(new GetPolicyCommand(input))).catch(
      nullIfMissing,
    );
    return principalsOf(found?.Policy ?? "").map((principal) => ({ kind: "policy", name: principal, qualifier }));
  }

  async provisionedConcurrency({ function: name, alias }: Target): Promise<number | null> {
    const input = { FunctionName: name, Qualifier: alias };
    const found = await this.#call("GetProvisionedConcurrencyConfig", `${name}:${alias}`, () =>
      this.#client.send(new GetProvisionedConcurrencyConfigCommand(input)),
    ).catch(nullIfMissing);
    return found?.RequestedProvisionedConcurrentExecutions ?? null;
  }

  async mayPublish(name: string): Promise<void> {
    const input = { FunctionName: name, CodeSha256: NO_SHA256, RevisionId: NO_REVISION };
    await this.#mayCall("PublishVersion", name, () => this.#client.send(new PublishVersionCommand(input)));
  }

  async mayWrite({ function: name, alias }: Target, { routing, description }: Alias): Promise<void> {
    const input = inputOf({ function: name, alias }, routing, description, NO_REVISION);
    await this.#mayCall("UpdateAlias", `${name}:${alias}`, () => this.#client.send(new UpdateAliasCommand(input)));
  }

  async mayCreate({ function: name, alias }: Target): Promise<void> {
    const input = { FunctionName: name, Name: alias, FunctionVersion: NO_VERSION };
    await this.#mayCall("CreateAlias", `${name}:${alias}`, () => this.#client.send(new CreateAliasCommand(input)));
  }

  /** Lambda looks at the rights first, and then at the request: any other refusal means that it is allowed. */
  async #mayCall(operation: string, on: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await this.#call(operation, on, call);
    } catch (error) {
      const isRefused = error instanceof ServiceError && /^(conflict|invalid|stuck|missing|busy)$/.test(error.fault);
      if (!isRefused) throw error;
    }
  }

  async read({ function: name, alias }: Target, signal?: AbortSignal): Promise<Alias | null> {
    const input = { FunctionName: name, Name: alias };
    const send = async () =>
      aliasOf(await this.#client.send(new GetAliasCommand(input), optionsOf(signal)), `${name}:${alias}`);
    // Without a signal it is part of a write or of a rollback, and they don't wait for looks.
    const turn = { isLook: signal !== undefined, signal };
    return this.#call("GetAlias", `${name}:${alias}`, send, turn).catch(nullIfMissing);
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
      aliasOf(await this.#client.send(new UpdateAliasCommand(input), optionsOf(signal)), `${name}:${alias}`);
    return this.#call("UpdateAlias", `${name}:${alias}`, send, { isLook: false, signal });
  }

  async create({ function: name, alias }: Target, version: Version, description: string): Promise<Alias> {
    const input = { FunctionName: name, Name: alias, FunctionVersion: version, Description: description };
    return this.#call("CreateAlias", `${name}:${alias}`, async () =>
      aliasOf(await this.#client.send(new CreateAliasCommand(input)), `${name}:${alias}`),
    );
  }

  async #call<T>(operation: string, on: string, call: () => Promise<T>, turn: Turn = LOOK): Promise<T> {
    try {
      return await this.#turn.run(turn, call);
    } catch (error) {
      throw serviceError({ operation, on, action: `lambda:${operation}` }, error);
    }
  }

  async #takeTurn(): Promise<void> {
    const turn = this.#turn.getStore();
    // Another's call, by the same client.
    if (turn === undefined) return;
    const { isLook, signal } = turn;
    // One that is given up while it waits leaves no gap for those behind it.
    const options = signal === undefined ? {} : { signal };
    if (isLook) await this.#looks.add(() => {}, options);
    await this.#calls.add(() => {}, options);
  }
}

// What nothing ever has: a request that names them is refused, if it isn't for want of rights.
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
    // Always sent, empty too: left out, Lambda keeps the old weights.
    RoutingConfig: {
      AdditionalVersionWeights: additional === null ? {} : { [additional.version]: fraction(additional.weight) },
    },
    Description: description,
    RevisionId: revision,
  };
}

/** The alias or version at the end of a function's ARN. */
function qualifierOf(arn: string): string | null {
  return arn.split(":")[7] ?? null;
}

/** Whom the statements of a policy let in. */
function principalsOf(policy: string): readonly string[] {
  try {
    const { Statement = [] } = JSON.parse(policy) as {
      readonly Statement?: readonly { readonly Principal?: unknown }[];
    };
    return Statement.map(({ Principal }) =>
      typeof Principal === "string"
        ? Principal
        : Object.values(Principal ?? {})
            .flat()
            .join(", "),
    );
  } catch {
    // No policy, or one that can't be read: it tells nobody.
    return [];
  }
}

/** Percent to the fraction that Lambda takes, and back; whole percents survive the way. */
function fraction(weight: number): number {
  return Math.round(weight) / 100;
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}

function optionsOf(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { abortSignal: signal };
}

function nullIfMissing(error: unknown): null {
  if (error instanceof ServiceError && error.fault === "missing") return null;
  throw error;
}

/** A field that Lambda always sends; an answer without it is no answer. */
function told<T>(value: T | undefined, operation: string, on: string): T {
  if (value !== undefined) return value;
  throw new ServiceError("unclear", `${operation} of ${on} got an answer that can't be read`, null);
}

function aliasOf(answer: AliasConfiguration, on: string): Alias {
  const [weight] = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {});
  // Nobody shifts by a weight of 1: so Lambda itself keeps all calls where they were, until the version that the alias
  // was moved to has its provisioned concurrency.
  const isMoving = weight?.[1] === 1;
  return {
    routing: {
      primary: told(answer.FunctionVersion, "GetAlias", on),
      additional: weight === undefined || isMoving ? null : { version: weight[0], weight: percent(weight[1]) },
    },
    description: answer.Description ?? "",
    revision: told(answer.RevisionId, "GetAlias", on),
    movingFrom: isMoving ? weight[0] : null,
  };
}

function configurationOf(answer: FunctionConfiguration): Configuration {
  const arn = told(answer.FunctionArn, "GetFunctionConfiguration", answer.FunctionName ?? "a function");
  return {
    arn: arn.split(":").slice(0, 7).join(":"),
    codeSha256: answer.CodeSha256 ?? "",
    role: answer.Role ?? "",
    deadLetter: answer.DeadLetterConfig?.TargetArn || null,
    timeout: (answer.Timeout ?? 3) * SECOND,
    readiness: readinessOf(answer),
    updating: answer.LastUpdateStatus === "InProgress",
    isDurable: (answer.DurableConfig ?? null) !== null,
  };
}

/** An inactive version starts again by itself at its next call; a SnapStart one is ready once its snapshot is. */
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
