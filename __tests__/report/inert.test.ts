import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { renderComment } from "../../src/report/comment.ts";
import { logLines } from "../../src/report/log.ts";
import { outputs } from "../../src/report/outputs.ts";
import { tell, unwritten } from "../../src/report/story.ts";
import type { ToldEvent as Event } from "../../src/report/told.ts";
import { parseCommand, parseNamedValues } from "../../testing/simulator/commands.ts";
import { asVersion, filled, hostile, isVersion, journal, shown, slotsOf } from "./outside.ts";
import { END, type Order, type Told } from "./printer.ts";
import { chargesOf, markupOf, rendered } from "./rendered.ts";

const KEY = { targets: [], workflow: "deploy", job: "release", region: "eu-west-1", account: null };
const LINKS = {
  run: "https://github.com/example/shop/actions/runs/7001",
  rollback: "https://github.com/example/shop/actions/workflows/rollback.yml",
};

/** A journal with hostile texts, and the same one with harmless words instead. */
interface Pair {
  readonly hostile: readonly Event[];
  readonly harmless: readonly Event[];
  /** Replaces the harmless words in a text by the hostile texts, as they look when shown. */
  readonly retold: (text: string) => string;
}

const pairs: fc.Arbitrary<Pair> = fc
  .tuple(journal, fc.array(hostile, { minLength: 30, maxLength: 30 }))
  .map(([skeleton, texts]) => {
    const places = slotsOf(skeleton).map((name, index) => {
      const text = texts[index % texts.length] ?? "";
      // Functions and rules are distinguished by their names.
      const given = isVersion(name) ? asVersion(name, text) : /^text/.test(name) ? text : `${text}${name.slice(-1)}`;
      return { name, given, word: isVersion(name) ? `4z${index}z` : `Zq${index}qZ` };
    });
    const byName = new Map(places.map((place) => [place.name, place]));
    return {
      hostile: filled(skeleton, (name) => byName.get(name)?.given ?? ""),
      harmless: filled(skeleton, (name) => byName.get(name)?.word ?? ""),
      retold: (text) => places.reduce((rest, { word, given }) => rest.replaceAll(word, () => shown(given)), text),
    };
  });

/** Spaces around a text are folded, so leave all spaces out of the comparison. */
const dense = (text: string) => text.replace(/\s+/g, "");

/** Only the text shows: no markup except ours, and nothing that GitHub would turn into something else later. */
function assertInert(comment: string, twin: string, retold: Pair["retold"]): void {
  const [given, expected] = [rendered(comment), rendered(twin)];
  expect({
    markup: markupOf(given.html),
    text: dense(given.text),
    charges: chargesOf(given.html),
  }).toStrictEqual({
    markup: markupOf(expected.html),
    text: dense(retold(expected.text)),
    charges: [],
  });
}

test("whatever comes from outside, wherever it lands, is text in the comment and the summary", () => {
  const comment = (events: readonly Event[]) => renderComment(tell(events), KEY, LINKS);
  fc.assert(
    fc.property(pairs, (pair) => assertInert(comment(pair.hostile), comment(pair.harmless), pair.retold)),
    { numRuns: 300 },
  );
});

