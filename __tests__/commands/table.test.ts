import type { Command } from "../../src/commands/command.ts";
import { COMMANDS } from "../../src/commands/table.ts";
import type { Outcome } from "../../src/release/events.ts";
import { list, metadata, read } from "../repository/files.ts";

test.each(COMMANDS)("$name is listed by its own name", async ({ name, load }) => {
  expect((await load()).name).toBe(name);
});

test("action.yml tells of each command, and the usual one is its default", () => {
  const { default: usual, description = "" } = metadata.inputs["command"] ?? {};
  expect(COMMANDS[0].name).toBe(usual);
  for (const { name } of COMMANDS) expect(description).toContain(`\`${name}\``);
});

const OUTCOMES: readonly Outcome[] = [
  ...(["planned", "replayed", "promoted", "rolled-back", "unchanged", "created", "superseded", "failed"] as const),
];
const SUCCESSES: Readonly<Record<string, readonly Outcome[]>> = {
  deploy: ["promoted", "unchanged", "created"],
  rollback: ["rolled-back", "unchanged"],
  plan: ["planned"],
  replay: ["replayed"],
  heal: ["rolled-back", "unchanged"],
};

test.each(COMMANDS)("which outcomes of $name let the job go on", async ({ name, load }) => {
  const command: Command = await load();
  expect(OUTCOMES.filter((each) => command.isSuccess(each)).sort()).toStrictEqual(SUCCESSES[name]?.toSorted());
});

/** A comparison with a name that only commands have, or of a command with anything. */
const COMPARISON = /(?:[!=]==|\bcase) "(?:deploy|replay|heal|post)"|\b(?:command|task)(?:\.name)? [!=]==/;

test("no source compares a command's name: what differs is a property of the command", () => {
  const comparing = list("src/").filter((file) => COMPARISON.test(read(`src/${file}`)));
  expect(comparing).toStrictEqual([]);
});
