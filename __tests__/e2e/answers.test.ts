import { playInOneProcess } from "./host.ts";
import { linesOf, onStage, type Stage } from "./stage.ts";

playInOneProcess();

const ERROR_RATE = "error-rate <= baseline * 1.5 + 0.5%";
/** Enough calls for a verdict in a few minutes. */
const SHORT = { steps: "50% for 10m" };
const OF_URL =
  'error-rate doesn\'t see what the function URL of checkout:live answers with status 500: add "url-5xx < 1%"';
const OF_API = "error-rate doesn't see what checkout:live answers to API Gateway with status 500: add a guard such as";
const OF_QUEUE =
  "error-rate doesn't see the messages that checkout:live returns in batchItemFailures: add a guard such as";
const OF_STREAM =
  'error-rate doesn\'t see the records that checkout:live returns in batchItemFailures: add "iterator-age < 1m"';

function commentOf({ simulator }: Stage): string {
  return simulator.github.repository.comments.map(({ versions }) => versions.at(-1)?.body).join("\n");
}

describe("a handler that catches its exceptions and answers with status 500", () => {
  test(
    "is verified by error-rate alone; the start, the reason and the comment say what that can't see",
    onStage("caught", async (stage) => {
      const run = await stage.run({ ...SHORT, guards: ERROR_RATE });
      expect(run.outputs).toMatchObject({ outcome: "promoted", verified: "true" });
      expect(run.outputs["reason"]).toMatch(/within its tolerance; error-rate doesn't see /);
      expect(run.outputs["reason"]).toContain(OF_URL);
      expect(run.annotations.map(({ text }) => text)).toContain(OF_URL);
      expect(commentOf(stage)).toMatch(/within its tolerance; error-rate doesn't see what the function URL of/);
    }),
  );

  test.each([["url-5xx <= baseline * 1.5 + 0.5%"], ["url-5xx < 1%"]])(
    "is found by the function URL's own figures, and then nothing is missing: %s",
    onStage("caught", async (stage, guard) => {
      const run = await stage.run({ ...SHORT, guards: `${ERROR_RATE}\n${guard}` });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(/calls of version 4 were answered with status 5xx by the function URL/);
      expect(stage.serves()).toBe("3");
      expect(linesOf(run).join("\n")).not.toContain("error-rate doesn't see");
    }),
  );

  test(
    "is found by a fixed limit on the alias as a whole where the figures aren't by version",
    onStage("caught-together", async (stage) => {
      const run = await stage.run({ ...SHORT, guards: "url-5xx < 1%" });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(
        /calls of the alias were answered with status 5xx.*so this is the alias as a whole/,
      );
    }),
  );

  test(
    "isn't verified by a comparison where the figures aren't by version: that says that it can't be made",
    onStage("caught-together", async (stage) => {
      const run = await stage.run({ ...SHORT, guards: `${ERROR_RATE}\nurl-5xx <= baseline * 1.5 + 0.5%` });
      expect(run.outputs).toMatchObject({ outcome: "promoted", verified: "false" });
      expect(run.outputs["reason"]).toMatch(/CloudWatch doesn't tell the versions of this function URL apart/);
    }),
  );
});

test(
  "items that are returned as failed are no errors: the start and the reason say so",
  onStage("partial-batch", async (stage) => {
    const run = await stage.run({ ...SHORT, guards: ERROR_RATE });
    expect(run.outputs).toMatchObject({ outcome: "promoted", verified: "true" });
    expect(run.outputs["reason"]).toContain(OF_QUEUE);
    expect(run.annotations.filter(({ text }) => text.startsWith(OF_QUEUE))).toHaveLength(1);
  }),
);

test(
  "a dead-letter queue that fills takes the release back",
  onStage("partial-batch", async (stage) => {
    const letters = "metric AWS/SQS/ApproximateNumberOfMessagesVisible {QueueName=orders-dlq} Maximum < 10";
    const run = await stage.run({ ...SHORT, guards: `${ERROR_RATE}\n${letters}` });
    expect(run.outputs["outcome"]).toBe("rolled-back");
    expect(run.outputs["reason"]).toContain(letters);
  }),
);

test(
  "a stream's records and API Gateway's callers are told too, and so in a plan",
  onStage("healthy", async (stage) => {
    const { account } = stage.simulator;
    const source = `arn:aws:kinesis:${account.region}:${account.id}:stream/orders`;
    account.addEventSource({ source, target: "checkout:live", reportsItems: true });
    stage.checkout.permit("apigateway.amazonaws.com", "live");
    for (const command of ["plan", "deploy"]) {
      const warnings = (await stage.run({ command, steps: "50% for 1m", guards: ERROR_RATE })).annotations;
      const texts = warnings.map(({ text }) => text);
      expect(texts).toContain(OF_STREAM);
      expect(texts.filter((text) => text.startsWith(OF_API))).toHaveLength(1);
    }
  }),
);

test(
  "without the right to ask, a deploy goes on and says so in one line, whatever the number of functions",
  onStage("caught", async (stage) => {
    const { account, iam } = stage.simulator;
    const refund = account.addFunction({ name: "refund" });
    refund.createAlias("live", { version: refund.release() });
    refund.stage({});
    const all = { Effect: "Allow", Action: ["lambda:*", "cloudwatch:*"], Resource: "*" } as const;
    const callers = ["lambda:GetPolicy", "lambda:ListFunctionUrlConfigs", "lambda:ListEventSourceMappings"];
    const denied = { Effect: "Deny", Action: callers, Resource: "*" } as const;
    iam.policy = { Version: "2012-10-17", Statement: [all, denied] };
    const run = await stage.run({ function: "checkout, refund", steps: "50% for 1m", guards: ERROR_RATE });
    expect(run.outputs["outcome"]).toBe("promoted");
    const quiet = linesOf(run).filter((text) => text.includes("it is unknown whether error-rate sees all failures"));
    expect(quiet).toHaveLength(1);
    expect(run.annotations.filter(({ text }) => /is not allowed|sees all failures/.test(text))).toStrictEqual([]);
  }),
);
