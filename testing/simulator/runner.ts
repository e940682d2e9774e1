import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "yaml";
import { toJavaScript } from "../../build.ts";
import { type Duration, SECOND } from "../../src/domain/time.ts";
import type { Seat, SimulatedClock } from "./clock.ts";
import { type Annotation, type LogLine, LogReader, Masks, parseNamedValues } from "./commands.ts";

/** A step that uses the action, and the job around it. */
export interface Step {
  /** Path of the action's `action.yml`; this project's by default. */
  readonly action?: string;
  /** The program to start instead of `runs.main` of `action.yml`. */
  readonly entry?: string;
  /** The program to start instead of `runs.post` of `action.yml`. */
  readonly postEntry?: string;
  /** The step's `with`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The job's and the step's `env`, and what earlier steps exported. Overrides what the runner itself sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The value of `${{ github.token }}`. */
  readonly token?: string;
  /** What triggered the workflow; a manual run by default. */
  readonly event?: { readonly name: string; readonly payload: object };
  readonly run?: { readonly id: string; readonly attempt: number };
  /** The folder of the checked-out repository; an empty one by default. */
  readonly workspace?: string;
  /** Puts the process on simulated time. */
  readonly clock?: SimulatedClock;
  /** How far the machine's clock is ahead of the simulated time; below 0: behind. */
  readonly clockAhead?: Duration;
  /** The program that runs the action; by default the Node that runs this code. */
  readonly node?: string;
  /**
   * Plays the processes instead of starting new ones with `node`: on simulated time, with its own `entry` and
   * `postEntry`.
   */
  readonly host?: Host;
  /** Called with every line of the log as it comes. */
  readonly onLine?: (line: LogLine) => void;
}

/** What the runner knows when a process of an action has ended. */
export interface Ending {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** What it saved for its post process. */
  readonly state: Readonly<Record<string, string>>;
  /** The Markdown of the job summary. */
  readonly summary: string;
  readonly log: readonly LogLine[];
  readonly annotations: readonly Annotation[];
}

/** A process of an action, once started. */
export interface StartedAction {
  readonly pid: number;
  readonly finished: Promise<Ending>;
  /** Cancels the job as the runner does: SIGINT, SIGTERM after 7.5 s, and a kill 2.5 s later. */
  cancel(): void;
  signal(name: NodeJS.Signals): void;
  /** Kills the process without warning, as when the runner gives up or its machine is lost. */
  kill(): void;
  /** Stops reading what the process prints, as when the runner has died but the process lives on. */
  deafen(): void;
  /**
   * Waits for the end, then starts the action's post process in the same job, with the saved state.
   * @param anew the step's `with` and the job's `env` as they are then: GitHub evaluates them again
   */
  post(anew?: Anew): Promise<StartedAction>;
  /**
   * Starts the post process with what is saved by now, while this one lives on: in a job with `container:`, signals
   * never reach the process inside.
   */
  postBeside(): Promise<StartedAction>;
}

type Anew = Pick<Step, "inputs" | "environment">;

/** Plays many runs, each of which looks like one process to the runner. */
export interface Host {
  play(stage: Stage, scene: Scene): Running;
}

export type Stage = "main" | "post";

/** What a process starts with. */
export interface Scene {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A process, or a play that looks like one. */
export interface Running {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has ended and everything it printed has been read. */
  readonly closed: Promise<readonly [exitCode: number | null, signal: NodeJS.Signals | null]>;
  /** @returns whether it was still there to get the signal */
  signal(name: NodeJS.Signals): boolean;
}

/** What a job passes on from process to process. */
interface Job {
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string;
  readonly masks: Masks;
}

/** The folders and files of one process. */
interface Files {
  readonly folder: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly event: string;
  readonly timewarp: string;
  readonly commands: Readonly<Record<CommandFile, string>>;
}

const COMMAND_FILES = ["output", "state", "env", "path", "step_summary"] as const;
type CommandFile = (typeof COMMAND_FILES)[number];

interface Metadata {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly runs: { readonly main: string; readonly post?: string };
}

const CANCELLING: readonly (readonly [NodeJS.Signals, Duration])[] = [
  ["SIGTERM", 7.5 * SECOND],
  ["SIGKILL", 10 * SECOND],
];

const OWN_ACTION = fileURLToPath(new URL("../../action.yml", import.meta.url));
/** Compiled to JavaScript: a process that strips types itself starts later and uses 18 MB more than a user's would. */
const TIMEWARP = ["timewarp", "warp"].map((name) => {
  const source = readFileSync(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), "utf8");
  return { name: `${name}.js`, code: toJavaScript(source) };
});

