import { type LogLine, logLines } from "../../src/report/log.ts";
import { advance, unwritten } from "../../src/report/story.ts";
import type { ToldAnalysis as Analysis, ToldEvent as Event } from "../../src/report/told.ts";
import { after, alarmed, counted, STORIES, started, target } from "./stories.ts";

function log(events: readonly Event[]): readonly LogLine[] {
  let story = unwritten;
  return events.flatMap((event) => {
    const lines = logLines(event, story);
    story = advance(story, event);
    return lines;
  });
}

function transcript(lines: readonly LogLine[]): string {
  return `${lines.map(shown).join("\n")}\n`;
}

function shown(line: LogLine): string {
  switch (line.kind) {
    case "group":
      return `group ${line.title}`;
    case "end-group":
      return "end-group";
    case "line":
      return `      ${line.text}`;
    case "warning":
    case "error":
      return `${line.kind} [${line.title}] ${line.text}`;
  }
}

function textsOf(line: LogLine): readonly string[] {
  return Object.entries(line).flatMap(([key, value]) => (key === "kind" ? [] : [value]));
}

test.each(Object.entries(STORIES))("the log of %s is as reviewed", (name, events) => {
  expect(transcript(log(events))).toMatchReviewed(`./report/logs/${name}.txt`);
});

test("no line can be taken for a command of the runner", () => {
  const command = /^\s*::|##\[/;
  const starters = [
    "::error::x",
    "  ::set-env name=A::b",
    "\n::add-mask::x",
    "\t##[group]x",
    "a ##[stop-commands]x",
    "\r::x::",
  ];
  const events = starters.flatMap((text): Event[] => [
    after("1s", { kind: "warned", text }),
    after("1s", { kind: "noted", text }),
    after("1s", { kind: "chapter", title: text }),
    after("1s", { kind: "ended", outcome: "failed", reason: text, verified: false }),
    started({ targets: [target(text)] }),
    after("1s", { kind: "warned", text: "after a hostile name" }),
  ]);
  for (const text of log([...events, ...(STORIES["hostile"] ?? [])]).flatMap(textsOf)) {
    expect(text).not.toMatch(command);
    expect(text).not.toMatch(/\p{Cc}/u);
  }
});

test("groups never nest, and none is left open at the end", () => {
  for (const [name, events] of Object.entries(STORIES)) {
    const found = log(events).flatMap(({ kind }) => (kind === "group" || kind === "end-group" ? [kind] : []));
    const inTurn = found.map((_, index) => (index % 2 === 0 ? "group" : "end-group"));
    expect({ name, found }).toStrictEqual({ name, found: inTurn });
    if (events.at(-1)?.kind === "ended") {
      expect({ name, open: found.length % 2 }).toStrictEqual({ name, open: 0 });
    }
  }
});

const ANNOTATIONS: Readonly<Record<string, readonly string[]>> = {
  "promoted-verified": [],
  "promoted-unopposed": [],
  "promoted-unjudged": ["warning"],
  created: [],
  unchanged: [],
  "rollback-command": [],
  "rolled-back": ["error"],
  aborted: ["error"],
  superseded: ["error"],
  "failed-early": ["error"],
  stranded: ["error"],
  "fleet-stranded": ["error"],
};
for (const [name, expected] of Object.entries(ANNOTATIONS)) {
  test(`${name} ends with ${expected.length === 0 ? "no annotation" : `one ${expected}`}`, () => {
    const kinds = log(STORIES[name] ?? []).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "error" || kind === "warning")).toStrictEqual(expected);
  });
}

const judged = (time: string, ...analyses: Analysis[]) => after(time, { kind: "judged", analyses, verified: false });

test("a look is told when it is the first of its minute, or when a verdict has changed", () => {
  const calm = counted("inconclusive", 0, [1, 20], [1, 200]);
  const events = [
    started(),
    judged("50s", calm), // 14:01:02
    judged("1m10s", calm),
    judged("1m30s", calm),
    judged("1m40s", counted("pass", -1, [1, 20], [1, 200])),
    judged("1m50s", calm), // 14:02:02
    judged("2m10s", calm),
  ];
  const times = log(events).flatMap((line) => (line.kind === "line" ? [line.text.slice(0, 8)] : []));
  expect(times).toStrictEqual(["14:00:12", "14:01:02", "14:01:52", "14:02:02"]);
});

test("an alarm that stays well isn't told again", () => {
  const ok = alarmed("pass", "the alarm checkout-5xx is OK");
  const calm = counted("inconclusive", 0, [1, 20], [1, 200]);
  const lines = log([started(), judged("1m", calm, ok), judged("2m", calm, ok)]).flatMap(textsOf);
  expect(lines.filter((text) => text.includes("is OK"))).toHaveLength(1);
});

test("a look at a large fleet tells what isn't well, and sums up the rest", () => {
  const look = (bad: boolean) =>
    Array.from({ length: 30 }, (_, index) =>
      counted(bad && index === 7 ? "fail" : "inconclusive", 0, [1, 20], [1, 200], { of: `f${index}` }),
    );
  const events = [
    started({ targets: [target("f0"), target("f1")] }),
    judged("1m", ...look(false)),
    judged("2m", ...look(true)),
  ];
  const lines = log(events)
    .flatMap(textsOf)
    .filter((text) => text.startsWith("14:02"));
  expect(lines).toStrictEqual([
    expect.stringMatching(/fail .*\(f7\)/),
    expect.stringMatching(/verdicts: 29 inconclusive, 1 fail$/),
  ]);
});

test("an annotation of many stranded aliases fits, and each command in it is whole", () => {
  const names = Array.from({ length: 60 }, (_, index) => `function-${index}`);
  const events = [
    started({ targets: names.map(target) }),
    ...names.map((name) =>
      after("1m", {
        kind: "stranded",
        target: target(name),
        reason: "no answer",
        command: `aws ${name} ${"x".repeat(90)} end`,
        weight: null,
      }),
    ),
    after("1m", { kind: "ended", outcome: "failed", reason: "y ".repeat(4000), verified: false }),
  ];
  const [error = ""] = log(events).flatMap((line) => (line.kind === "error" ? [line.text] : []));
  expect(error.length).toBeLessThan(4_096);
  const commands = error.split(" — ").filter((part) => part.startsWith("aws"));
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((command) => !command.endsWith(" end"))).toStrictEqual([]);
  expect(error).toMatch(new RegExp(`${60 - commands.length} more commands are in the log$`));
});
