import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOUR } from "../../src/domain/time.ts";
import type { Policy } from "../../testing/simulator/iam.ts";
import { type Ending, startAction } from "../../testing/simulator/runner.ts";
import { PULL_REQUEST } from "../../testing/simulator/scenarios.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { playInOneProcess } from "./host.ts";
import { addFleet, FOREVER, linesOf, onStage, type Stage } from "./stage.ts";

playInOneProcess();

/** Everything that others can read about a run. */
function told({ simulator }: Stage, { log, summary, outputs, annotations }: Ending): string {
  const comments = simulator.github.repository.comments.flatMap(({ versions }) => versions.map(({ body }) => body));
  const lines = [...log, ...annotations].map(({ text }) => text);
  return [...lines, summary, ...Object.values(outputs), ...comments].join("\n");
}

function titleOf({ summary }: Ending): string {
  return summary.split("\n")[1] ?? "";
}

const INPUTS = { "pull-request": String(PULL_REQUEST) };

/** A role that may do everything except shift, so that the refusal quotes the ARN of its session. */
const MAY_NOT_SHIFT: Policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["lambda:Get*", "lambda:List*", "lambda:PublishVersion", "cloudwatch:*"],
      Resource: "*",
    },
  ],
};

describe("what is not for everybody", () => {
  test.each([
    ["hidden", {}],
    ["shown", { "mask-account-id": "false" }],
  ] as const)(
    "the account's id is %s everywhere with %j",
    onStage("healthy", async (stage, how, inputs) => {
      const isShown = how === "shown";
      const { account, iam } = stage.simulator;
      iam.policy = MAY_NOT_SHIFT;
      const run = await stage.run({ ...INPUTS, ...inputs });
      expect(run.outputs["outcome"]).toBe("failed");
      const text = told(stage, run);
      const id = isShown ? account.id : "************";
      expect(run.summary).toContain(`arn:aws:sts::${id}:assumed-role/release`);
      expect(run.outputs["reason"]).toContain(`arn:aws:sts::${id}:assumed-role/release`);
      expect(text.includes(account.id)).toBe(isShown);
      expect(text).toContain("/actions/runs/17000000001");
      const report = JSON.parse(run.outputs["report"] ?? "");
      expect(report.events[0].run.id).toBe("17000000001");
    }),
  );

  test(
    "refused inputs quote no account",
    onStage(null, async (stage) => {
      const wrong = { function: "arn:aws:lambda:eu-central-1:123456789012:function:checkout:live", alias: "a b" };
      const run = await stage.run(wrong);
      const [annotation] = run.annotations;
      expect(annotation?.text).toMatch(/^ {4}arn:aws:lambda:eu-central-1:\*{12}:function:checkout:live$/m);
      expect(told(stage, run)).not.toContain("123456789012");
      const open = await stage.run({ ...wrong, "mask-account-id": "false" });
      expect(told(stage, open)).toContain("arn:aws:lambda:eu-central-1:123456789012:function:checkout:live");
    }),
  );

  test(
    "plan hides the account, also where a policy names others by their ids alone",
    onStage("healthy", async (stage) => {
      stage.simulator.iam.policy = {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: ["lambda:Get*", "lambda:List*", "cloudwatch:*"], Resource: "*" },
      };
      const statement = { Effect: "Allow", Principal: { AWS: "210987654321" }, Action: "lambda:InvokeFunction" };
      stage.checkout.policies.set("live", { Version: "2012-10-17", Statement: [statement] });
      const run = await stage.run({ command: "plan" });
      const text = told(stage, run);
      expect(text).toMatch(/the resource policy for \*{12}/);
      expect(text).toMatch(/add this to their policy: .*arn:aws:lambda:eu-central-1:\*{12}:function:checkout/);
      expect(text).not.toMatch(/123456789012|210987654321/);
    }),
  );

  test.each(["found in the environment", "of a role that the action assumes"] as const)(
    "an error that quotes the keys %s, or the token, quotes none of them",
    onStage("healthy", async (stage, way) => {
      const { simulator } = stage;
      const isFound = way === "found in the environment";
      // The first keys that are issued have this number, whoever gets them.
      const secrets = ["session-token-000001", "secret-000001", "ASIASIMULATOR000001", "pat_of_somebody"];
      const text = `The Canonical String should have been '${secrets.join("' not '")}'`;
      const refusal = new Refusal(403, "SignatureDoesNotMatch", text);
      simulator.inject({ operation: "GetAlias", times: 9 }, { kind: "refused", refusal });
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } = simulator.environment;
      const keys = isFound ? simulator.iam.issue("GitHubActions", HOUR) : null;
      const environment =
        keys === null
          ? { ...rest, ...simulator.identityEnvironment }
          : {
              ...rest,
              AWS_ACCESS_KEY_ID: keys.accessKeyId,
              AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
              AWS_SESSION_TOKEN: keys.sessionToken,
            };
      const role = isFound ? {} : { "role-to-assume": simulator.iam.role };
      const run = await stage.run({ ...INPUTS, ...role, "github-token": "pat_of_somebody" }, { environment });
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(/have been '\*{3}' not '\*{3}' not '\*{3}' not '\*{3}'/);
      const all = told(stage, run);
      expect(secrets.filter((secret) => all.includes(secret))).toStrictEqual([]);
    }),
  );

  test.each([
    { keys: "short", key: "test", name: "test-checkout" },
    { keys: "long", key: "localstack", name: "localstack-checkout" },
  ])(
    "$keys keys, such as a stand-in for AWS takes, alter no function's name, no output and not the command that heals",
    onStage(null, async (stage, { key, name }) => {
      addFleet(stage, name);
      const { simulator } = stage;
      const environment = { ...simulator.environment, AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: key };
      simulator.github.repository.addPullRequest({ number: PULL_REQUEST });
      const inputs = { ...INPUTS, function: name, steps: "50% for 1m" };
      const promoted = await stage.run(inputs, { environment });
      expect(promoted.outputs).toMatchObject({ outcome: "promoted", version: "3", "previous-version": "2" });
      expect(promoted.outputs["reason"]).toContain(`${name} 3 serves all traffic`);
      expect(JSON.parse(promoted.outputs["report"] ?? "").functions[0].function).toBe(name);
      expect(titleOf(promoted)).toMatch(new RegExp(`^### .* ${name} in .* promoted 2 → 3`));
      expect(told(stage, promoted)).not.toContain("***");

      stage.simulator.account.functions.get(name)?.stage({ errorRate: 1 });
      const denied = new Refusal(403, "AccessDeniedException", `no update of ${name}`);
      simulator.inject({ operation: "UpdateAlias", skip: 1, times: FOREVER }, { kind: "refused", refusal: denied });
      const stranded = await stage.run({ ...inputs, steps: "50% for 5m" }, { environment });
      expect(stranded.outputs["outcome"]).toBe("failed");
      const command = `aws lambda update-alias --region eu-central-1 --function-name ${name} --name live --function-version 3`;
      expect(linesOf(stranded).join("\n")).toContain(command);
      expect(stranded.summary.replace(/ \\\n> */g, " ")).toContain(command);
      expect(told(stage, stranded)).not.toContain("***");
    }),
  );

  test("the runner hides them too, in what is printed without us", async () => {
    const folder = mkdtempSync(join(tmpdir(), "secrecy-"));
    try {
      const entry = join(folder, "main.ts");
      const at = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
      const program = `
        import { LambdaClient, GetAliasCommand } from ${JSON.stringify(import.meta.resolve("@aws-sdk/client-lambda"))};
        import { keepSecrets, watch } from ${at("src/action/secrets.ts")};
        const read = (name) => process.env["INPUT_" + name.toUpperCase()] ?? "";
        const veil = keepSecrets(read);
        console.error(new Error("token " + read("github-token")).message);
        const credentials = { accessKeyId: "AKIA1234", secretAccessKey: "secret-1", sessionToken: "session-1" };
        const client = new LambdaClient({ region: "eu-central-1", endpoint: "http://127.0.0.1:1", maxAttempts: 1, credentials });
        watch(client, veil);
        await client.send(new GetAliasCommand({ FunctionName: "checkout", Name: "live" })).catch(() => {});
        const keys = [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken].join(" ");
        console.error("keys " + keys);
      `;
      writeFileSync(entry, program);
      const { log } = await (await startAction({ entry, inputs: { "github-token": "pat_of_somebody" } })).finished;
      const lines = log.map(({ text }) => text);
      expect(lines).toStrictEqual(["token ***", "keys *** *** ***"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
