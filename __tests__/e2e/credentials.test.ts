import { BEGINNING } from "../../simulator/clock.ts";
import type { Ending } from "../../simulator/runner.ts";
import { Refusal } from "../../simulator/service.ts";
import type { Call } from "../../simulator/transcript.ts";
import { formatInstant, HOUR, MINUTE, SECOND } from "../../src/release/time.ts";
import { FOREVER, linesOf, OTHER_RUN, onStage, type Stage } from "./stage.ts";

/** Three hours until the promotion, and looks that are far between: what is tried here is no judgement. */
const THREE_HOURS = { steps: "10% for 90m, 50% for 90m", guards: "alarm checkout-5xx", "poll-interval": "5m" };
const WARNING = /this release may take up to \w+, but the credentials/;

/** What a job with `permissions: id-token: write` has, and no step before that got any keys. */
function identityAlone({ simulator }: Stage): Record<string, string> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } = simulator.environment;
  return { ...rest, ...simulator.identityEnvironment };
}

/** What a step before has got by `aws-actions/configure-aws-credentials`, for an hour. */
function keysOfAnHour({ simulator }: Stage): Record<string, string> {
  const keys = simulator.iam.issue("GitHubActions", HOUR);
  return {
    ...simulator.environment,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
  };
}

function withRole(stage: Stage, inputs: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...THREE_HOURS, "role-to-assume": stage.simulator.iam.role, ...inputs };
}

/** A function with a new version that is as good as the old one, and an alarm that never goes off. */
function quiet({ simulator }: Stage): void {
  const added = simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 10 } });
  added.release();
  added.createAlias("live", { version: added.release() });
  added.stage({});
  simulator.cloudwatch.alarms.push({ name: "checkout-5xx", kind: "metric", state: () => "OK" });
}

function calls({ simulator }: Stage, operation: string): readonly Call[] {
  return simulator.calls.filter((call) => call.operation === operation);
}

/** When the role was assumed, in minutes from the beginning. */
function assumed(stage: Stage): readonly number[] {
  return calls(stage, "AssumeRoleWithWebIdentity").map(({ at }) => Math.floor((at - BEGINNING) / MINUTE));
}

function told(run: Ending): string {
  return [...linesOf(run), run.outputs["reason"]].join("\n");
}

/** The command by hand that the loudest message gives. */
const HEALING = /aws lambda update-alias .*--function-version 2 --routing-config 'AdditionalVersionWeights=\{\}'/;

