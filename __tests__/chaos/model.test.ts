import { playModel, tellSchedule } from "../../bench/chaos/model/model.ts";

// Played before there is a test: within one, the runner follows each of the millions of promises, at twice the time.
const { kinds, writes } = await playModel(10_000);

test("whatever two releases, a rollback, Terraform and kills do to one another, the alias ends whole, and nobody's work is undone", async () => {
  expect(writes).toBeGreaterThan(25_000) /* MSG `only ${writes} writes took effect` */;
  const told = [...kinds.values()].map(async ({ miss, least }) => `${miss}\n${await tellSchedule(least)}`);
  expect(await Promise.all(told)).toStrictEqual([]);
});
