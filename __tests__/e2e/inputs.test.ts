import { playInOneProcess } from "./host.ts";
import { onStage, transcriptOf } from "./stage.ts";

playInOneProcess();

const OTHERS = "arn:aws:lambda:eu-central-1:210987654321:function:checkout";
const ROLE = "arn:aws:iam::123456789012:role/release";
const CONTRADICTIONS: readonly {
  readonly what: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly says: RegExp;
}[] = [
  {
    what: "a role of another account than the functions'",
    inputs: { function: OTHERS, "role-to-assume": ROLE },
    says: /the role is in account \*{12}, but the functions are in account \*{12}/,
  },
  {
    what: "another Region than that of the ARNs",
    inputs: { function: OTHERS, "aws-region": "us-east-1" },
    says: /the functions are in eu-central-1, not in us-east-1/,
  },
  {
    what: "an ARN of a partition that the Region isn't in",
    inputs: { function: OTHERS.replace("arn:aws:", "arn:aws-cn:") },
    says: /eu-central-1 is not in the partition aws-cn/,
  },
  {
    what: "a role of another partition than the environment's Region",
    inputs: { "role-to-assume": ROLE },
    region: "cn-north-1",
    says: /the role arn:aws:iam::\*{12}:role\/release is not in the partition aws-cn, but cn-north-1 is/,
  },
  {
    what: "an environment whose Region is none",
    inputs: {},
    region: "eu-central-1.evil.example",
    says: /"eu-central-1.evil.example", from the environment, is not an AWS Region|no AWS Region is set/,
  },
];

test(
  "wrong inputs are told all in one go, and nothing was called",
  onStage("healthy", async (stage) => {
    const run = await stage.run({
      command: "delpoy",
      function: "arn:aws:lambda:eu-central-1:123456789012:function:checkout:live\ncheck out",
      alias: "42",
      version: "latest",
      steps: "5% for 5m, 4% for 5x",
      guards: "eror-rate <= 1%",
      "poll-interval": "1s",
      "when-inconclusive": "maybe",
      comment: "yes",
    });
    expect(run.exitCode).toBe(1);
    expect(stage.simulator.calls).toStrictEqual([]);
    expect(run.summary).toMatch(/^### ❌ Nothing was called\n\n```text\n/);
    expect(run.summary).toContain(run.outputs["reason"] ?? "none");
    expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/wrong-inputs.txt");
  }),
);

describe("what contradicts itself is refused before anything is called", () => {
  test.each(CONTRADICTIONS)(
    "$what",
    onStage("healthy", async (stage, { inputs, region, says }) => {
      const { simulator } = stage;
      const environment = {
        ...simulator.environment,
        ...simulator.identityEnvironment,
        AWS_REGION: region ?? simulator.account.region,
      };
      const run = await stage.run({ ...inputs, comment: "false" }, { environment });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(says);
      expect(simulator.calls).toStrictEqual([]);
    }),
  );
});
