import { writeRecord } from "../../src/domain/alias-record.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { BEGINNING, SimulatedClock } from "../../testing/simulator/clock.ts";
import type { LogLine } from "../../testing/simulator/commands.ts";
import type { LambdaFunction } from "../../testing/simulator/lambda/function.ts";
import { inspectAll } from "../../testing/simulator/published/inspect.ts";
import { type Conduct, roughen } from "../../testing/simulator/rough.ts";
import { type Ending, type Host, type StartedAction, type Step, startAction } from "../../testing/simulator/runner.ts";
import { SCENARIOS, type ScenarioName } from "../../testing/simulator/scenarios.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../testing/simulator/server.ts";
import { type Call, formatCall } from "../../testing/simulator/transcript.ts";

/** In the second step of the default plan: the canary gets 25 %. */
export const MID_BAKE = BEGINNING + 7 * MINUTE;
/** The run that steps belong to by default, and another run of the same workflow. */
export const ONE_RUN = { id: "17000000001", attempt: 1 };
export const OTHER_RUN = { id: "17000000002", attempt: 1 };
/** For faults that don't end by themselves. */
export const FOREVER = Number.POSITIVE_INFINITY;

interface StageOptions extends Pick<SimulatorOptions, "quotas" | "past"> {
  /** How the services behave; by default as `WEATHER` says. */
  readonly conduct?: Conduct;
}

/** For tests of exact minutes, or of a lateness of their own. */
export const IN_FAIR_WEATHER: StageOptions = { conduct: "fair" };
/** From then on, no read shows what was before a write. */
export const ALL_STALE_READS = 6 * SECOND;

/** A simulator on simulated time, and the bundle that users get, started against it as the runner does. */
export class Stage {
  /** Plays the actions in place of new processes. */
  static host: Host | null = null;
  readonly clock: SimulatedClock;
  readonly simulator: Simulator;
  /** Everything the actions have printed so far. */
  readonly printed: string[] = [];

  private constructor(clock: SimulatedClock, simulator: Simulator) {
    this.clock = clock;
    this.simulator = simulator;
  }

  static async open(scenario: ScenarioName | null, options: StageOptions = {}): Promise<Stage> {
    const { conduct = process.env["WEATHER"] === "rough" ? "rough" : "fair", ...others } = options;
    const clock = new SimulatedClock();
    const simulator = await startSimulator({ time: clock, checksTime: true, seed: 7, past: HOUR, ...others });
    // Only the action asks here. What it sends has to be right even where it is refused for another reason.
    simulator.inspect = inspectAll;
    if (scenario !== null) SCENARIOS[scenario].setUp(simulator);
    if (conduct === "rough") roughen(simulator);
    return new Stage(clock, simulator);
  }

  /** Starts the action: by default on a push to main with the workflow's token. */
  start(inputs: Readonly<Record<string, string>>, step: Partial<Step> = {}): Promise<StartedAction> {
    const { id, attempt } = step.run ?? ONE_RUN;
    const { runs } = this.simulator.github.repository;
    // What GitHub knows of a run of its own that has just begun.
    if (!runs.has(Number(id)))
      runs.set(Number(id), { id: Number(id), status: "in_progress", conclusion: null, attempt });
    return startAction({
      clock: this.clock,
      inputs: { function: "checkout", ...lookingLess(inputs) },
      environment: this.simulator.environment,
      token: "ghs_secret",
      event: { name: "push", payload: {} },
      ...step,
      ...(Stage.host === null ? {} : { host: Stage.host }),
      onLine: (line) => {
        this.printed.push(formatLine(line));
        step.onLine?.(line);
      },
    });
  }

  async run(inputs: Readonly<Record<string, string>>, step: Partial<Step> = {}): Promise<Ending> {
    return (await this.start(inputs, step)).finished;
  }

  /** The scenarios' function. */
  get checkout(): LambdaFunction {
    const found = this.simulator.account.functions.get("checkout");
    if (found === undefined) throw new Error("There is no function checkout.");
    return found;
  }

  /** Waits until an instant of the simulation. */
  until(instant: Instant): Promise<void> {
    return new Promise((resolve) => void this.clock.at(instant, resolve));
  }

  /** What an alias serves: `3`, or `3 + 4@5`. */
  serves(name = "checkout", alias = "live"): string {
    const { version, additional } = this.simulator.account.functions.get(name)?.alias(alias).intended ?? {};
    return additional ? `${version} + ${additional.version}@${Math.round(additional.weight * 100)}` : `${version}`;
  }

  description(name = "checkout", alias = "live"): string {
    return this.simulator.account.functions.get(name)?.alias(alias).description ?? "";
  }

  /** Every call to Lambda that changes something, such as `UpdateAlias checkout:live 3 + 4@5% rev r3`. */
  writes(): string[] {
    return this.simulator.calls
      .filter(({ operation }) => /^(UpdateAlias|CreateAlias|PublishVersion)$/.test(operation))
      .map(({ operation, target, summary }) => `${operation} ${target} ${summary}`.trim());
  }

  async close(): Promise<void> {
    try {
      await this.simulator.close();
    } finally {
      this.clock.close();
    }
  }
}

/** Leaves the scenarios' function at 5 % of version 4, with the record of a run that has ended: its runner was lost. */
export function abandonRelease({ simulator, clock, checkout }: Stage): void {
  const now = clock.now();
  const record = { state: "canary", baseline: "3", canary: "4", weight: 5, step: 1, steps: 1 } as const;
  const stamp = { at: now, until: now + HOUR, run: { id: "17", attempt: 1 } };
  checkout.publish({});
  const additional = { version: "4", weight: 0.05 };
  checkout.updateAlias("live", { additional, description: writeRecord("", { ...record, ...stamp }) });
  simulator.github.repository.runs.set(17, { id: 17, status: "completed", conclusion: "failure", attempt: 1 });
}

