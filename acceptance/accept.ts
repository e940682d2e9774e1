import { LambdaClient } from "@aws-sdk/client-lambda";
import { type Simulator, startSimulator } from "../testing/simulator/server.ts";
import { REAL_TIME } from "../testing/simulator/time.ts";
import type { Skippable } from "./arguments.ts";
import { answers } from "./assumptions/answers.ts";
import { figures } from "./assumptions/figures.ts";
import { provisioned } from "./assumptions/provisioned.ts";
import { staleReads } from "./assumptions/stale-reads.ts";
import { uploads } from "./assumptions/uploads.ts";
import { mostCalls } from "./cost.ts";
import { build, remove } from "./fixture.ts";
import { type Place, placeAt } from "./place.ts";
import { Traffic } from "./traffic.ts";
import { attempt, type Finding, type Trial } from "./trial.ts";

export interface Acceptance {
  readonly name: string;
  readonly role: string;
  readonly calls: number;
  readonly skip: readonly Skippable[];
  /** Ends it early. What was made is deleted all the same. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** How a run has ended. */
export interface Accepted {
  readonly findings: readonly Finding[];
  readonly sent: number;
  readonly lost: number;
  /** Why it ended early; null if it didn't. */
  readonly failure: Error | null;
  /** Why the function is still there; null if it isn't. */
  readonly left: Error | null;
}

/** Makes a function, measures, and deletes it whatever happens. */
export async function accept({ name, role, calls, skip, signal, say }: Acceptance): Promise<Accepted> {
  const account = placeAt(name, {}, signal);
  const simulator = await startSimulator({ time: REAL_TIME });
  const own = placeAt(name, configurationOf(simulator), signal);
  const traffic = new Traffic(account, new LambdaClient({ maxAttempts: 1 }), mostCalls(calls));
  const findings: Finding[] = [];
  const trial: Trial = { account, own, simulator, traffic, calls, signal, say };
  let [failure, left] = [null as Error | null, null as Error | null];
  try {
    say(`Making ${name}`);
    // Waits for both even if one has failed: nothing must be made after it was deleted.
    for (const built of await Promise.allSettled([build(account, role), build(own, role)])) {
      if (built.status === "rejected") throw built.reason;
    }
    await measure(trial, skip, (found) => findings.push(...found));
  } catch (error) {
    failure = error as Error;
  }
  try {
    say(`Deleting ${name}`);
    await discard(account);
  } catch (error) {
    left = error as Error;
  }
  await simulator.close();
  return { findings, sent: traffic.sent, lost: traffic.lost, failure, left };
}

async function measure(
  trial: Trial,
  skip: readonly Skippable[],
  note: (findings: readonly Finding[]) => void,
): Promise<void> {
  const has = (part: Skippable) => !skip.includes(part);
  trial.say("Asking Lambda what it refuses, and how");
  note(await attempt(trial, "How calls are answered", () => answers(trial)));
  note(await attempt(trial, "What uploads leave", () => uploads(trial)));
  trial.say("Reading what was just written");
  note(await attempt(trial, "Whether reads are stale", () => staleReads(trial)));
  let again = async (): Promise<readonly Finding[]> => [];
  // Both take minutes, and don't disturb each other.
  const both = await Promise.all([
    attempt(trial, "How late figures are", async () => {
      if (!has("figures")) return [];
      const figured = await figures(trial);
      again = async () => [await figured.again()];
      return figured.findings;
    }),
    attempt(trial, "What becomes of provisioned concurrency", async () =>
      has("provisioned") ? provisioned(trial) : [],
    ),
  ]);
  note(both.flat());
  if (has("releases")) {
    // The runner brings a compiler along: load it only when it is needed.
    const { releases } = await import("./assumptions/releases.ts");
    note(await attempt(trial, "Releases by the action", () => releases(trial)));
  }
  note(await attempt(trial, "Whether figures still change", () => again()));
}

/** Deletes the function with clients that an interruption doesn't stop. */
async function discard({ name }: Place): Promise<void> {
  await remove(placeAt(name, {}, new AbortController().signal), name);
}

function configurationOf({ url, account: { region } }: Simulator) {
  return { endpoint: url, region, credentials: { accessKeyId: "AKIASIMULATOR", secretAccessKey: "simulator" } };
}
