import { playModel, tellSchedule } from "../../../testing/chaos/model/model.ts";

test("whatever two releases, a rollback, Terraform and kills do to one another, the alias ends whole, and nobody's work is undone", async () => {
  const { kinds, writes } = await playModel(4_000);
  expect(writes).toBeGreaterThan(15_000);
  const told = [...kinds.values()].map(async ({ miss, least }) => `${miss}\n${await tellSchedule(least)}`);
  expect(await Promise.all(told)).toStrictEqual([]);
});
