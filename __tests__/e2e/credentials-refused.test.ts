import { HOUR, SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import type { Call } from "../../testing/simulator/transcript.ts";
import { identityAlone, quiet, withRole } from "./credentials.ts";
import { playInOneProcess } from "./host.ts";
import { linesOf, onStage, type Stage } from "./stage.ts";

playInOneProcess();

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
      says: /trust policy doesn't allow this job sts:AssumeRoleWithWebIdentity \(Not authorized/,
    },
    {
      what: "a job without the permission",
      environment: ({ simulator }) => simulator.environment,
      says: /GitHub gives this job no OIDC token: give the job `permissions: id-token: write`/,
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
      // Node's own request is still open.
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
