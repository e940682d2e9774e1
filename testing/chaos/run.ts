import { parseArgs } from "node:util";
import { formatCall } from "../simulator/transcript.ts";
import { playBeside } from "./beside.ts";
import { casesOf, recordAll, sampleOf } from "./cases.ts";
import { playModel, tellSchedule } from "./model/model.ts";
import { type Play, titleOf } from "./play.ts";
import { type Part, Pool } from "./pool.ts";
import { tables } from "./tables.ts";
import { copyBundle, Testbed } from "./testbed.ts";
import { isForHosts, NEVER_CAME, play } from "./trial.ts";

/**
 * `npm run chaos`: every fault at every call of a release, a fleet, a rollback and a healing, in compressed time; then
 * the model. Hosts play what they can, and the bundle that users get the rest. Exits with 1 on any miss.
 *
 * `--rough` plays all of it in rough weather: late figures, stale reads.
 *
 * `--only TEXT` plays the cases whose title contains it, `--show` prints the log and the calls of each, `--list` prints
 * the titles, `--sample N` plays N cases drawn by `--seed N`, `--model N` plays N schedules, `--minutes N` stops early.
 */

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    show: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    model: { type: "string", default: "10000" },
    sample: { type: "string" },
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    rough: { type: "boolean", default: false },
  },
});
const began = performance.now();
/** On Ctrl-C, print the results so far. */
let isStopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isStopped = true;
  });
}
if (values.rough) Testbed.conduct = "rough";
const bundle = await copyBundle();
const pool = new Pool(bundle);
try {
  const recordings = await recordAll(bundle);
  const all = casesOf(recordings);
  const meant = all.filter((chaosCase) => values.only.every((text) => titleOf(chaosCase).includes(text)));
  // In random order, so that a run that stops early has tried some of everything.
  const cases = sampleOf(meant, Number(values.sample ?? meant.length), Number(values.seed));
  if (values.list) {
    for (const chaosCase of cases) print(titleOf(chaosCase));
  } else if (values.show) {
    for (const chaosCase of cases) {
      const trial = await play(chaosCase, { bundle, host: null }, show);
      print(
        `${trial.end}; ${trial.misses.length === 0 ? "the promise is kept" : `MISSES\n${trial.misses.join("\n")}`}\n`,
      );
    }
  } else {
    let [done, missed] = [0, 0];
    const parts = cases.map((chaosCase): Part => ({ chaosCase, by: isForHosts(chaosCase) ? "host" : "bundle" }));
    const trials = await pool.playAll(parts, {
      isOver: () => isStopped || performance.now() - began > Number(values.minutes) * 60_000,
      onTrial: ({ chaosCase, by, misses }) => {
        done += 1;
        missed += misses.length > 0 ? 1 : 0;
        if (misses.length > 0) print(`MISS ${titleOf(chaosCase)}, by the ${by}\n     ${misses.join("\n     ")}`);
        if (done % 100 === 0) process.stderr.write(`${done} of ${parts.length}, ${missed} missed, ${seconds()} s\n`);
      },
    });
    print(tables(recordings, trials));
    const absent = trials.filter(({ end }) => end === NEVER_CAME);
    print(`\n${absent.length} faults never struck: their call didn't come in any of several tries`);
    for (const { chaosCase } of absent) print(`  ${titleOf(chaosCase)}`);
    // If stories change from run to run, they test nothing.
    if (absent.length > trials.length / 100) missed += 1;
    if (values.only.length === 0) missed += (await tellBeside()) + (await tellModel(Number(values.model)));
    const byHosts = trials.filter(({ by }) => by === "host").length;
    const shares = `${byHosts} played by hosts, ${trials.length - byHosts} by the bundle`;
    print(
      `${trials.length - absent.length} faults in ${seconds()} s, ${shares}: ${missed === 0 ? "all survived" : `${missed} MISSED`}`,
    );
    process.exitCode = missed === 0 ? 0 : 1;
  }
} finally {
  await pool.close();
  await bundle.discard();
}

/** Plays post beside a living main, from each of main's calls on. @returns the number of misses */
async function tellBeside(): Promise<number> {
  const ends = new Map<string, number>();
  let missed = 0;
  for (let number = 1; ; number += 1) {
    const { end, misses, came } = await playBeside(bundle, number);
    if (!came) break;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    missed += misses.length;
    for (const miss of misses) print(`MISS post beside main from its call ${number} on: ${miss}`);
  }
  print(
    `\npost beside a living main: ${[...ends].map(([end, count]) => `${count} × ${end}`).join(", ")}; ${missed} missed`,
  );
  return missed;
}

/** @returns the number of kinds of misses */
async function tellModel(count: number): Promise<number> {
  const { schedules, writes, missed, kinds } = await playModel(count);
  for (const { count: times, miss, least } of kinds.values()) {
    print(`\nMISS in the model, ${times} times, for example: ${miss}\n${await tellSchedule(least)}`);
  }
  print(
    `\nmodel: ${schedules} schedules of two releases, a rollback, Terraform and kills, ${writes} writes; ${missed} missed\n`,
  );
  return kinds.size;
}

function seconds(): string {
  return ((performance.now() - began) / 1000).toFixed(0);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function show({ chaosCase, testbed, runs }: Play): void {
  print(`# ${titleOf(chaosCase)}\n`);
  for (const { actor, log, exitCode, signal, outputs, state } of runs) {
    print(`## ${actor}: ${signal ?? `exit code ${exitCode}`}\n`);
    for (const { kind, text } of log) print(kind === "text" ? text : `[${kind}] ${text}`);
    print(`outcome ${outputs["outcome"]}: ${outputs["reason"]}`);
    print(`state ${JSON.stringify(state)}\n`);
  }
  for (const call of testbed.simulator.calls) print(formatCall(call));
  for (const { at, by, target, state } of testbed.changes) {
    print(`${new Date(at).toISOString().slice(11, 19)} ${by} ${target} ${JSON.stringify(state)}`);
  }
}