const DENIED = new Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
const ENDED = { id: 17_000_000_001, status: "completed", conclusion: "failure", attempt: 1 } as const;

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
    "name and length of the sessions are the user's, in any role that lets the job in",
    onStage(null, async (stage) => {
      quiet(stage);
      const role = "arn:aws:iam::123456789012:role/teams/shop/release";
      stage.simulator.iam.roles.set(role, { trusts: stage.simulator.identity.subject, longestSession: 12 * HOUR });
      const inputs = { "role-to-assume": role, "role-session-name": "checkout@main", "role-duration": "90m" };
      const run = await stage.run(withRole(stage, inputs), { environment: identityAlone(stage) });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(assumed(stage)).toStrictEqual([0, 80, 160]);
      expect(calls(stage, "AssumeRoleWithWebIdentity")[0]?.summary).toBe("checkout@main for 5400s");
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
    "a renewal that is refused for three minutes is told once, tried again, and stops nothing",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      const recover = stage.simulator.inject(
        { operation: "AssumeRoleWithWebIdentity", skip: 1, times: FOREVER },
        { kind: "refused", refusal: DENIED },
      );
      stage.clock.at(BEGINNING + 53 * MINUTE, recover);
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(assumed(stage).filter((minute) => minute >= 50 && minute <= 53).length).toBeGreaterThan(4);
      const warnings = run.annotations.filter(({ text }) => /could not be renewed/.test(text));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]?.text).toMatch(/tried again every 30s; those in use end at 2026-01-05T10:00:0\dZ/);
    }),
  );

  test(
    "while renewals are refused, a rollback uses what is left of the last session",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(withRole(stage), { environment: identityAlone(stage) });
      stage.simulator.inject(
        { operation: "AssumeRoleWithWebIdentity", skip: 1, times: FOREVER },
        { kind: "refused", refusal: DENIED },
      );
      const when = BEGINNING + 53 * MINUTE;
      stage.clock.at(when, () => action.cancel());
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(calls(stage, "UpdateAlias").at(-1)?.at).toBe(when);
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
      expect(run.outputs["reason"]).toMatch(/the AWS credentials end at 2026-01-05T10:00:0\dZ, and then nothing/);
      expect(told(run)).toMatch(/its trust policy doesn't let this repository in/);
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

describe("credentials from the environment", () => {
  test(
    "that end after an hour, in a plan of three: a warning at the start, the loudest message with the command, and then the watchdog",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(THREE_HOURS, { environment: keysOfAnHour(stage) });
      const main = await action.finished;
      const [first] = main.annotations;
      expect(first?.text).toMatch(WARNING);
      expect(first?.text).toMatch(/may end 1h after they were given.*role-to-assume/);
      expect(main.exitCode).toBe(1);
      expect(main.outputs["outcome"]).toBe("failed");
      // At the first look, however long the metrics may be unreadable.
      expect(stage.clock.now() - BEGINNING).toBeLessThanOrEqual(HOUR + 5 * MINUTE);
      const loudest = main.annotations.find(({ text }) => HEALING.test(text));
      expect(loudest?.kind).toBe("error");
      expect(loudest?.text).toMatch(/the AWS credentials ended in mid-release/);

      const post = await (await action.post()).finished;
      expect(post.exitCode).toBe(1);
      expect(told(post)).toMatch(HEALING);
      expect(stage.serves()).toBe("2 + 3@10");

      stage.simulator.github.repository.runs.set(ENDED.id, ENDED);
      const watchdog = await stage.run({ command: "heal" }, { run: OTHER_RUN, environment: keysOfAnHour(stage) });
      expect(watchdog.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("2");
    }),
  );

  const LATE = { AWS_CREDENTIAL_EXPIRATION: formatInstant(BEGINNING + 7 * HOUR) };
  test.each([
    {
      what: "a plan of less than an hour",
      inputs: { ...THREE_HOURS, steps: "10% for 40m", "max-hold": "0" },
      environment: keysOfAnHour,
    },
    {
      what: "a later end",
      inputs: THREE_HOURS,
      environment: (stage: Stage) => ({ ...keysOfAnHour(stage), ...LATE }),
    },
    { what: "no end", inputs: THREE_HOURS, environment: ({ simulator }: Stage) => simulator.environment },
  ])(
    "that are known to outlive the plan, or have no end, are nothing to warn of; nor is a plan of less than an hour: $what",
    onStage(null, async (stage, { inputs, environment }) => {
      quiet(stage);
      const action = await stage.start(inputs, { environment: environment(stage) });
      stage.clock.at(BEGINNING + 5 * MINUTE, () => action.cancel());
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(told(run)).not.toMatch(WARNING);
    }),
  );

  test(
    "that are known to end before the plan does are warned of with their end",
    onStage(null, async (stage) => {
      quiet(stage);
      const environment = { ...keysOfAnHour(stage), AWS_CREDENTIAL_EXPIRATION: formatInstant(BEGINNING + HOUR) };
      const action = await stage.start(THREE_HOURS, { environment });
      stage.clock.at(BEGINNING + 5 * MINUTE, () => action.cancel());
      expect(told(await action.finished)).toMatch(/but the credentials end at 2026-01-05T10:00:00Z/);
    }),
  );

  test(
    "that end in mid-release, as is known, are used to take it back before",
    onStage(null, async (stage) => {
      quiet(stage);
      const environment = { ...keysOfAnHour(stage), AWS_CREDENTIAL_EXPIRATION: formatInstant(BEGINNING + HOUR) };
      const run = await stage.run(THREE_HOURS, { environment });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(/the AWS credentials end at 2026-01-05T10:00:00Z/);
      expect(stage.serves()).toBe("2");
    }),
  );

  test(
    "that aren't there fail the release before anything, and say what to do",
    onStage(null, async (stage) => {
      quiet(stage);
      const { AWS_ACCESS_KEY_ID, ...environment } = stage.simulator.environment;
      const run = await stage.run({}, { environment: { ...environment, AWS_EC2_METADATA_DISABLED: "true" } });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/there are no AWS credentials: give the input role-to-assume/);
    }),
  );
});