/** Starts the main process of an action as GitHub's runner would, in its own environment. */
export function startAction(step: Step): Promise<StartedAction> {
  const masks = new Masks();
  // The second one lets a job with `permissions: id-token: write` ask for its OIDC token.
  for (const secret of [step.token, step.environment?.["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]]) {
    if (secret !== undefined) masks.add(secret);
  }
  return start("main", step, {}, { environment: step.environment ?? {}, path: process.env["PATH"] ?? "", masks });
}

async function start(
  stage: Stage,
  step: Step,
  state: Readonly<Record<string, string>>,
  job: Job,
): Promise<StartedAction> {
  // Before anything that takes real time, so that no simulated time passes until the process runs.
  const seat = await step.clock?.seat();
  try {
    const action = step.action ?? OWN_ACTION;
    const metadata = parse(await readFile(action, "utf8")) as Metadata;
    const entry = resolve(dirname(action), program(stage, step, metadata));
    const files = await makeFiles(step);
    const scene: Scene = {
      cwd: files.workspace,
      environment: {
        ...environment(step, metadata, state, files, job),
        ...seat?.environment,
        ...(step.clockAhead === undefined ? {} : { CLOCK_AHEAD: String(step.clockAhead) }),
      },
    };
    // The seed makes a client's random retry delays the same in every run.
    const onSimulatedTime = ["--import", pathToFileURL(files.timewarp).href, "--random-seed=1"];
    const running =
      step.host?.play(stage, scene) ??
      run(step.node ?? process.execPath, [...(seat === undefined ? [] : onSimulatedTime), entry], scene);
    return new ActionProcess(running, step, files, job, seat);
  } catch (error) {
    seat?.leave();
    throw error;
  }
}

function run(program: string, args: readonly string[], { cwd, environment }: Scene): Running {
  const child = spawn(program, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const { pid = Number.NaN, stdout, stderr } = child;
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  return { pid, stdout, stderr, closed, signal: (name) => child.kill(name) };
}

function program(stage: Stage, step: Step, { runs }: Metadata): string {
  const path = stage === "main" ? (step.entry ?? runs.main) : (step.postEntry ?? runs.post);
  if (path === undefined) throw new Error("The action has no post process: action.yml has no runs.post.");
  return path;
}

class ActionProcess implements StartedAction {
  readonly finished: Promise<Ending>;
  readonly #running: Running;
  readonly #step: Step;
  readonly #files: Files;
  readonly #seat: Seat | undefined;
  readonly #log: LogLine[] = [];
  readonly #signalsToCome: (() => void)[] = [];
  #job: Job;

  constructor(running: Running, step: Step, files: Files, job: Job, seat: Seat | undefined) {
    this.#running = running;
    this.#step = step;
    this.#files = files;
    this.#job = job;
    this.#seat = seat;
    this.#readLog();
    this.finished = this.#finish();
  }

  get pid(): number {
    return this.#running.pid;
  }

  cancel(): void {
    this.signal("SIGINT");
    for (const [name, delay] of CANCELLING) this.#signalsToCome.push(this.#after(delay, () => this.signal(name)));
  }

  signal(name: NodeJS.Signals): void {
    if (this.#running.signal(name)) this.#seat?.nudge();
  }

  kill(): void {
    this.signal("SIGKILL");
  }

  deafen(): void {
    for (const stream of [this.#running.stdout, this.#running.stderr]) stream.destroy();
  }

  async post({ inputs = this.#step.inputs ?? {}, environment = {} }: Anew = {}): Promise<StartedAction> {
    const { state } = await this.finished;
    const job = { ...this.#job, environment: { ...this.#job.environment, ...environment } };
    return start("post", { ...this.#step, inputs }, state, job);
  }

  async postBeside(): Promise<StartedAction> {
    const state = parseNamedValues(await readFile(this.#files.commands.state, "utf8"));
    return start("post", this.#step, state, this.#job);
  }

  #after(delay: Duration, action: () => void): () => void {
    const { clock } = this.#step;
    if (clock !== undefined) return clock.at(clock.now() + delay, action);
    const timer = setTimeout(action, delay);
    return () => clearTimeout(timer);
  }

  #readLog(): void {
    const reader = new LogReader(this.#job.masks);
    for (const source of ["stdout", "stderr"] as const) {
      createInterface({ input: this.#running[source] }).on("line", (raw) => {
        const line = reader.read(raw, source, this.#step.clock?.now() ?? Date.now());
        if (line === null) return;
        this.#log.push(line);
        this.#step.onLine?.(line);
      });
    }
  }

  async #finish(): Promise<Ending> {
    try {
      const [exitCode, signal] = await this.#running.closed;
      const read = (file: CommandFile) => readFile(this.#files.commands[file], "utf8");
      this.#job = {
        ...this.#job,
        environment: { ...this.#job.environment, ...parseNamedValues(await read("env")) },
        path: [...(await read("path")).split(/\r?\n/).filter(Boolean).reverse(), this.#job.path].join(delimiter),
      };
      return {
        exitCode,
        signal,
        outputs: parseNamedValues(await read("output")),
        state: parseNamedValues(await read("state")),
        summary: this.#job.masks.apply(await read("step_summary")),
        log: this.#log,
        annotations: this.#log.filter((line): line is Annotation => "properties" in line),
      };
    } finally {
      for (const callOff of this.#signalsToCome) callOff();
      this.#seat?.leave();
      await rm(this.#files.folder, { recursive: true, force: true });
    }
  }
}

async function makeFiles(step: Step): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "action-"));
  const paths = COMMAND_FILES.map((name) => [name, join(folder, name)] as const);
  const files: Files = {
    folder,
    workspace: step.workspace ?? join(folder, "workspace"),
    temp: join(folder, "temp"),
    home: join(folder, "home"),
    event: join(folder, "event.json"),
    timewarp: join(folder, "timewarp", "timewarp.js"),
    commands: Object.fromEntries(paths) as Record<CommandFile, string>,
  };
  const timewarp = dirname(files.timewarp);
  for (const path of [files.workspace, files.temp, files.home, timewarp]) await mkdir(path, { recursive: true });
  for (const [, path] of paths) await writeFile(path, "");
  await writeFile(files.event, JSON.stringify(step.event?.payload ?? {}));
  await writeFile(join(timewarp, "package.json"), '{ "type": "module" }');
  for (const { name, code } of TIMEWARP) await writeFile(join(timewarp, name), code);
  return files;
}

/** The whole environment of the process. It inherits only the PATH, so that no setting of a developer gets in. */
function environment(
  step: Step,
  metadata: Metadata,
  state: Readonly<Record<string, string>>,
  files: Files,
  job: Job,
): Record<string, string> {
  const github = githubContext(step, files);
  const named = (prefix: string, values: Readonly<Record<string, string>>, name = (key: string) => key) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + name(key), value]));
  const inUpperCase = (key: string) => key.replaceAll(" ", "_").toUpperCase();
  return {
    PATH: job.path,
    HOME: files.home,
    CI: "true",
    GITHUB_ACTIONS: "true",
    ...named("GITHUB_", github, inUpperCase),
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_NAME: "GitHub Actions 1",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_TEMP: files.temp,
    RUNNER_TOOL_CACHE: files.temp,
    ...named("INPUT_", inputs(step, metadata, { ...github, token: step.token ?? "" }), inUpperCase),
    ...named("STATE_", state),
    ...job.environment,
  };
}

/** The workflow's `github` context, as far as processes get it. */
function githubContext({ event, run }: Step, files: Files): Record<string, string> {
  return {
    action: "__self",
    actor: "octocat",
    api_url: "https://api.github.com",
    base_ref: "",
    event_name: event?.name ?? "workflow_dispatch",
    event_path: files.event,
    graphql_url: "https://api.github.com/graphql",
    head_ref: "",
    job: "deploy",
    ref: "refs/heads/main",
    ref_name: "main",
    ref_protected: "false",
    ref_type: "branch",
    repository: "octo-org/checkout",
    repository_id: "1296269",
    repository_owner: "octo-org",
    repository_owner_id: "6811672",
    retention_days: "90",
    run_attempt: String(run?.attempt ?? 1),
    run_id: run?.id ?? "17000000001",
    run_number: "7",
    server_url: "https://github.com",
    sha: "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
    triggering_actor: "octocat",
    workflow: "Deploy",
    workflow_ref: "octo-org/checkout/.github/workflows/deploy.yml@refs/heads/main",
    workflow_sha: "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
    workspace: files.workspace,
    ...files.commands,
  };
}

/** The given values, and the defaults of `action.yml` for the rest. */
function inputs(
  step: Step,
  metadata: Metadata,
  github: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const given = new Map(Object.entries(step.inputs ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const declared = Object.entries(metadata.inputs ?? {});
  for (const [name, input] of declared) {
    const key = name.toLowerCase();
    if (!given.has(key)) given.set(key, evaluate(String(input?.default ?? ""), github));
  }
  const unknown = [...given.keys()].filter((key) => !declared.some(([name]) => name.toLowerCase() === key));
  // The runner only warns; here it is always a mistake in the test.
  if (unknown.length > 0) throw new Error(`The action has no input ${unknown.join(", ")}: see action.yml.`);
  return Object.fromEntries(given);
}

/** Replaces `${{ github.… }}`, the only expressions that defaults in `action.yml` use. */
function evaluate(template: string, github: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = github[/^github\.(\w+)$/.exec(expression)?.[1] ?? ""];
    if (value === undefined) throw new Error(`A default in action.yml can't be evaluated here: ${expression}`);
    return value;
  });
}
