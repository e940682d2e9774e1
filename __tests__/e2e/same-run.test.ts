import { MINUTE } from "../../src/domain/time.ts";
import type { StartedAction } from "../../testing/simulator/runner.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { playInOneProcess } from "./host.ts";
import { FOREVER, MID_BAKE, ONE_RUN, onStage, type Stage } from "./stage.ts";

playInOneProcess();

/** A job's post steps run in reverse order. */
async function assertSecondTryStands(stage: Stage, first: StartedAction): Promise<void> {
  await stage.clock.advance(MINUTE);
  const second = await stage.start({ steps: "50% for 1m" }, { run: ONE_RUN });
  expect((await second.finished).outputs["outcome"]).toBe("promoted");
  for (const each of [second, first]) expect((await (await each.post()).finished).exitCode).toBe(0);
  expect(stage.serves()).toBe("4");
}

describe("steps and jobs of one run leave one another's releases alone", () => {
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
});
