import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StartedAction } from "../../simulator/runner.ts";
import { Refusal } from "../../simulator/service.ts";
import { MINUTE, SECOND } from "../../src/release/time.ts";
import { addFleet, FOREVER, linesOf, MID_BAKE, ONE_RUN, OTHER_RUN, onStage, type Stage } from "./stage.ts";

/** The post steps of a job come in the reverse order of its steps. */
async function assertSecondTryStands(stage: Stage, first: StartedAction): Promise<void> {
  await stage.clock.advance(MINUTE);
  const second = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
  expect((await second.finished).outputs["outcome"]).toBe("promoted");
  for (const each of [second, first]) expect((await (await each.post()).finished).exitCode).toBe(0);
  expect(stage.serves()).toBe("4");
}

describe("whatever ends a run, its aliases end where they belong", () => {
  test(
    "of a fleet that is killed while one member is still promoted, post takes that one back, too",
    onStage(null, async (stage) => {
      addFleet(stage, "checkout", "refund");
      const action = await stage.start({ function: "checkout\nrefund", steps: "10% for 3m", guards: "" });
      const operation = "UpdateAlias";
      let isCancelled = false;
      const cancel = () => {
        isCancelled = true;
        action.cancel();
        return stage.until(stage.clock.now() + SECOND / 2);
      };
      // While the last promotion is under way; and then the other one can't be taken back before the kill.
      stage.simulator.inject({ operation, skip: 3 }, { kind: "hook", when: "before", run: cancel });
      const recover = stage.simulator.inject(
        { operation, target: "checkout:live", when: () => isCancelled, times: FOREVER },
        { kind: "hang", carriedOut: false },
      );
      const main = await action.finished;
      expect(main.signal).toBe("SIGKILL");
      expect([stage.serves("checkout"), stage.serves("refund")]).toStrictEqual(["3", "2"]);
      recover();
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect([stage.serves("checkout"), stage.serves("refund")]).toStrictEqual(["2", "2"]);
    }),
  );

  test(
    "a promotion whose answer never came before the kill is taken back by post",
    onStage(null, async (stage) => {
      addFleet(stage, "checkout");
      const action = await stage.start({ steps: "10% for 3m", guards: "" });
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1 }, { kind: "hang", carriedOut: true });
      stage.simulator.inject(
        { operation: "UpdateAlias", skip: 1 },
        { kind: "hook", when: "after", run: () => action.kill() },
      );
      await action.finished;
      expect(stage.serves()).toBe("3");
      const post = await (await action.post()).finished;
      expect(post.outputs["reason"]).toMatch(/checkout:live is back on the baseline/);
      expect(stage.serves()).toBe("2");
    }),
  );

  test(
    "a job that is refused leaves the release of another job of its run alone, and so does its post",
    onStage("healthy", async (stage) => {
      const first = await stage.start({}, { run: ONE_RUN });
      await stage.until(MID_BAKE);
      const second = await stage.start({}, { run: ONE_RUN });
      expect((await second.finished).outputs["outcome"]).toBe("failed");
      const post = await (await second.post()).finished;
      expect(post.exitCode).toBe(0);
      expect((await first.finished).outputs["outcome"]).toBe("promoted");
      expect(stage.writes()).not.toContainEqual(expect.stringMatching(/^UpdateAlias checkout:live 3 rev/));
    }),
  );

  test(
    "a rollback by another job of the run wins against a shift of its deploy that is under way",
    onStage("healthy", async (stage) => {
      const rollBack = async () => {
        const back = await stage.run({ command: "rollback" }, { run: ONE_RUN });
        expect(back.outputs["outcome"]).toBe("rolled-back");
      };
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1 }, { kind: "hook", when: "before", run: rollBack });
      const deployed = await stage.run({}, { run: ONE_RUN });
      expect(deployed.outputs["outcome"]).toBe("superseded");
      expect(deployed.outputs["reason"]).toMatch(
        /was rolled back from 4 to 3 by another job of this run and serves 3 now/,
      );
      expect(stage.serves()).toBe("3");
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

  test(
    "a second try of the same job stands, though the first one's post step comes after it",
    onStage("healthy", async (stage) => {
      const failing = { kind: "refused", refusal: new Refusal(500, "ServiceException", "trouble") } as const;
      const over = stage.simulator.inject({ operation: "UpdateAlias", times: FOREVER }, failing);
      const first = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
      expect((await first.finished).outputs["outcome"]).toBe("failed");
      over();
      await assertSecondTryStands(stage, first);
    }),
  );

  test(
    "a second try stands, too, where the first one was killed before its first shift had landed",
    onStage("healthy", async (stage) => {
      const first = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
      stage.simulator.inject(
        { operation: "UpdateAlias" },
        { kind: "hook", when: "before", run: () => void first.kill() },
      );
      stage.simulator.inject({ operation: "UpdateAlias" }, { kind: "hang", carriedOut: false });
      await first.finished;
      await assertSecondTryStands(stage, first);
    }),
  );

  test(
    "what an earlier step of the job promoted stands, though a later one can't shift",
    onStage("healthy", async (stage) => {
      const first = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
      expect((await first.finished).outputs["outcome"]).toBe("promoted");
      stage.simulator.account.functions.get("checkout")?.stage({});
      const refusal = new Refusal(403, "AccessDeniedException", "not authorized");
      stage.simulator.inject({ operation: "UpdateAlias", times: FOREVER }, { kind: "refused", refusal });
      const second = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
      expect((await second.finished).outputs["outcome"]).toBe("failed");
      for (const each of [second, first]) await (await each.post()).finished;
      expect(stage.serves()).toBe("4");
    }),
  );

  test(
    "a canary is taken back by post, too, where main was killed before its next shift had landed",
    onStage("healthy", async (stage) => {
      const action = await stage.start({ steps: "10% for 1m, 50% for 1m" });
      const second = { operation: "UpdateAlias", skip: 1 };
      stage.simulator.inject(second, { kind: "hook", when: "before", run: () => void action.kill() });
      stage.simulator.inject(second, { kind: "hang", carriedOut: false });
      await action.finished;
      expect(stage.serves()).toBe("3 + 4@10");
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a canary whose record was edited away before the kill is taken back by post, and the text stays",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => {
        stage.simulator.account.functions.get("checkout")?.updateAlias("live", { description: "Docs" });
        action.kill();
      });
      await action.finished;
      expect(stage.serves()).toBe("3 + 4@25");
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(stage.description()).toMatch(/^Docs \[lambda-canary rolled back/);
    }),
  );

  test(
    "what another job of the run promotes stands, though this one found that out by its own first shift",
    onStage("healthy", async (stage) => {
      const first = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
      const second = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
      const ends = await Promise.all([first.finished, second.finished]);
      expect(ends.map(({ outputs }) => outputs["outcome"]).sort()).toStrictEqual(["promoted", "superseded"]);
      for (const each of [first, second]) expect((await (await each.post()).finished).exitCode).toBe(0);
      expect(stage.serves()).toBe("4");
    }),
  );

  const IRELAND = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" };
  test.each([
    { what: "are empty, as within other actions", anew: { inputs: { function: "" } } },
    { what: "name another function", anew: { inputs: { function: "refund", alias: "beta" } } },
    { what: "are followed by another Region", anew: { environment: IRELAND } },
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
        expect.stringMatching(/the post step can't be told what is shifted .*the watchdog heals/),
      );
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/the post step can't be told that this one has ended .*: if it has written/),
      );
    }),
  );

  test(
    "a cancelled final bake leaves no call on the canary, though the alias has provisioned concurrency",
    onStage("healthy", async (stage) => {
      const checkout = stage.simulator.account.functions.get("checkout") ?? assert.fail();
      checkout.provision("live", 5);
      const action = await stage.start({ steps: "50% for 1m, 100% for 10m" });
      stage.simulator.inject(
        { operation: "UpdateAlias", skip: 1 },
        {
          kind: "hook",
          when: "after",
          run: () => void stage.clock.at(stage.clock.now() + 5 * MINUTE, () => action.cancel()),
        },
      );
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(checkout.alias("live").routing(stage.clock.now())).toStrictEqual({ version: "3", additional: null });
    }),
  );

  test(
    "a fleet of fifty that is cancelled amid its promotions is back before it is killed, quotas and all",
    onStage(
      null,
      async (stage) => {
        const names = Array.from({ length: 50 }, (_, index) => `fn${index}`);
        addFleet(stage, ...names);
        const action = await stage.start({ function: names.join("\n"), steps: "10% for 3m", guards: "" });
        const cancel = () => void stage.clock.at(stage.clock.now() + 2 * SECOND, () => action.cancel());
        stage.simulator.inject({ operation: "UpdateAlias", skip: 50 }, { kind: "hook", when: "before", run: cancel });
        const run = await action.finished;
        expect(run.signal).toBeNull();
        expect(run.outputs["outcome"]).toBe("rolled-back");
        expect(names.map((name) => stage.serves(name))).toStrictEqual(names.map(() => "2"));
      },
      { quotas: true },
    ),
  );

  const provisioned = (stage: Stage): void => {
    addFleet(stage, "checkout");
    stage.simulator.account.functions.get("checkout")?.provision("live", 5);
  };

  test(
    "a final bake on an alias with provisioned concurrency begins when Lambda has moved it, and ends promoted",
    onStage(null, async (stage) => {
      provisioned(stage);
      const run = await stage.run({ steps: "10% for 3m, 100% for 5m", guards: "" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/waiting for the promotion to arrive/));
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a rollback while Lambda still moves provisioned concurrency goes to the version before, and the deploy gives way",
    onStage(null, async (stage) => {
      provisioned(stage);
      const action = await stage.start({ steps: "10% for 3m", guards: "" });
      const promoted = Promise.withResolvers<void>();
      const arrived = () => void stage.clock.at(stage.clock.now() + 30 * SECOND, () => promoted.resolve());
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1 }, { kind: "hook", when: "after", run: arrived });
      await promoted.promise;
      const back = await stage.run({ command: "rollback" }, { run: OTHER_RUN });
      expect(back.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("2");
      expect((await action.finished).outputs["outcome"]).toBe("superseded");
      expect(stage.serves()).toBe("2");
    }),
  );
});
