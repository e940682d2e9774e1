import { blocks, read, section } from "./files.ts";

const PAGE = "docs/permissions.md";

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const policies = blocks("json", PAGE).map((text) => JSON.parse(text) as { readonly Statement: readonly Statement[] });
const statements = policies.flatMap(({ Statement }) => Statement);
const actions = statements.flatMap(({ Action }) => Action).sort();

test("there is one policy to copy", () => {
  expect(policies).toHaveLength(1);
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

const NAMED = "arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION";
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
