import { blocks, read, section } from "./files.ts";

const PAGE = "docs/permissions.md";
const NAMED = "arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION";

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const policies = blocks("json", PAGE).map((text) => JSON.parse(text) as { readonly Statement: readonly Statement[] });
const [[upload, ...statements] = [], ...narrower] = policies.map(({ Statement }) => Statement);
const actions = statements.flatMap(({ Action }) => Action).sort();

test("there are three policies to copy", () => {
  expect(policies).toHaveLength(3);
});

test("the first policy also allows the upload, which is a step of its own", () => {
  expect(upload).toMatchObject({ Sid: "Upload", Action: "lambda:UpdateFunctionCode", Resource: NAMED });
});

test("the others allow less, and on nothing more", () => {
  const granted = (all: readonly Statement[]) =>
    all.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${resource}`)),
    );
  for (const policy of narrower) {
    expect(granted(statements)).toEqual(expect.arrayContaining(granted(policy)));
    expect(granted(policy).length).toBeLessThan(granted(statements).length);
  }
});

test("the policy to plan and replay writes nothing", () => {
  const reading = narrower.at(-1)?.flatMap(({ Action }) => Action) ?? [];
  expect(reading.filter((action) => !/:(?:Get|List|Describe)/.test(action))).toEqual([]);
});

test("the policy allows each call that the adapters make, and no more", () => {
  const calls = (file: string, service: string) =>
    [...read(`src/aws/${file}`).matchAll(/new (\w+)Command\(/g)].map(([, call]) => `${service}:${call}`);
  const made = [
    ...["lambda.ts", "callers.ts"].flatMap((file) => calls(file, "lambda")),
    ...calls("cloudwatch.ts", "cloudwatch"),
  ];
  expect(actions).toEqual([...new Set(made)].sort());
});

/** Actions that IAM can't limit to a function. */
const EVERYWHERE = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "lambda:ListEventSourceMappings"];
/** Actions on versions, whose numbers nobody knows beforehand. */
const OF_VERSIONS = ["lambda:GetFunctionConfiguration"];

test.each(
  statements.flatMap(({ Action, Resource }) =>
    [Action].flat().map((action) => ({ action, resources: [Resource].flat() })),
  ),
)("the policy names the function or the alias wherever IAM can tell them apart: $action", ({ action, resources }) => {
  const wide = EVERYWHERE.includes(action) ? ["*"] : OF_VERSIONS.includes(action) ? [`${NAMED}:*`] : [];
  expect([...wide, NAMED, `${NAMED}:ALIAS`]).toEqual(expect.arrayContaining(resources));
});

test("every action of the policy is told to belong to a command", () => {
  const told = [...section("AWS, by command", PAGE).matchAll(/^\| (`\w+:.*?) \|/gm)].flatMap(
    ([, cell = ""]) => cell.match(/\w+:\w+/g) ?? [],
  );
  expect(told.sort()).toEqual(actions);
});
