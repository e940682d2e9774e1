import { MINUTE } from "../../src/domain/time.ts";
import { playInOneProcess } from "./host.ts";
import { linesOf, onStage } from "./stage.ts";

playInOneProcess();

/** What makes a function run on Managed Instances. */
const MANAGED = {
  CapacityProviderConfig: {
    LambdaManagedInstancesCapacityProviderConfig: {
      CapacityProviderArn: "arn:aws:lambda:eu-central-1:123456789012:capacity-provider:shop",
    },
  },
};

describe("look and publish, from the bundle that users get", () => {
  test(
    "versions with different roles are refused before anything is published",
    onStage("healthy", async (stage) => {
      stage.checkout.stage({}, { Role: "arn:aws:iam::123456789012:role/other" });
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/different execution roles/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "a SnapStart version gets no call before its snapshot is there, however long that takes",
    onStage("healthy", async (stage) => {
      const checkout = stage.checkout;
      checkout.stage({}, { SnapStart: { ApplyOn: "PublishedVersions" } });
      Object.assign(checkout.pace, { activation: 8 * MINUTE });
      const began = stage.clock.now();
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      const shift = stage.simulator.calls.find(({ operation }) => operation === "UpdateAlias");
      expect(shift?.at ?? 0).toBeGreaterThanOrEqual(began + 8 * MINUTE);
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/waiting for version 4 of checkout to become active \(7m/),
      );
    }),
  );

  test(
    "a function on Managed Instances is released by its numbered versions, whatever is published beside them",
    onStage("healthy", async (stage) => {
      const checkout = stage.checkout;
      checkout.stage({}, MANAGED);
      checkout.publish({ to: "LATEST_PUBLISHED" });
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(stage.serves()).toBe("4");
      expect(linesOf(run)).not.toContainEqual(expect.stringMatching(/nothing has changed/));
      const back = await stage.run({ command: "rollback" });
      expect(back.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "an alias on $LATEST.PUBLISHED is refused before anything is published, and a rollback by itself finds no way",
    onStage(null, async (stage) => {
      const checkout = stage.simulator.account.addFunction({ name: "checkout", settings: MANAGED });
      checkout.publish({ to: "LATEST_PUBLISHED" });
      checkout.createAlias("live", { version: "$LATEST.PUBLISHED" });
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(
        /checkout:live points to \$LATEST\.PUBLISHED, which can change during a release/,
      );
      const back = await stage.run({ command: "rollback" });
      expect(back.outputs["reason"]).toMatch(/there is no lower version to go back to: name one/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "of a durable function it is said what no rollback takes back, by plan and deploy",
    onStage("healthy", async (stage) => {
      stage.checkout.stage({}, { DurableConfig: { ExecutionTimeout: 86_400 } });
      const said =
        / checkout is a durable function: its executions stay on the version they started on, and a rollback/;
      for (const inputs of [{ command: "plan" }, { steps: "50% for 1m" }]) {
        const run = await stage.run(inputs);
        expect(run.exitCode).toBe(0);
        expect(linesOf(run).filter((line) => said.test(line))).toHaveLength(1);
      }
    }),
  );
});
