import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MINUTE } from "../../src/domain/time.ts";
import { linesOf, MID_BAKE, onStage } from "./stage.ts";

describe("whatever becomes of the runner, its aliases end where they belong", () => {
  const IRELAND = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" };
  test.each([
    { what: "are empty, as within other actions", anew: { inputs: { function: "" } } },
    {
      what: "name another function, and another Region follows",
      anew: { inputs: { function: "refund", alias: "beta" }, environment: IRELAND },
    },
  ])(
    "post heals where main shifted, though its own inputs $what",
    onStage("healthy", async (stage, { anew }) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.kill());
      const post = await (await action.post(anew)).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "what can't be handed to the post step keeps nothing from being told",
    onStage("healthy", async (stage) => {
      const folder = await mkdtemp(join(tmpdir(), "state-"));
      const state = join(folder, "state");
      await writeFile(state, "");
      const lose = { kind: "hook", when: "after", run: () => rm(folder, { recursive: true }) } as const;
      stage.simulator.inject({ operation: "UpdateAlias" }, lose);
      const environment = { ...stage.simulator.environment, GITHUB_STATE: state };
      const run = await stage.run({ steps: "50% for 1m" }, { environment });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(run.summary).toMatch(/promoted/);
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/the post step can't be told what is being shifted .*the watchdog puts the alias back/),
      );
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/the post step can't be told that this one has ended .*: if this step wrote/),
      );
    }),
  );

  test(
    "a release whose runner is gone, so that nothing takes what it prints, is rolled back",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.deafen());
      const run = await action.finished;
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(/the runner is gone/);
      expect(stage.serves()).toBe("3");
      expect(stage.clock.now()).toBeLessThan(MID_BAKE + 2 * MINUTE);
    }),
  );

  test(
    "post heals though nothing takes what it prints",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.kill());
      await action.finished;
      const post = await action.post();
      post.deafen();
      expect((await post.finished).exitCode).toBe(0);
      expect(stage.serves()).toBe("3");
    }),
  );
});
