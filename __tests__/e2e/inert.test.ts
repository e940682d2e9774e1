import { MINUTE } from "../../src/domain/time.ts";
import { parseCommand } from "../../testing/simulator/commands.ts";
import type { Ending } from "../../testing/simulator/runner.ts";
import { PULL_REQUEST } from "../../testing/simulator/scenarios.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { shown } from "../report/outside.ts";
import { chargesOf, rendered } from "../report/rendered.ts";
import { playInOneProcess } from "./host.ts";
import { onStage, type Stage } from "./stage.ts";

playInOneProcess();

/** All attacks at once, on one line, so that it fits wherever a name can stand. */
const EVIL =
  "@octocat [a](https://evil.example) ![b](https://evil.example/x.png) <img src=x> <!-- lambda-canary 0 --> </details> | `c` " +
  "$x$ #12 GH-7 :tada: www.evil.example **d** ##[error]pwned %0A::error::pwned \u202e\u200b\u001b[31m ```";
/** The same for texts that may have several lines. */
const EVIL_LINES = `${EVIL}\n::error::pwned\n::stop-commands::x\n##[group]pwned\n# pwned\n<b>\n`;

const INPUTS = { "pull-request": String(PULL_REQUEST), steps: "10% for 5m" };
const OURS =
  /^https:\/\/github\.com\/octo-org\/checkout\/actions\/(runs\/17000000001\/attempts\/1|workflows\/rollback\.yml)$/;
const TAGS = "!-- h3 p br sub code pre strong ul li a table thead tbody tr th td blockquote details summary".split(" ");

/** Everything that others can read about a run is plain text: nothing in it does anything. */
function assertInert({ simulator }: Stage, { log, summary, annotations, outputs }: Ending, ...texts: string[]): void {
  const comments = simulator.github.repository.comments.flatMap(({ versions }) => versions.map(({ body }) => body));
  expect(comments.length).toBeGreaterThan(0);
  for (const source of [summary, ...comments]) {
    const { html, tags } = rendered(source);
    expect([...tags].filter((tag) => !TAGS.includes(tag))).toStrictEqual([]);
    expect(chargesOf(html)).toStrictEqual([]);
    for (const [, address = ""] of html.matchAll(/(?:href|src)="([^"]*)"/g)) expect(address).toMatch(OURS);
    // This mark is how the comment is found again, so nobody else may set one.
    expect(source.match(/<!-- lambda-canary [0-9a-f]{16} -->/g)).toHaveLength(1);
  }
  expect(new Set(simulator.github.repository.comments.map(({ id }) => id)).size).toBe(1);
  const lines = log.filter(({ kind }) => kind === "text").map(({ text }) => text);
  expect(lines.filter((line) => parseCommand(line) !== null)).toStrictEqual([]);
  for (const { text } of log) {
    expect(text).not.toBe("pwned");
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|[\u202a-\u202e\u200b]/u);
  }
  expect(annotations.filter(({ text }) => text.startsWith("pwned"))).toStrictEqual([]);
  const seen = rendered(summary).text.replace(/\s+/g, "");
  for (const text of texts) expect(seen).toContain(shown(text).replace(/\s+/g, ""));
  expect(outputs["reason"]).not.toContain("\n");
}

describe("hostile texts from outside, through the bundle that users get", () => {
  test(
    "the words with which AWS refuses, when nothing can be taken back",
    onStage("broken", async (stage) => {
      const refusal = new Refusal(403, "AccessDeniedException", EVIL_LINES);
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1, times: 99 }, { kind: "refused", refusal });
      const run = await stage.run(INPUTS);
      expect(run.outputs["outcome"]).toBe("failed");
      assertInert(stage, run, EVIL_LINES);
    }),
  );

  test(
    "the description of the alias, edited by somebody else in mid-release, and the names of workflow and branch",
    onStage("healthy", async (stage) => {
      const { checkout } = stage;
      const { time } = stage.simulator;
      const { version } = checkout.alias("live").intended;
      const description = EVIL_LINES.slice(0, 200);
      checkout.updateAlias("live", { version, additional: null, description: "" });
      time.at(time.now() + 3 * MINUTE, () => checkout.updateAlias("live", { version, additional: null, description }));
      const hostile = {
        GITHUB_WORKFLOW: EVIL,
        GITHUB_REF_NAME: EVIL,
        GITHUB_HEAD_REF: EVIL,
        GITHUB_REF: `refs/heads/${EVIL}`,
      };
      const run = await stage.run(INPUTS, { environment: { ...stage.simulator.environment, ...hostile } });
      expect(run.outputs["outcome"]).toBe("superseded");
      assertInert(stage, run);
    }),
  );
});
