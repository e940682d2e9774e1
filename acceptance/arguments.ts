import { parseArgs } from "node:util";

/** What a person asked for. */
export type Wishes =
  | { readonly kind: "help" }
  | { readonly kind: "clean"; readonly yes: boolean }
  | {
      readonly kind: "accept";
      /** The ARN of the role that the function runs as. */
      readonly role: string;
      readonly yes: boolean;
      /** How many calls are split by weight. */
      readonly calls: number;
      readonly skip: readonly Skippable[];
      /** Where the report goes. */
      readonly report: string;
    };

/** Parts that can be left out because they take minutes. */
export const SKIPPABLE = ["figures", "provisioned", "releases"] as const;
export type Skippable = (typeof SKIPPABLE)[number];

export const HELP = `npm run acceptance -- --role ARN [--yes] [--skip PART] [--calls NUMBER] [--report FILE]
npm run acceptance -- --clean [--yes]

--role ARN       the role that the function runs as; it needs no permissions
--yes            don't ask before it starts
--skip PART      leave out a part: ${SKIPPABLE.join(", ")}; may be given several times
--calls NUMBER   how many calls to split by weight, 2000 by default; the others follow it
--report FILE    where the report goes, acceptance-report.md by default
--clean          delete what an earlier run left

Credentials and Region are those that the AWS SDK finds. docs/acceptance.md tells the cost and the permissions.`;

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;

/** The parsed arguments, or what is wrong with them. */
export function readArguments(args: readonly string[]): Wishes | { readonly kind: "wrong"; readonly problem: string } {
  const wrong = (problem: string) => ({ kind: "wrong", problem }) as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        role: { type: "string" },
        yes: { type: "boolean", default: false },
        skip: { type: "string", multiple: true, default: [] },
        calls: { type: "string", default: "2000" },
        report: { type: "string", default: "acceptance-report.md" },
        clean: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { role, yes, skip, report } = values;
    if (values.help) return { kind: "help" };
    if (values.clean) return { kind: "clean", yes };
    if (role === undefined) return wrong("--role is missing: the ARN of a role that Lambda may assume.");
    if (!ROLE.test(role)) return wrong(`--role takes the ARN of a role, not "${role}".`);
    if (!areSkippable(skip)) return wrong(`--skip takes one of: ${SKIPPABLE.join(", ")}.`);
    const calls = Number(values.calls);
    if (!Number.isInteger(calls) || calls < 200 || calls > 2_000) {
      return wrong(`--calls takes a whole number from 200 to 2000, not "${values.calls}".`);
    }
    return { kind: "accept", role, yes, calls, skip, report };
  } catch (error) {
    return wrong((error as Error).message);
  }
}

function areSkippable(parts: readonly string[]): parts is readonly Skippable[] {
  return parts.every((part) => (SKIPPABLE as readonly string[]).includes(part));
}