describe("what is printed, from outside as it comes", () => {
  const folder = mkdtempSync(join(tmpdir(), "printer-"));
  let printer: ChildProcess;
  let lines: AsyncIterator<string>;
  let died: Promise<never>;

  beforeAll(async () => {
    const variables = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"];
    const env = Object.fromEntries(variables.map((name) => [name, join(folder, name)]));
    for (const file of Object.values(env)) writeFileSync(file, "");
    const options = { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit", "ipc"] as const };
    printer = fork(fileURLToPath(new URL("./printer.ts", import.meta.url)), { ...options, stdio: [...options.stdio] });
    assert(printer.stdout !== null);
    lines = createInterface({ input: printer.stdout })[Symbol.asyncIterator]();
    died = new Promise((_, reject) => printer.once("exit", () => reject(new Error("the printer died"))));
    died.catch(() => {});
    await Promise.race([once(printer, "message"), died]);
  });

  afterAll(() => {
    printer.disconnect();
    rmSync(folder, { recursive: true, force: true });
  });

  async function print(order: Order): Promise<Told & { readonly log: readonly string[] }> {
    const told = Promise.race([once(printer, "message"), died]);
    printer.send(order);
    const log: string[] = [];
    for (let next = await lines.next(); !next.done && next.value !== END; next = await lines.next())
      log.push(next.value);
    return { ...(await told)[0], log };
  }

  const commandsOf = (log: readonly string[]) => log.map((line) => parseCommand(line)?.name ?? "text");
  const textsOf = (log: readonly string[]) =>
    log.map((line) => {
      const { data = line, properties = {} } = parseCommand(line) ?? {};
      return dense(`${properties["title"] ?? ""} ${data}`);
    });

  test("a journal makes the lines, commands, annotations and outputs that harmless words make, with its texts in them", async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async (pair) => {
        const [given, twin] = [
          await print({ kind: "journal", events: pair.hostile, maskAccounts: true }),
          await print({ kind: "journal", events: pair.harmless, maskAccounts: true }),
        ];
        expect(commandsOf(given.log)).toStrictEqual(commandsOf(twin.log));
        expect(textsOf(given.log)).toStrictEqual(
          twin.log.map((line) => textsOf([line])[0]).map((text) => dense(pair.retold(text ?? ""))),
        );
        assertInert(given.summary, twin.summary, pair.retold);
        const [values, expected] = [parseNamedValues(given.outputs), parseNamedValues(twin.outputs)];
        expect(Object.keys(values)).toStrictEqual(Object.keys(expected));
        expect(dense(values["reason"] ?? "")).toBe(dense(pair.retold(expected["reason"] ?? "")));
        expect(values["outcome"]).toBe(expected["outcome"]);
        expect(shapeOf(JSON.parse(values["report"] ?? ""))).toStrictEqual(
          shapeOf(JSON.parse(expected["report"] ?? "")),
        );
      }),
      { numRuns: 150 },
    );
  });

  test("refused inputs make one annotation, and quote what was given", async () => {
    const inputs = fc.record(
      Object.fromEntries(
        ["function", "command", "alias", "version", "steps", "guards", "aws-region", "comment", "from"].map((name) => [
          name,
          hostile,
        ]),
      ),
    );
    await fc.assert(
      fc.asyncProperty(inputs, async (given) => {
        const { log, outputs: told } = await print({ kind: "inputs", inputs: given, maskAccounts: true });
        expect(commandsOf(log)).toStrictEqual(["error"]);
        const { data = "" } = parseCommand(log[0] ?? "") ?? {};
        expect(commandsOf(data.split("\n"))).toStrictEqual(data.split("\n").map(() => "text"));
        expect(data.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u);
        expect(dense(data)).toContain(dense(shown(given["command"] ?? "")));
        expect(parseNamedValues(told)["reason"]).toBe(data);
      }),
      { numRuns: 150 },
    );
  });
});

/** A value without its texts. */
function shapeOf(value: unknown): unknown {
  if (typeof value === "string") return "";
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}

test("texts of 100 kB are cut, and told within a second", () => {
  const long = fc.tuple(hostile, fc.constantFrom("", " ", "\n", "`", "|", "#", "<", ":", "a")).map(([text, glue]) => {
    const piece = `${text}${glue}`;
    return piece.repeat(Math.ceil(100_000 / piece.length));
  });
  const efforts: number[] = [];
  fc.assert(
    fc.property(journal, long, (skeleton, text) => {
      const events = filled(skeleton, () => text);
      const start = process.threadCpuUsage();
      const comment = renderComment(tell(events), KEY, LINKS);
      let before = unwritten;
      for (const event of events) {
        for (const line of logLines(event, before))
          if (line.kind === "error") expect(line.text.length).toBeLessThanOrEqual(4_096);
        before = tell(events.slice(0, events.indexOf(event) + 1));
      }
      outputs(events);
      const { user, system } = process.threadCpuUsage(start);
      efforts.push((user + system) / 1_000);
      expect(Buffer.byteLength(comment)).toBeLessThan(65_536);
      expect(chargesOf(rendered(comment).html)).toStrictEqual([]);
    }),
    { numRuns: 20 },
  );
  // CPU time, so that a busy machine doesn't matter. Checked outside of fast-check, which would take ages to shrink a
  // slow case.
  expect(Math.max(...efforts)).toBeLessThan(1_000);
});