/** Adds functions without a scenario: they serve version 2, and the staged code becomes version 3. */
export function addFleet(stage: Stage, ...names: readonly string[]): void {
  for (const name of names) {
    const added = stage.simulator.account.addFunction({ name, traffic: { callsPerMinute: 100 } });
    added.release();
    added.createAlias("live", { version: added.release() });
    added.stage({});
  }
}

/** Runs a test, or each row of one, on its own stage. If it fails, the error shows what the actions printed. */
export function onStage<Row extends readonly unknown[]>(
  scenario: ScenarioName | null,
  play: (stage: Stage, ...row: Row) => Promise<void>,
  options: StageOptions = {},
): (...row: Row) => Promise<void> {
  return async (...row) => {
    const stage = await Stage.open(scenario, options);
    try {
      await play(stage, ...row);
    } catch (error) {
      // Told here, since closing would throw them in the place of this error.
      const violations = stage.simulator.violations.splice(0).map((each) => `\n${each}`);
      if (error instanceof Error) {
        error.stack += `${violations.join("")}\n\nWhat was printed:\n${stage.printed.join("\n")}`;
      }
      throw error;
    } finally {
      await stage.close();
    }
  };
}

/** The same with functions that have been called for a week, for what is told of it. Elsewhere an hour will do. */
export function onWeekOldStage<Row extends readonly unknown[]>(
  scenario: ScenarioName | null,
  play: (stage: Stage, ...row: Row) => Promise<void>,
  options: StageOptions = {},
): (...row: Row) => Promise<void> {
  return onStage(scenario, play, { past: 7 * 24 * HOUR, ...options });
}

export function linesOf({ log }: Ending): readonly string[] {
  return log.map(({ text }) => text);
}

/** Log, outputs and calls of runs as one text for review. Successful looks are only counted. */
export function transcriptOf(stage: Stage, ...runs: readonly Ending[]): string {
  const parts = runs.map(({ exitCode, signal, log, outputs }, index) => {
    const shown = Object.entries(outputs).map(
      ([name, value]) => `${name}: ${name === "report" ? shapeOf(value) : value}`,
    );
    return [
      ...(runs.length > 1 ? [`# Process ${index + 1}\n`] : []),
      "## Log\n",
      ...log.map(formatLine),
      `\nended by ${signal ?? `exit code ${exitCode}`}\n`,
      "## Outputs\n",
      ...shown,
      "",
    ].join("\n");
  });
  const calls = collapse(inOrder(stage.simulator.calls)).join("\n");
  return `${parts.join("\n")}\n## Calls\n\n${calls}\n\n## Alias\n\n${stage.serves()}\n${stage.description()}\n`;
}

function formatLine(line: LogLine): string {
  const title = "properties" in line && line.properties["title"] ? ` (${line.properties["title"]})` : "";
  return line.kind === "text" ? line.text : `[${line.kind}]${title} ${line.text}`.trimEnd();
}

/** The report is too long for a transcript, so show only its shape. */
function shapeOf(json: string): string {
  const { functions, events, ...rest } = JSON.parse(json);
  return `${JSON.stringify(rest)}, ${functions.length} function(s), ${events.length} events`;
}

const LOOKING = new Set(["GetAlias", "GetMetricData", "DescribeAlarms", "UpdateComment"]);

/**
 * Concurrent calls reach the simulator in any order. So calls of the same instant are sorted by name, and revisions are
 * renumbered for each alias.
 */
function inOrder(calls: readonly Call[]): Call[] {
  const key = ({ operation, target }: Call) => `${operation} ${target}`;
  const order = (a: Call, b: Call) => a.at - b.at || key(a).localeCompare(key(b)) || a.number - b.number;
  const revisions = new Map<string, string[]>();
  const renumber = (text: string, target: string) =>
    text.replace(/\brev (r\d+)/g, (_, revision: string) => {
      const known = revisions.get(target) ?? [];
      if (!known.includes(revision)) known.push(revision);
      revisions.set(target, known);
      return `rev ${known.indexOf(revision) + 1}`;
    });
  return [...calls].sort(order).map((call, index) => ({
    ...call,
    number: index + 1,
    summary: renumber(call.summary, call.target),
    answer: renumber(call.answer, call.target),
  }));
}

/** Merges runs of calls that only look, or edit the comment, into one line. */
function collapse(calls: readonly Call[]): string[] {
  const lines: string[] = [];
  let looks: Call[] = [];
  const flush = () => {
    if (looks.length > 3) lines.push(`     … ${counted(looks)}`);
    else lines.push(...looks.map(formatCall));
    looks = [];
  };
  for (const call of calls) {
    if (LOOKING.has(call.operation) && call.answer.startsWith("200")) {
      looks.push(call);
    } else {
      flush();
      lines.push(formatCall(call));
    }
  }
  flush();
  return lines;
}

function counted(calls: readonly Call[]): string {
  const counts = Map.groupBy(calls, ({ operation }) => operation);
  return [...counts].map(([operation, those]) => `${those.length} × ${operation}`).join(", ");
}

/** How often a release looks if nothing else is said; here they look less, unless they are given this. */
export const USUAL_LOOKS = { "poll-interval": "20s" };

/** Looks once a minute, as often as there are new figures: the same verdicts for a third of the work. */
function lookingLess(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { command = "deploy" } = inputs;
  return command === "deploy" ? { "poll-interval": "1m", ...inputs } : inputs;
}
