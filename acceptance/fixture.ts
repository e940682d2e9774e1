import { randomBytes } from "node:crypto";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { type Duration, MINUTE, SECOND } from "../src/domain/time.ts";
import { ERROR_RATE, zipped } from "./code.ts";
import { answerTo, type Place } from "./place.ts";

/** What everything that a run makes is tagged with. Its names begin with it too, so that a policy can name them. */
export const TAG = "lambda-canary-acceptance";
/** The alias that gets the calls. */
export const ALIAS = "live";

const LONGEST_WAIT: Duration = 3 * MINUTE;

export function newName(): string {
  return `${TAG}-${randomBytes(4).toString("hex")}`;
}

/** Makes the function with versions 1 and 2, which differ only in their code, and its alias on version 1. */
export async function build(place: Place, role: string): Promise<void> {
  const { lambda, name: FunctionName } = place;
  const create = new CreateFunctionCommand({
    FunctionName,
    Role: role,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Timeout: 3,
    MemorySize: 128,
    Description: "Made by `npm run acceptance` of Lambda Canary. Can be deleted.",
    Environment: { Variables: { [ERROR_RATE]: "0" } },
    Tags: { [TAG]: new Date().toISOString() },
    Code: { ZipFile: zipped("version 1") },
  });
  await patiently(place, /cannot be assumed/, () => lambda.send(create));
  await settled(place);
  await publish(place);
  await upload(place, "version 2");
  await publish(place);
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: ALIAS, FunctionVersion: "1" }));
}

/** Uploads code to `$LATEST` and waits until Lambda has taken it. */
export async function upload(place: Place, note: string): Promise<FunctionConfiguration> {
  await place.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: place.name, ZipFile: zipped(note) }));
  return settled(place);
}

/** Publishes a version and waits until it can serve. */
export async function publish(place: Place): Promise<string> {
  const { Version = "" } = await place.lambda.send(new PublishVersionCommand({ FunctionName: place.name }));
  await settled(place, Version);
  return Version;
}

/** Waits until Lambda is done with `$LATEST`, or a version. */
export async function settled(place: Place, Qualifier?: string): Promise<FunctionConfiguration> {
  const command = new GetFunctionConfigurationCommand({
    FunctionName: place.name,
    ...(Qualifier === undefined ? {} : { Qualifier }),
  });
  for (let waited = 0; waited < LONGEST_WAIT; waited += SECOND) {
    const configuration = await place.lambda.send(command);
    const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration;
    if (State === "Failed") throw new Error(`the function failed to start: ${StateReason}`);
    if (LastUpdateStatus === "Failed") throw new Error(`the last update failed: ${LastUpdateStatusReason}`);
    if (State !== "Pending" && LastUpdateStatus !== "InProgress") return configuration;
    await place.pause(SECOND);
  }
  throw new Error(`Lambda wasn't done with ${place.name} after 3 minutes`);
}

/** Deletes a function with all that belongs to it. Not finding it is fine. */
export async function remove(place: Pick<Place, "lambda" | "pause">, name: string): Promise<void> {
  const command = new DeleteFunctionCommand({ FunctionName: name });
  const answer = await patiently(place, /^409 /, async () => {
    const told = await answerTo(place.lambda.send(command));
    if (told.startsWith("409 ")) throw new Error(told);
    return told;
  });
  if (!/^204$|^404 /.test(answer)) throw new Error(answer);
}

/** The functions that earlier runs have left, by name and tag. */
export async function leftovers(lambda: LambdaClient): Promise<readonly string[]> {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(new ListFunctionsCommand(Marker === undefined ? {} : { Marker }));
    for (const { FunctionName = "", FunctionArn } of page.Functions ?? []) {
      if (!FunctionName.startsWith(`${TAG}-`)) continue;
      const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource: FunctionArn }));
      if (Tags[TAG] !== undefined) found.push(FunctionName);
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return found;
}

/** Tries again as long as the call fails for a passing reason: a new role isn't known everywhere at once. */
async function patiently<T>({ pause }: Pick<Place, "pause">, passing: RegExp, call: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += 2 * SECOND) {
    try {
      return await call();
    } catch (error) {
      if (waited >= MINUTE || !passing.test((error as Error).message)) throw error;
      await pause(2 * SECOND);
    }
  }
}
