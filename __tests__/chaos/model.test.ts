import assert from "node:assert/strict";
import test from "node:test";
import { playModel, tellSchedule } from "../../bench/chaos/model/model.ts";

test("whatever two releases, a rollback, Terraform and kills do to one another, the alias ends whole, and nobody's work is undone", async () => {
  const { kinds, writes } = await playModel(10_000);
  assert.ok(writes > 25_000, `only ${writes} writes took effect`);
  const told = [...kinds.values()].map(async ({ miss, least }) => `${miss}\n${await tellSchedule(least)}`);
  assert.deepEqual(await Promise.all(told), []);
});
