import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { formatDuration } from "../src/domain/time.ts";
import { HELP, readArguments, type Wishes } from "./arguments.ts";
import { LONGEST, mostCalls, mostCost, USUAL } from "./cost.ts";

type Accept = Extract<Wishes, { kind: "accept" }>;

/** @returns the exit code: 0 if all is as assumed, 1 if not, 2 if nothing was done, 130 if it was interrupted */
export async function main(args: readonly string[]): Promise<number> {
  // Nobody may be listening any more. What was made has to be deleted all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  try {
    return await carryOut(readArguments(args));
  } catch (error) {
    // Such as no Region, or no credentials.
    console.error((error as Error).message);
    return 1;
  }
}

async function carryOut(wishes: ReturnType<typeof readArguments>): Promise<number> {
  switch (wishes.kind) {
    case "wrong":
      console.error(`${wishes.problem}\n\n${HELP}`);
      return 2;
    case "help":
      console.log(HELP);
      return 0;
    case "clean":
      return clean(wishes.yes);
    case "accept":
      return run(wishes);
  }
}

async function run({ role, yes, calls, skip, report }: Accept): Promise<number> {
  // Loaded late, so that a question or a mistake comes at once.
  const { newName } = await import("./fixture.ts");
  const name = newName();
  const where = await whereWeAre();
  say(
    `This makes the function ${name} in ${where}, calls it at most ${mostCalls(calls)} times, and deletes it. ` +
      `It takes about ${formatDuration(USUAL)}, or up to ${formatDuration(LONGEST)} if figures are late, ` +
      `and costs less than $${mostCost(calls).toFixed(2)}.`,
  );
  if (!yes && !(await isWanted("Go on?"))) return 2;
  const { accept } = await import("./accept.ts");
  const { reportOf } = await import("./report.ts");
  const interrupted = interruption();
  const began = new Date();
  const { findings, sent, lost, failure, left } = await accept({ name, role, calls, skip, signal: interrupted, say });
  const told = interrupted.aborted ? "it was interrupted" : (failure?.message ?? null);
  const cleaned =
    left === null
      ? "All that was made is deleted."
      : `**${name} couldn't be deleted** (${left.message}): run \`npm run acceptance -- --clean\`.`;
  const circumstances = { where, began, ended: new Date(), calls: sent, lost, skipped: skip, failure: told, cleaned };
  writeFileSync(report, reportOf(findings, circumstances));
  const wrong = findings.filter(({ same }) => same === false);
  for (const { assumption, simulator, seen } of wrong) say(`NOT SO: ${assumption}: ${seen}, not ${simulator}`);
  const open = findings.filter(({ same }) => same === null).length;
  say(`${findings.length} assumptions, ${wrong.length} wrong here, ${open} not measured. The report is in ${report}`);
  if (told !== null) console.error(`It ended early: ${told}`);
  if (left !== null) console.error(cleaned);
  if (interrupted.aborted) return 130;
  return failure === null && left === null && wrong.length === 0 && open === 0 ? 0 : 1;
}

async function clean(yes: boolean): Promise<number> {
  const { leftovers, remove } = await import("./fixture.ts");
  const { placeAt } = await import("./place.ts");
  const place = placeAt("", {}, interruption());
  const names = await leftovers(place.lambda);
  say(names.length === 0 ? "Nothing is left." : `Left by earlier runs: ${names.join(", ")}`);
  if (names.length > 0 && !yes && !(await isWanted("Delete them?"))) return 2;
  for (const name of names) {
    await remove(place, name);
    say(`Deleted ${name}`);
  }
  return 0;
}

/** The Region, or the address that stands in for AWS. */
async function whereWeAre(): Promise<string> {
  const { LambdaClient } = await import("@aws-sdk/client-lambda");
  const region = await new LambdaClient({}).config.region();
  const address = process.env["AWS_ENDPOINT_URL_LAMBDA"] ?? process.env["AWS_ENDPOINT_URL"];
  return address === undefined ? `AWS, ${region}` : `${address}, ${region}`;
}

/** Without an answer, such as in a pipe, nothing is wanted. */
async function isWanted(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
  lines.close();
  if (/^y(es)?$/i.test(answer.trim())) return true;
  say("Nothing was done. Without a person to ask, use --yes.");
  return false;
}

/** Aborts on the first Ctrl-C or SIGTERM. Later ones change nothing: what was made is being deleted. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return;
      console.error("Interrupted. What was made is being deleted: please wait.");
      controller.abort(new Error("it was interrupted"));
    });
  }
  return controller.signal;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
