import { readArguments } from "../../acceptance/arguments.ts";
import { mostCalls, mostCost } from "../../acceptance/cost.ts";
import { blocks, list, read } from "../repository/files.ts";
import { ROLE } from "./account.ts";

test.each([
  { args: [], problem: /--role is missing/ },
  { args: ["--role", "admin"], problem: /--role takes the ARN of a role/ },
  { args: ["--role", ROLE, "--skip", "all"], problem: /--skip takes one of/ },
  { args: ["--role", ROLE, "--calls", "1e9"], problem: /--calls takes a whole number/ },
  { args: ["--fast"], problem: /--fast/ },
])("$args is refused", ({ args, problem }) => {
  expect(readArguments(args)).toMatchObject({ kind: "wrong", problem: expect.stringMatching(problem) });
});

test("the most that it can cost is less than $0.10, and the calls are those of five minutes at 20 a second", () => {
  const wishes = readArguments(["--role", ROLE]);
  const calls = wishes.kind === "accept" ? wishes.calls : Number.NaN;
  expect(mostCalls(calls)).toBe(5 * 60 * 20);
  expect(mostCost(calls)).toBeLessThan(0.1);
  expect(read("docs/acceptance.md")).toContain("Less than $0.10. It calls the function at most 6,000 times");
});

interface Statement {
  readonly Action: string | readonly string[];
}

/** Not named like the call. */
const ACTIONS: Readonly<Record<string, string>> = { Invoke: "InvokeFunction" };
/** What the action itself asks; what tags and roles of new functions need. */
const OTHERS = ["lambda:GetPolicy", "lambda:ListFunctionUrlConfigs", "lambda:ListEventSourceMappings"];
const OF_NEW_FUNCTIONS = ["lambda:TagResource", "iam:PassRole"];

test("the policy on the page allows what it calls, and no more", () => {
  const calls = list("acceptance/").flatMap((file) => {
    const made = read(`acceptance/${file}`).matchAll(/new (\w+)Command\(/g);
    return [...made].map(([, call = ""]) => {
      return `${call === "GetMetricData" ? "cloudwatch" : "lambda"}:${ACTIONS[call] ?? call}`;
    });
  });
  const [policy = "{}"] = blocks("json", "docs/acceptance.md");
  const { Statement } = JSON.parse(policy) as { readonly Statement: readonly Statement[] };
  const allowed = Statement.flatMap(({ Action }) => [Action].flat()).sort();
  expect(allowed).toEqual([...new Set([...calls, ...OTHERS, ...OF_NEW_FUNCTIONS])].sort());
});
