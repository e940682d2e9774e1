import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { parseCommand, parseNamedValues } from "../../simulator/commands.ts";
import type { Event } from "../../src/release/journal.ts";
import { renderComment } from "../../src/report/comment.ts";
import { logLines } from "../../src/report/log.ts";
import { outputs } from "../../src/report/outputs.ts";
import { tell, unwritten } from "../../src/report/story.ts";
import { asVersion, filled, hostile, isVersion, journal, shown, slotsOf } from "./outside.ts";
import { END, type Order, type Told } from "./printer.ts";
import { chargesOf, markupOf, rendered } from "./rendered.ts";

const LINKS = {
  run: "https://github.com/example/shop/actions/runs/7001",
  rollback: "https://github.com/example/shop/actions/workflows/rollback.yml",
};

/** A journal with hostile texts, and the same with harmless words in their places. */
interface Pair {
  readonly hostile: readonly Event[];
  readonly harmless: readonly Event[];
  /** A text that shows the harmless words, as it would be with the hostile texts shown as they are. */
  readonly retold: (text: string) => string;
}

const pairs: fc.Arbitrary<Pair> = fc
  .tuple(journal, fc.array(hostile, { minLength: 30, maxLength: 30 }))
  .map(([skeleton, texts]) => {
    const places = slotsOf(skeleton).map((name, index) => {
      const text = texts[index % texts.length] ?? "";
      // Functions and rules are told apart by their names.
      const given = isVersion(name) ? asVersion(text) : /^text/.test(name) ? text : `${text}${name.slice(-1)}`;
      return { name, given, word: isVersion(name) ? `4z${index}z` : `Zq${index}qZ` };
    });
    const byName = new Map(places.map((place) => [place.name, place]));
    return {
      hostile: filled(skeleton, (name) => byName.get(name)?.given ?? ""),
      harmless: filled(skeleton, (name) => byName.get(name)?.word ?? ""),
      retold: (text) => places.reduce((rest, { word, given }) => rest.replaceAll(word, () => shown(given)), text),
    };
  });

/** Where a text begins and ends, spaces are folded: they are no part of the comparison. */
const dense = (text: string) => text.replace(/\s+/g, "");

function assertInert(comment: string, twin: string, retold: Pair["retold"]): void {
  const [given, expected] = [rendered(comment), rendered(twin)];
  assert.deepEqual(markupOf(given.html), markupOf(expected.html), "no markup that isn't ours");
  assert.equal(dense(given.text), dense(retold(expected.text)), "what is shown is the text");
  assert.deepEqual(chargesOf(given.html), [], "nothing that GitHub makes something of afterwards");
}

test("whatever comes from outside, wherever it lands, is text in the comment and the summary", () => {
  const comment = (events: readonly Event[]) => renderComment(tell(events), { targets: [], workflow: "deploy" }, LINKS);
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

  before(async () => {
    const variables = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"];
    const env = Object.fromEntries(variables.map((name) => [name, join(folder, name)]));
    for (const file of Object.values(env)) writeFileSync(file, "");
    const options = { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit", "ipc"] as const };
    printer = fork(fileURLToPath(new URL("./printer.ts", import.meta.url)), { ...options, stdio: [...options.stdio] });
    assert.ok(printer.stdout !== null);
    lines = createInterface({ input: printer.stdout })[Symbol.asyncIterator]();
    died = new Promise((_, reject) => printer.once("exit", () => reject(new Error("the printer died"))));
    died.catch(() => {});
    await Promise.race([once(printer, "message"), died]);
  });

  after(() => {
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
        assert.deepEqual(commandsOf(given.log), commandsOf(twin.log));
        assert.deepEqual(
          textsOf(given.log),
          twin.log.map((line) => textsOf([line])[0]).map((text) => dense(pair.retold(text ?? ""))),
        );
        assertInert(given.summary, twin.summary, pair.retold);
        const [values, expected] = [parseNamedValues(given.outputs), parseNamedValues(twin.outputs)];
        assert.deepEqual(Object.keys(values), Object.keys(expected));
        assert.equal(dense(values["reason"] ?? ""), dense(pair.retold(expected["reason"] ?? "")));
        assert.equal(values["outcome"], expected["outcome"]);
        assert.deepEqual(shapeOf(JSON.parse(values["report"] ?? "")), shapeOf(JSON.parse(expected["report"] ?? "")));
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
        assert.deepEqual(commandsOf(log), ["error"]);
        const { data = "" } = parseCommand(log[0] ?? "") ?? {};
        assert.deepEqual(
          commandsOf(data.split("\n")),
          data.split("\n").map(() => "text"),
        );
        assert.doesNotMatch(data.replaceAll("\n", ""), /\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u);
        assert.ok(dense(data).includes(dense(shown(given["command"] ?? ""))));
        assert.equal(parseNamedValues(told)["reason"], data);
      }),
      { numRuns: 150 },
    );
  });
});

/** A value with nothing left of its texts. */
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
  fc.assert(
    fc.property(journal, long, (skeleton, text) => {
      const events = filled(skeleton, () => text);
      const start = performance.now();
      const comment = renderComment(tell(events), { targets: [], workflow: "deploy" }, LINKS);
      let before = unwritten;
      for (const event of events) {
        for (const line of logLines(event, before)) if (line.kind === "error") assert.ok(line.text.length <= 4_096);
        before = tell(events.slice(0, events.indexOf(event) + 1));
      }
      outputs(events);
      assert.ok(performance.now() - start < 1_000, `${performance.now() - start} ms`);
      assert.ok(Buffer.byteLength(comment) < 65_536);
      assert.deepEqual(chargesOf(rendered(comment).html), []);
    }),
    { numRuns: 20 },
  );
});
