import assert from "node:assert/strict";
import { LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { MINUTE, SECOND } from "../../src/release/time.ts";
import { addFleet, linesOf, OTHER_RUN, onStage, type Stage } from "./stage.ts";

function functionOf(stage: Stage) {
  return stage.simulator.account.functions.get("checkout") ?? assert.fail("there is no function checkout");
}

/** What makes a function one of Managed Instances. */
const MANAGED = {
  CapacityProviderConfig: {
    LambdaManagedInstancesCapacityProviderConfig: {
      CapacityProviderArn: "arn:aws:lambda:eu-central-1:123456789012:capacity-provider:shop",
    },
  },
};

describe("look and publish, from the bundle that users get", () => {
  test(
    "an update that is still in progress is waited for, and then published",
    onStage("healthy", async (stage) => {
      const checkout = functionOf(stage);
      Object.assign(checkout.pace, { update: 30 * SECOND });
      const client = new LambdaClient({
        endpoint: stage.simulator.url,
        region: "eu-central-1",
        credentials: { accessKeyId: "AKIASIMULATOR", secretAccessKey: "simulator" },
      });
      const code = Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64");
      await client.send(new UpdateFunctionCodeCommand({ FunctionName: "checkout", ZipFile: code }));
      client.destroy();
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/waiting for an update of checkout to finish/));
      expect(stage.serves()).toBe("4");
    }),
  );

  test(
    "a version that can't be started fails the job before any shift",
    onStage("healthy", async (stage) => {
      const checkout = functionOf(stage);
      checkout.versions.activationFailure = "the image could not be pulled";
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/version 4 of checkout can't be started: the image could not be pulled/);
      expect(stage.writes()).toStrictEqual(["PublishVersion checkout"]);
    }),
  );

  test(
    "versions with different roles are refused before anything is published",
    onStage("healthy", async (stage) => {
      stage.simulator.account.functions.get("checkout")?.stage({}, { Role: "arn:aws:iam::123456789012:role/other" });
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/different execution roles/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "a SnapStart version gets no call before its snapshot is there, however long that takes",
    onStage("healthy", async (stage) => {
      const checkout = functionOf(stage);
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
      const checkout = functionOf(stage);
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
    "provisioned concurrency is told of before the first shift, and waited for at the promotion",
    onStage("healthy", async (stage) => {
      functionOf(stage).provision("live", 5);
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      const told = run.log.findIndex(({ text }) => /checkout:live keeps 5 environments ready.* colder/.test(text));
      const shifted = run.log.findIndex(({ text }) => text.includes("Step 1 of 1: 50 % on the canary"));
      expect(told).toBeGreaterThanOrEqual(0);
      expect(told).toBeLessThan(shifted);
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/waiting for the promotion to arrive/));
      expect(functionOf(stage).alias("live").routing(stage.clock.now())).toStrictEqual({
        version: "4",
        additional: null,
      });
    }),
  );

  test(
    "an alias whose provisioned concurrency is stuck is written once without weights, and then released to",
    onStage("healthy", async (stage) => {
      functionOf(stage).provision("live", 5);
      functionOf(stage).wedged.add("live");
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/was stuck, and refused the weights/));
      const [, refused, freed, shifted] = stage.writes().map((write) => write.replace(/ rev .*/, ""));
      expect([refused, freed, shifted]).toStrictEqual([
        "UpdateAlias checkout:live 3 + 4@50%",
        "UpdateAlias checkout:live 3",
        "UpdateAlias checkout:live 3 + 4@50%",
      ]);
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
        /checkout:live points to \$LATEST\.PUBLISHED, which changes under a release/,
      );
      const back = await stage.run({ command: "rollback" });
      expect(back.outputs["reason"]).toMatch(/there is no lower version to go back to: name one/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "of a durable function it is said what no rollback takes back, by plan and deploy",
    onStage("healthy", async (stage) => {
      functionOf(stage).stage({}, { DurableConfig: { ExecutionTimeout: 86_400 } });
      const said =
        / checkout is a durable function: its executions stay on the version that they began on, and a rollback/;
      for (const inputs of [{ command: "plan" }, { steps: "50% for 1m" }]) {
        const run = await stage.run(inputs);
        expect(run.exitCode).toBe(0);
        expect(linesOf(run).filter((line) => said.test(line))).toHaveLength(1);
      }
    }),
  );

  test(
    "a fleet of thirty stays under Lambda's fifteen calls a second, and is promoted in lockstep",
    onStage(
      null,
      async (stage) => {
        const names = Array.from({ length: 30 }, (_, index) => `service-${index}`);
        addFleet(stage, ...names);
        const run = await stage.run({ function: names.join("\n"), steps: "50% for 1m" });
        expect(run.outputs["outcome"]).toBe("promoted");
        expect(names.map((name) => stage.serves(name))).toStrictEqual(names.map(() => "3"));
        expect(stage.simulator.calls.filter(({ answer }) => answer.startsWith("429"))).toStrictEqual([]);
      },
      { quotas: true },
    ),
  );

  test(
    "a second run edits the comment that the first one made",
    onStage("healthy", async (stage) => {
      await stage.run({ steps: "50% for 1m" });
      await stage.run({ steps: "50% for 1m" }, { run: OTHER_RUN });
      const { comments } = stage.simulator.github.repository;
      expect(comments).toHaveLength(1);
      expect(comments[0]?.versions.at(-1)?.body).toMatch(/unchanged/);
    }),
  );

  test(
    "a pull request's own event tells where to comment, and the comment is edited at most every 15 seconds but at the end",
    onStage("healthy", async (stage) => {
      stage.simulator.github.repository.addPullRequest({ number: 12 });
      const event = { name: "pull_request", payload: { pull_request: { number: 12 } } };
      await stage.run({ "poll-interval": "5s", steps: "50% for 4m" }, { event });
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.issue).toBe(12);
      const edits = comment?.versions.map(({ at }) => at) ?? [];
      const pauses = edits.slice(1, -1).map((at, index) => at - (edits[index] ?? 0));
      expect(pauses.length).toBeGreaterThan(10);
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(15 * SECOND);
    }),
  );
});
