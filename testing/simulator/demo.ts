import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { SimulatedClock } from "./clock.ts";
import type { LogLine } from "./commands.ts";
import { renderPicture } from "./picture.ts";
import { startAction } from "./runner.ts";
import { ALARM, SCENARIOS } from "./scenarios.ts";
import { type Simulator, startSimulator } from "./server.ts";

/** `npm run demo`: the real bundle releases a good version, then a broken one, in compressed time. */

/** Simulated seconds per real second: the default plan of 15 minutes takes less than half a minute. */
const SPEED = 45;
const FOLDER = "demo-output";
const GUARDS = `error-rate <= baseline * 1.5 + 0.5%\nalarm ${ALARM}`;

const clock = new SimulatedClock({ speed: SPEED });
const simulator = await startSimulator({ time: clock, checksTime: true, seed: 7 });
const checkout = SCENARIOS.healthy.setUp(simulator);

tellComment(simulator);
const good = await release("1. A good version", "good");
checkout.stage({ errorRate: 0.3 });
const broken = await release("2. A broken version: 30 % of its calls fail", "broken");

await simulator.close();
clock.close();
const asItShould = good === "promoted" && broken === "rolled-back";
say(`The good version was ${good}, the broken one ${broken}${asItShould ? "" : ": that is wrong"}.`);
process.exitCode = asItShould ? 0 : 1;

async function release(title: string, name: string): Promise<string> {
  say(`━━━ ${title} ━━━ (${SPEED} simulated seconds per second)\n`);
  const action = await startAction({
    clock,
    inputs: { function: "checkout", guards: GUARDS },
    environment: simulator.environment,
    token: "ghs_demo",
    event: { name: "push", payload: {} },
    onLine: printLine,
  });
  const { outputs } = await action.finished;
  mkdirSync(FOLDER, { recursive: true });
  const body = simulator.github.repository.comments.at(-1)?.versions.at(-1)?.body ?? "";
  const files = renderPicture(body, join(FOLDER, `${name}.png`)).map((file) => relative(".", file));
  say(`\nThe pull request's comment is now in ${files.join(" and ")}\n`);
  return outputs["outcome"] ?? "nothing";
}

function printLine({ kind, text }: LogLine): void {
  if (kind === "endgroup") return;
  say(kind === "text" || kind === "group" ? `  ${text}` : `  ${kind.toUpperCase()} ${text}`);
}

/** Prints each edit of the comment that changes its headline. */
function tellComment({ github: { repository } }: Simulator): void {
  let told = "";
  simulator.onCall = ({ operation }) => {
    if (operation !== "CreateComment" && operation !== "UpdateComment") return;
    const body = repository.comments.at(-1)?.versions.at(-1)?.body ?? "";
    const [headline = "", bar = ""] = body.split("\n").filter((line) => /^###|[■□]/.test(line));
    const now = `${headline.replace(/^#+ /, "")}  ${bar}`.trim();
    if (now !== told) say(`  │ comment on #7 │ ${now}`);
    told = now;
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
