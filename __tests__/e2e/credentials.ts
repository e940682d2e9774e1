import { HOUR, MINUTE } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import type { Ending } from "../../testing/simulator/runner.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import type { Call } from "../../testing/simulator/transcript.ts";
import { linesOf, type Stage } from "./stage.ts";

/** Three hours until the promotion, with few looks: these tests aren't about judging. */
export const THREE_HOURS = { steps: "10% for 90m, 50% for 90m", guards: "alarm checkout-5xx", "poll-interval": "5m" };
export const WARNING = /this release may take up to \w+, but the credentials/;

/** The environment of a job with `permissions: id-token: write` and no AWS keys. */
export function identityAlone({ simulator }: Stage): Record<string, string> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } = simulator.environment;
  return { ...rest, ...simulator.identityEnvironment };
}

/** The keys that an earlier step got from `aws-actions/configure-aws-credentials`, valid for an hour. */
export function keysOfAnHour({ simulator }: Stage): Record<string, string> {
  const keys = simulator.iam.issue("GitHubActions", HOUR);
  return {
    ...simulator.environment,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
  };
}

export function withRole(stage: Stage, inputs: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...THREE_HOURS, "role-to-assume": stage.simulator.iam.role, ...inputs };
}

/** A function with a new version that is as good as the old one, and an alarm that never goes off. */
export function quiet({ simulator }: Stage): void {
  const added = simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 10 } });
  added.release();
  added.createAlias("live", { version: added.release() });
  added.stage({});
  simulator.cloudwatch.alarms.push({ name: "checkout-5xx", kind: "metric", state: () => "OK" });
}

export function calls({ simulator }: Stage, operation: string): readonly Call[] {
  return simulator.calls.filter((call) => call.operation === operation);
}

/** When the role was assumed, in minutes from the start. */
export function assumed(stage: Stage): readonly number[] {
  return calls(stage, "AssumeRoleWithWebIdentity").map(({ at }) => Math.floor((at - BEGINNING) / MINUTE));
}

export function told(run: Ending): string {
  return [...linesOf(run), run.outputs["reason"]].join("\n");
}

/** The command that the error tells people to run. */
export const HEALING =
  /aws lambda update-alias .*--function-version 2 --routing-config 'AdditionalVersionWeights=\{\}'/;

export const DENIED = new Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
