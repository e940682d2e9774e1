import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandoverToPost, takeOver } from "../../src/action/state.ts";
import type { AliasRecord } from "../../src/domain/alias-record.ts";
import { MINUTE, parseInstant } from "../../src/domain/time.ts";
import type { Outcome } from "../../src/release/events.ts";
import { parseNamedValues } from "../../testing/simulator/commands.ts";

const target = { function: "checkout", alias: "live" };
const AT = parseInstant("2026-11-21T14:00:00Z");

function canary(weight: number): AliasRecord {
  const step = { weight, step: 1, steps: 3, until: AT + MINUTE };
  return { ...{ state: "canary", baseline: "41", canary: "42" }, ...step, at: AT, run: { id: "7001", attempt: 1 } };
}

/** What post gets of these writes and this end; its own Region is another one. */
async function handedOver(weights: readonly number[], end: Outcome | null) {
  const folder = await mkdtemp(join(tmpdir(), "state-"));
  const file = join(folder, "state");
  await writeFile(file, "");
  const before = { ...process.env };
  try {
    Object.assign(process.env, { GITHUB_STATE: file, INPUT_ALIAS: "live", "INPUT_GITHUB-TOKEN": "secret" });
    const handover = new HandoverToPost({ write: ({ kind }) => assert.fail(kind) });
    handover.locate("eu-west-1");
    for (const weight of weights) handover.sending([{ target, record: canary(weight) }]);
    if (end !== null) handover.end(end);
    const text = await readFile(file, "utf8");
    for (const [name, value] of Object.entries(parseNamedValues(text))) process.env[`STATE_${name}`] = value;
    Object.assign(process.env, { INPUT_ALIAS: "prod", "INPUT_AWS-REGION": "us-east-1" });
    const left = takeOver();
    return { left, text, alias: process.env["INPUT_ALIAS"], region: process.env["INPUT_AWS-REGION"] };
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
    await rm(folder, { recursive: true });
  }
}

test.each(["killed", "failed", "superseded"] as const)(
  "after a release that was %s, post gets the last two writes, and main's inputs but for the token",
  async (end) => {
    const { left, text, alias, region } = await handedOver([5, 25, 50], end === "killed" ? null : end);
    expect(left).toStrictEqual({ sent: [{ target, records: [canary(25), canary(50)] }], end });
    expect({ alias, region }).toStrictEqual({ alias: "live", region: "eu-west-1" });
    expect(text).not.toMatch(/secret/);
  },
);

test.each([
  ["promoted", [5, 25]],
  ["rolled-back", [5]],
  ["created", []],
  ["failed", []],
  ["superseded", []],
] as const)("nothing is left after %s with the writes %j, and post keeps its own inputs", async (end, weights) => {
  const { left, alias, region } = await handedOver(weights, end);
  expect({ left, alias, region }).toStrictEqual({ left: null, alias: "prod", region: "us-east-1" });
});
