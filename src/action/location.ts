import { PARTITIONS, partitionOf } from "../aws/partition.ts";
import type { FunctionReference } from "../domain/alias.ts";
import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed, whole } from "../domain/mistake.ts";

/** Which functions are meant, and where they are, as far as names and ARNs say before any call to AWS. */
export interface Place {
  readonly functions: readonly FunctionReference[];
  /** Null if neither an input nor an ARN names it. */
  readonly region: string | null;
  /** The role's ARN; null if none is given. */
  readonly role: string | null;
}

/**
 * Reads the inputs that name functions, Region and role. Their accounts, Regions and partitions must agree.
 *
 * @param read returns an input's text by its name, "" if it isn't set
 */
export function readPlace(read: (name: string) => string): Parsed<Place> {
  const mistakes: Mistake[] = [];
  const own = whole(read("aws-region"));
  if (own.text !== "" && partitionOf(own.text) === null) {
    mistakes.push(mistakeAt("aws-region", own, `"${own.text}" is not a Region`, 'write it as "eu-central-1"'));
  }
  const references = parseFunctions(read("function"), mistakes);
  const region = agreedRegion(references, own, mistakes);
  const accounts = references.flatMap(({ account }) => account ?? []);
  const [account = null] = accounts;
  if (new Set(accounts).size > 1) {
    const named = whole([...new Set(accounts)].join(", "));
    const remedy = "credentials are for one account: release the functions of one account at a time";
    const problem = "the functions are in several accounts";
    mistakes.push(mistakeAt("function", named, problem, remedy));
  }
  const role = agreedRole(whole(read("role-to-assume")), account, region, mistakes);
  const functions = references.map((each) => ({ name: each.name, account: each.account }));
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, value: { functions, region, role } };
}

type Reference = FunctionReference & { readonly region: string | null };

// The patterns from the services' API models, without a qualifier: the alias is named by the input alias.
const PARTITION = `(?<partition>${PARTITIONS.join("|")})`;
const REFERENCE = new RegExp(
  `^(?:(?:arn:${PARTITION}:lambda:(?<region>[a-z0-9-]+):)?(?<account>\\d{12}):function:)?(?<name>[a-zA-Z0-9-_]{1,64})$`,
);
const ROLE = new RegExp(`^arn:${PARTITION}:iam::(?<account>\\d{12}):role/(?:[!-~]{1,510}/)?[a-zA-Z0-9_+=,.@-]{1,64}$`);

function parseFunctions(text: string, mistakes: Mistake[]): readonly Reference[] {
  const references: Reference[] = [];
  const lines = excerpts(text, /,/);
  for (const line of lines) {
    const { partition, region, account, name } = REFERENCE.exec(line.text)?.groups ?? {};
    const wrong = (problem: string, remedy: string) => mistakes.push(mistakeAt("function", line, problem, remedy));
    if (name === undefined) {
      const qualified = /^(.+):([a-zA-Z0-9-_$.]+)$/.exec(line.text);
      const remedy =
        qualified !== null && REFERENCE.test(qualified[1] ?? "")
          ? `leave out ":${qualified[2]}" and name the alias in the input alias`
          : "give a name, ACCOUNT:function:name, or arn:aws:lambda:REGION:ACCOUNT:function:name";
      wrong(`"${line.text}" is not a function`, remedy);
    } else if (region !== undefined && partitionOf(region) !== partition) {
      const found = partitionOf(region);
      if (found === null) wrong(`"${region}" is not a Region`, 'write it as "eu-central-1"');
      else wrong(`${region} is not in the partition ${partition}`, `ARNs of that Region begin with "arn:${found}:"`);
    } else if (references.some((other) => other.name === name)) {
      wrong(`${name} is given twice`, "leave one of them out");
    } else {
      references.push({ name, account: account ?? null, region: region ?? null });
    }
  }
  if (lines.length === 0) {
    mistakes.push(mistakeAt("function", whole(""), "no function is given", "name the function to release"));
  }
  return references;
}

function agreedRegion(references: readonly Reference[], own: Excerpt, mistakes: Mistake[]): string | null {
  const regions = [...new Set(references.flatMap(({ region }) => region ?? []))];
  const line = regions.join(", ");
  if (regions.length > 1) {
    const remedy = "release the functions of one Region at a time";
    mistakes.push(mistakeAt("function", whole(line), "the functions are in several Regions", remedy));
  } else if (own.text !== "" && regions.length === 1 && line !== own.text) {
    const problem = `the functions are in ${line}, not in ${own.text}`;
    mistakes.push(mistakeAt("aws-region", own, problem, `write ${line}, or leave it out: the ARNs name the Region`));
  }
  return own.text !== "" ? own.text : (regions[0] ?? null);
}

/** A role must be in the functions' account and in the Region's partition. */
function agreedRole(role: Excerpt, account: string | null, region: string | null, mistakes: Mistake[]): string | null {
  if (role.text === "") return null;
  const wrong = (problem: string, remedy: string) => mistakes.push(mistakeAt("role-to-assume", role, problem, remedy));
  const found = ROLE.exec(role.text)?.groups;
  if (found === undefined) {
    wrong(`"${role.text}" is not the ARN of a role`, 'write it as "arn:aws:iam::ACCOUNT:role/release"');
    return null;
  }
  if (account !== null && found["account"] !== account) {
    const problem = `the role is in account ${found["account"]}, but the functions are in account ${account}`;
    wrong(problem, "give a role in the functions' account");
  }
  const partition = region === null ? null : partitionOf(region);
  if (partition !== null && found["partition"] !== partition) {
    const problem = `the role is in the partition ${found["partition"]}, but ${region} is in ${partition}`;
    wrong(problem, `give a role whose ARN begins with "arn:${partition}:", or correct the Region`);
  }
  return role.text;
}
