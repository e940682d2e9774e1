import { HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import type { Call } from "../../testing/simulator/transcript.ts";
import { assumed, calls, DENIED, HEALING, identityAlone, quiet, told, WARNING, withRole } from "./credentials.ts";
import { playInOneProcess } from "./host.ts";
import { FOREVER, onStage } from "./stage.ts";

playInOneProcess();

describe("credentials outlive the release", () => {
  test(
    "a release of three hours with sessions of one hour is promoted: the role is assumed anew ten minutes before each end",
    onStage(null, async (stage) => {
      quiet(stage);
      const run = await stage.run(withRole(stage), { environment: identityAlone(stage) });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(run.exitCode).toBe(0);
      expect(stage.clock.now()).toBeGreaterThanOrEqual(BEGINNING + 3 * HOUR);
      expect(assumed(stage)).toStrictEqual([0, 50, 100, 150]);
      const [session] = calls(stage, "AssumeRoleWithWebIdentity");
      expect(session?.summary).toBe("lambda-canary-17000000001 for 3600s");
      expect(stage.simulator.calls.filter(({ answer }) => answer.startsWith("403"))).toStrictEqual([]);
      expect(told(run)).not.toMatch(WARNING);
    }),
  );

  test(
    "a cancellation after 2h50 takes all back at once, with sessions of one hour",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      const when = BEGINNING + 2 * HOUR + 50 * MINUTE;
      stage.clock.at(when, () => action.cancel());
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("2");
      expect(calls(stage, "UpdateAlias").at(-1)?.at).toBe(when);
    }),
  );

  test(
    "a rollback doesn't wait for a renewal that hangs",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      const cancelled = Promise.withResolvers<number>();
      const cancel = ({ at }: Call) => {
        stage.clock.at(at + SECOND, () => {
          cancelled.resolve(at + SECOND);
          action.cancel();
        });
      };
      const renewal = { operation: "AssumeRoleWithWebIdentity", skip: 1 };
      stage.simulator.inject(renewal, { kind: "hook", when: "before", run: cancel });
      stage.simulator.inject({ ...renewal, times: FOREVER }, { kind: "hang", carriedOut: false });
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(calls(stage, "UpdateAlias").at(-1)?.at).toBe(await cancelled.promise);
    }),
  );

  test(
    "when no session can be had any more, all is taken back while the last one lasts",
    onStage(null, async (stage) => {
      quiet(stage);
      stage.simulator.inject(
        { operation: "AssumeRoleWithWebIdentity", skip: 1, times: FOREVER },
        { kind: "refused", refusal: DENIED },
      );
      const run = await stage.run(withRole(stage), { environment: identityAlone(stage) });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      const rollback = calls(stage, "UpdateAlias").at(-1)?.at ?? 0;
      expect(rollback).toBeGreaterThan(BEGINNING + 53 * MINUTE);
      expect(rollback).toBeLessThan(BEGINNING + 58 * MINUTE);
      expect(run.outputs["reason"]).toMatch(
        /the AWS credentials expire at 2026-01-05T10:00:0\dZ, and after that nothing/,
      );
      expect(told(run)).toMatch(/its trust policy doesn't allow this job/);
      expect(stage.serves()).toBe("2");
    }),
  );

  test(
    "a rollback for which no credentials are left is told as loudly as can be, with the command that heals",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      const denied = { kind: "refused", refusal: DENIED } as const;
      stage.simulator.inject({ operation: "AssumeRoleWithWebIdentity", skip: 1, times: FOREVER }, denied);
      const ended = new Refusal(403, "ExpiredTokenException", "The security token included in the request is expired");
      stage.clock.at(BEGINNING + 30 * MINUTE, () => {
        stage.simulator.inject({ service: "lambda", times: FOREVER }, { kind: "refused", refusal: ended });
      });
      const run = await action.finished;
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(told(run)).toMatch(HEALING);
    }),
  );

  test(
    "post assumes the role anew, and heals what a killed main left",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      stage.clock.at(BEGINNING + 70 * MINUTE, () => action.kill());
      await action.finished;
      expect(stage.serves()).toBe("2 + 3@10");
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("2");
      expect(assumed(stage)).toStrictEqual([0, 50, 70]);
    }),
  );

  test(
    "post gives the command that heals when the role can no longer be assumed",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      stage.clock.at(BEGINNING + 30 * MINUTE, () => action.kill());
      await action.finished;
      stage.simulator.iam.roles.clear();
      const post = await (await action.post()).finished;
      expect(post.exitCode).toBe(1);
      expect(told(post)).toMatch(HEALING);
    }),
  );
});
