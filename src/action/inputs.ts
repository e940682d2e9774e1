import type { Command, CommandRow, Order } from "../commands/command.ts";
import { type ReadInput, readChoice, readDuration, readOne, together } from "../domain/input.ts";
import { type Excerpt, type Mistake, mistakeAt, type Parsed } from "../domain/mistake.ts";
import { type Duration, HOUR, MINUTE, SECOND } from "../domain/time.ts";
import { type Place, readPlace } from "./location.ts";

/** The inputs that all commands have, parsed. */
export interface CommonInputs extends Order {
  readonly comment: boolean;
  readonly pullRequest: number | null;
  readonly githubToken: string;
  /** Null to use the AWS SDK's own credential chain. */
  readonly role: RoleToAssume | null;
  /** Null if neither an input nor an ARN names it. */
  readonly region: string | null;
}

/** A role that the action assumes itself. */
export interface RoleToAssume {
  readonly arn: string;
  /** Null for a name made from the run's id. */
  readonly session: string | null;
  readonly duration: Duration;
}

/** All inputs, parsed. */
export interface Inputs {
  readonly common: CommonInputs;
  readonly command: Command;
  /** With the inputs that only this command has. */
  readonly order: Order;
}

/**
 * Reads the inputs that all commands have, and those of the command that is chosen; finds every mistake in them. A
 * mistake in an input that the command doesn't use doesn't stop it: it may be an emergency.
 */
export async function readInputs(
  read: ReadInput,
  [usual, ...others]: readonly [CommandRow, ...CommandRow[]],
): Promise<Parsed<Inputs>> {
  const name = readChoice(read, "command", [usual.name, ...others.map((row) => row.name)]);
  // If there is no such command, the mistakes for the usual one are told, too.
  const row = others.find((each) => name.ok && each.name === name.value) ?? usual;
  const command = await row.load();
  const place = readPlace(read);
  const common = readCommonInputs(read, place);
  const own = command.parse(read, place.ok ? place.value.functions : []);
  if (name.ok && common.ok && own.ok) {
    const { functions, alias } = common.value;
    return { ok: true, value: { common: common.value, command, order: { functions, alias, ...own.value } } };
  }
  const mistakes = [name, common, own].flatMap((each) => (each.ok ? [] : each.mistakes));
  return { ok: false, mistakes: mistakes.sort((a, b) => rankOf(a) - rankOf(b)) };
}

/** Mistakes are told in this order, whoever finds them: first what is meant and where it is, then how it is done. */
const FIRST: readonly (readonly string[])[] = [
  ["command"],
  ["function", "aws-region", "role-to-assume"],
  ["version"],
  ["role-session-name", "role-duration", "mask-account-id"],
  ["from", "to"],
  ["alias"],
];
const LAST: readonly (readonly string[])[] = [["when-inconclusive"], ["comment", "pull-request"]];

function rankOf({ input }: Mistake): number {
  const rank = FIRST.findIndex((group) => group.includes(input));
  if (rank >= 0) return rank;
  // One that is in neither list comes between the two.
  return FIRST.length + 1 + LAST.findIndex((group) => group.includes(input));
}

/** Reads the inputs that all commands have, and finds every mistake in them. */
export function readCommonInputs(read: ReadInput, place: Parsed<Place> = readPlace(read)): Parsed<CommonInputs> {
  const githubToken = read("github-token").trim();
  const parts = together({
    place,
    session: readOne<string | null>(read, "role-session-name", null, (excerpt) => parseSessionName(excerpt, read)),
    duration: readDuration(read, "role-duration", { usual: HOUR, least: 15 * MINUTE, most: 12 * HOUR }),
    // Only checked here: it takes effect before any other input is read, in secrets.ts.
    masksAccounts: readChoice(read, "mask-account-id", ["true", "false"]),
    alias: readOne(read, "alias", "live", parseAlias),
    comment: readChoice(read, "comment", ["true", "false"]),
    pullRequest: readOne<number | null>(read, "pull-request", null, parsePullRequest),
  });
  if (!parts.ok) return parts;
  const { place: found, session, duration, alias, comment, pullRequest } = parts.value;
  const { functions, region, role: arn } = found;
  const role = arn === null ? null : { arn, session, duration: Math.round(duration / SECOND) * SECOND };
  return {
    ok: true,
    value: { functions, alias, comment: comment === "true", pullRequest, githubToken, role, region },
  };
}

function parseAlias(excerpt: Excerpt): string | Mistake {
  if (/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/.test(excerpt.text)) return excerpt.text;
  const remedy = "letters, digits, - and _, 128 at most, and not only digits";
  return mistakeAt("alias", excerpt, `"${excerpt.text}" is not an alias`, remedy);
}

function parsePullRequest(excerpt: Excerpt): number | Mistake {
  if (/^[1-9]\d{0,9}$/.test(excerpt.text)) return Number(excerpt.text);
  return mistakeAt("pull-request", excerpt, `"${excerpt.text}" is not a pull request`, "give its number, such as 123");
}

// The pattern and limits from STS's API model.
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

function parseSessionName(excerpt: Excerpt, read: ReadInput): string | Mistake {
  if (!SESSION_NAME.test(excerpt.text)) {
    const remedy = "from 2 to 64 letters, digits and _ + = , . @ -";
    return mistakeAt("role-session-name", excerpt, `"${excerpt.text}" can't name a session`, remedy);
  }
  if (read("role-to-assume").trim() !== "") return excerpt.text;
  const remedy = "set role-to-assume, or leave out the name";
  return mistakeAt("role-session-name", excerpt, "a session name needs a role", remedy);
}
