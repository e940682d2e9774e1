import { GetAliasCommand, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import type { SimulatedTime } from "../../../testing/simulator/time.ts";
import { open } from "./clients.ts";

/** Goes on a little each time somebody looks at it, as a real clock does. */
function movingTime(): SimulatedTime {
  let now = Date.UTC(2026, 0, 5, 9);
  return {
    now: () => {
      now += 1;
      return now;
    },
    at: () => {},
    letTimePass: () => () => {},
  };
}

test("where time goes by, a write's own answer shows what it wrote", async () => {
  const world = await open({ time: movingTime() });
  try {
    const checkout = world.simulator.account.addFunction({ name: "checkout" });
    checkout.createAlias("live", { version: checkout.release() });
    const next = checkout.release();
    const alias = { FunctionName: "checkout", Name: "live" };
    const { RevisionId } = await world.lambda.send(new GetAliasCommand(alias));
    const written = await world.lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: next }));
    expect(written.FunctionVersion).toBe(next);
    expect(written.RevisionId).not.toBe(RevisionId);
  } finally {
    await world.close();
  }
});