describe("a role that can't be assumed fails the release before anything", () => {
  const OTHER = "arn:aws:iam::123456789012:role/other";
  const CASES: readonly {
    readonly what: string;
    readonly inputs?: Readonly<Record<string, string>>;
    readonly breakIt?: (stage: Stage) => void;
    readonly environment?: (stage: Stage) => Readonly<Record<string, string>>;
    readonly says: RegExp;
  }[] = [
    {
      what: "a role that there isn't",
      inputs: { "role-to-assume": OTHER },
      says: /^the role arn:aws:iam::\*{12}:role\/other could not be assumed: it doesn't exist, or its trust policy/,
    },
    {
      what: "a role that trusts another repository",
      breakIt: ({ simulator }) => {
        simulator.iam.roles.set(simulator.iam.role, { trusts: "repo:octo-org/other:*", longestSession: HOUR });
      },
      says: /trust policy doesn't let this repository in with sts:AssumeRoleWithWebIdentity \(Not authorized/,
    },
    {
      what: "sessions longer than the role's longest",
      inputs: { "role-duration": "2h" },
      says: /its longest session is shorter than 2h: lower role-duration/,
    },
    {
      what: "a job without the permission",
      environment: ({ simulator }) => simulator.environment,
      says: /GitHub doesn't vouch for this job: give the job `permissions: id-token: write`/,
    },
    {
      what: "a GitHub that gives no token",
      environment: (stage) => ({ ...identityAlone(stage), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "other" }),
      says: /could not be assumed: GitHub gave no token \(Failed to get ID Token\. Error Code : 401/,
    },
  ];

  test.each(CASES)(
    "$what: told once, exit 1, and no call to Lambda or CloudWatch",
    onStage(null, async (stage, { inputs = {}, breakIt = () => {}, environment = identityAlone, says }) => {
      quiet(stage);
      breakIt(stage);
      const run = await stage.run(withRole(stage, inputs), { environment: environment(stage) });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(says);
      expect(run.outputs["reason"]?.match(/could not be assumed/g)).toHaveLength(1);
      const services = stage.simulator.calls.map(({ service }) => service);
      expect(services).not.toContain("lambda");
      expect(services).not.toContain("cloudwatch");
    }),
  );

  test(
    "a GitHub that doesn't answer is not waited for",
    onStage(null, async (stage) => {
      quiet(stage);
      stage.simulator.inject({ operation: "GetIdToken" }, { kind: "hang", carriedOut: false });
      const told = Promise.withResolvers<number>();
      const action = await stage.start(withRole(stage), {
        environment: identityAlone(stage),
        onLine: ({ text }) => /GitHub did not answer/.test(text) && told.resolve(stage.clock.now()),
      });
      expect(await told.promise).toBe(BEGINNING + 10 * SECOND);
      // Node's own request is at it still.
      action.kill();
      await action.finished;
    }),
  );

  test(
    "the token never gets into the log, not even by an answer of STS that tells it",
    onStage(null, async (stage) => {
      quiet(stage);
      let token = "";
      const spill = ({ request }: Call) => {
        token = new URLSearchParams(request.body.toString()).get("WebIdentityToken") ?? "";
        const refusal = new Refusal(400, "InvalidIdentityToken", `not valid: <${token}>`);
        stage.simulator.inject({ operation: "AssumeRoleWithWebIdentity" }, { kind: "refused", refusal });
      };
      const operation = "AssumeRoleWithWebIdentity";
      stage.simulator.inject({ operation }, { kind: "hook", when: "before", run: spill });
      stage.simulator.inject({ operation }, { kind: "reset" });
      const run = await stage.run(withRole(stage), { environment: identityAlone(stage) });
      expect(run.exitCode).toBe(1);
      expect(token.length).toBeGreaterThan(100);
      expect(linesOf(run)).toContainEqual(expect.stringContaining("not valid: <***>"));
      expect(linesOf(run)).not.toContainEqual(expect.stringContaining(token));
    }),
  );
});
