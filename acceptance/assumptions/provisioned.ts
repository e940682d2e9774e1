import {
  type AliasConfiguration,
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { type Duration, formatDuration, MINUTE, SECOND } from "../../src/domain/time.ts";
import { describeRouting } from "../../testing/simulator/lambda/alias.ts";
import { answerTo, type Place } from "../place.ts";
import type { Finding, Trial } from "../trial.ts";

const Name = "ready";
const PAUSE: Duration = 10 * SECOND;
const LONGEST: Duration = 10 * MINUTE;

/** What becomes of provisioned concurrency when an alias gets a weight and is then promoted. */
export async function provisioned({ account, own, simulator }: Trial): Promise<readonly Finding[]> {
  const { pace } = simulator.account.functions.get(own.name) ?? {};
  // What happens doesn't depend on it.
  if (pace !== undefined) pace.provisioning = 2 * PAUSE;
  const [seen, assumed] = await Promise.all([promoted(account), promoted(own)]);
  const rows: readonly (readonly [string, keyof typeof seen])[] = [
    ["A weight for an alias with provisioned concurrency", "weighted"],
    ["A promotion of it that clears the weights", "cleared"],
    ["What the alias shows right after that", "shown"],
    ["What it shows in the end", "end"],
  ];
  return rows.map(([assumption, what]) => ({
    assumption,
    simulator: String(assumed[what]),
    seen: what === "end" ? `${seen.end}, ${formatDuration(seen.took)} later` : String(seen[what]),
    same: seen[what] === assumed[what],
  }));
}

async function promoted(place: Place) {
  const { lambda, name: FunctionName } = place;
  const look = () => lambda.send(new GetAliasCommand({ FunctionName, Name }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: "1" }));
  const qualified = { FunctionName, Qualifier: Name };
  const input = { ...qualified, ProvisionedConcurrentExecutions: 1 };
  await lambda.send(new PutProvisionedConcurrencyConfigCommand(input));
  await until(place, async () => {
    const { Status, StatusReason } = await lambda.send(new GetProvisionedConcurrencyConfigCommand(qualified));
    if (Status === "FAILED") throw new Error(`the provisioned concurrency is FAILED: ${StatusReason}`);
    return Status === "READY";
  });
  const set = (change: object) => answerTo(lambda.send(new UpdateAliasCommand({ FunctionName, Name, ...change })));
  const weighted = await set({ RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } } });
  const cleared = await set({ FunctionVersion: "2", RoutingConfig: { AdditionalVersionWeights: {} } });
  const promotedAt = Date.now();
  const shown = routingOf(await look());
  await until(place, async () => (await look()).RoutingConfig?.AdditionalVersionWeights === undefined);
  const took = Date.now() - promotedAt;
  const end = routingOf(await look());
  await lambda.send(new DeleteProvisionedConcurrencyConfigCommand(qualified));
  return { weighted, cleared, shown, end, took };
}

/** Waits for something for ten minutes at most. */
async function until({ pause }: Place, isSo: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < LONGEST; waited += PAUSE) {
    if (await isSo()) return;
    await pause(PAUSE);
  }
  throw new Error("the provisioned concurrency wasn't ready after 10 minutes");
}

/** `2`, or `2 + 1@100%`. */
export function routingOf({ FunctionVersion = "", RoutingConfig }: AliasConfiguration): string {
  const [additional] = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
  return describeRouting({
    version: FunctionVersion,
    additional: additional === undefined ? null : { version: additional[0], weight: additional[1] },
  });
}
