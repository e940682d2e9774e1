import {
  type AliasConfiguration,
  CreateAliasCommand,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import PQueue from "p-queue";
import type { Alias, Routing, Target, Version } from "../release/alias.ts";
import { type Configuration, type Functions, ServiceError, type Traffic } from "../release/ports.ts";
import { SECOND } from "../release/time.ts";
import { serviceError } from "./faults.ts";

/**
 * Lambda's control plane takes 15 calls a second for the whole account and Region. One is left for others, and reads
 * take no more than eight, so that a rollback never waits for them.
 */
const CALLS = { intervalCap: 14, interval: SECOND, strict: true };
const READS = { ...CALLS, intervalCap: 8 };

/** Lambda as functions and their versions, and as the aliases that carry the traffic. */
export class Lambda implements Functions, Traffic {
  readonly #client: LambdaClient;
  // Only turns are queued, not calls: a slow answer holds up none of those behind it.
  readonly #calls = new PQueue(CALLS);
  readonly #reads = new PQueue(READS);

  constructor(client: LambdaClient) {
    this.#client = client;
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
        if (version !== undefined && version !== "$LATEST") found.push(version);
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

  async read({ function: name, alias }: Target): Promise<Alias | null> {
    const input = { FunctionName: name, Name: alias };
    return this.#call("GetAlias", `${name}:${alias}`, async () =>
      aliasOf(await this.#client.send(new GetAliasCommand(input)), `${name}:${alias}`),
    ).catch(nullIfMissing);
  }

  async write(
    { function: name, alias }: Target,
    { primary, additional }: Routing,
    description: string,
    revision: string,
    signal?: AbortSignal,
  ): Promise<Alias> {
    const input = {
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
    const options = signal === undefined ? {} : { abortSignal: signal };
    const send = async () =>
      aliasOf(await this.#client.send(new UpdateAliasCommand(input), options), `${name}:${alias}`);
    return this.#call("UpdateAlias", `${name}:${alias}`, send, signal);
  }

  async create({ function: name, alias }: Target, version: Version, description: string): Promise<Alias> {
    const input = { FunctionName: name, Name: alias, FunctionVersion: version, Description: description };
    return this.#call("CreateAlias", `${name}:${alias}`, async () =>
      aliasOf(await this.#client.send(new CreateAliasCommand(input)), `${name}:${alias}`),
    );
  }

  /** @param signal gives the call up, in the queue too: then it leaves no gap for those behind it */
  async #call<T>(operation: string, on: string, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const options = signal === undefined ? {} : { signal };
    try {
      if (operation !== "UpdateAlias") await this.#reads.add(() => {}, options);
      await this.#calls.add(() => {}, options);
      return await call();
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw serviceError({ operation, on, action: `lambda:${operation}` }, error);
    }
  }
}

/** Percent to the fraction that Lambda takes, and back; whole percents survive the way. */
function fraction(weight: number): number {
  return Math.round(weight) / 100;
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
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
  return {
    routing: {
      primary: told(answer.FunctionVersion, "GetAlias", on),
      additional: weight === undefined ? null : { version: weight[0], weight: percent(weight[1]) },
    },
    description: answer.Description ?? "",
    revision: told(answer.RevisionId, "GetAlias", on),
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
