import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { InstrumenterContext } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { LEFT_OUT, ROOMS } from "./rooms.ts";

// Stryker's own runner for Jest doesn't know jest-light-runner, and a new Jest for each mutant takes a second to start.
// So this keeps the tests loaded, and runs those that reach a mutant: most mutants take milliseconds.

/** As `jest-circus` registers it. */
interface Block {
  readonly parent?: Block;
  readonly name: string;
  readonly mode?: string | null;
  readonly children: readonly (
    | (Block & { readonly type: "describeBlock" })
    | { readonly type: "test"; readonly name: string; readonly mode?: string | null; readonly fn: Work }
  )[];
  readonly hooks: readonly { readonly type: string; readonly fn: Work }[];
}

type Work = () => unknown;

interface Case {
  readonly id: string;
  readonly file: string;
  readonly run: () => Promise<void>;
}

interface Circus {
  readonly resetState: () => void;
  readonly getState: () => { readonly rootDescribeBlock: Block };
}

class RoomRunner implements TestRunner {
  readonly #context: InstrumenterContext;
  readonly #cases = new Map<string, readonly Case[]>();
  /** How long each test took in the first run, so that quick ones go first. */
  readonly #took = new Map<string, number>();
  #circus: Circus | null = null;

  constructor() {
    const global = globalThis as { __stryker__?: InstrumenterContext };
    global.__stryker__ ??= {};
    this.#context = global.__stryker__;
    // A mutant may leave work behind that fails when nobody waits for it any more.
    process.on("unhandledRejection", () => {});
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun({ disableBail }: DryRunOptions): Promise<DryRunResult> {
    const tests = await this.#run(await this.#load(testFiles()), disableBail);
    for (const { id, timeSpentMs } of tests) this.#took.set(id, timeSpentMs);
    const { mutantCoverage } = this.#context;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage === undefined ? {} : { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, disableBail }: MutantRunOptions): Promise<MutantRunResult> {
    this.#context.activeMutant = activeMutant.id;
    this.#context.hitCount = 0;
    if (hitLimit === undefined) delete this.#context.hitLimit;
    else this.#context.hitLimit = hitLimit;
    const files = nearestFirst(testFiles(), activeMutant.fileName);
    const tests: TestResult[] = [];
    for (const file of files) {
      // A mutant in what runs at load time must be active before, and its tests are loaded one file at a time.
      const cases = (await this.#load([file])).filter(({ id }) => testFilter?.includes(id) ?? true);
      tests.push(...(await this.#run(this.#quickFirst(cases), disableBail)));
      const limit = determineHitLimitReached(this.#context.hitCount, hitLimit);
      if (limit !== undefined) return toMutantRunResult(limit);
      if (!disableBail && tests.some(({ status }) => status === TestStatus.Failed)) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests });
  }

  async #load(files: readonly string[]): Promise<readonly Case[]> {
    const all: Case[] = [];
    for (const file of files) {
      const known = this.#cases.get(file);
      const cases = known ?? (await this.#import(file));
      this.#cases.set(file, cases);
      all.push(...cases);
    }
    return all;
  }

  async #import(file: string): Promise<readonly Case[]> {
    this.#circus ??= await setUp();
    this.#circus.resetState();
    try {
      await importFile(file);
    } catch (error) {
      return [{ id: `${file} loads`, file, run: () => Promise.reject(error) }];
    }
    return casesOf(this.#circus.getState().rootDescribeBlock, file);
  }

  #quickFirst(cases: readonly Case[]): readonly Case[] {
    const took = ({ id }: Case) => this.#took.get(id) ?? 0;
    return cases.toSorted((a, b) => took(a) - took(b));
  }

  async #run(cases: readonly Case[], disableBail: boolean): Promise<TestResult[]> {
    const results: TestResult[] = [];
    for (const { id, file, run } of cases) {
      this.#context.currentTestId = id;
      const began = performance.now();
      const failure = await run().then(
        () => null,
        (error: unknown) => String(error instanceof Error ? error.stack : error),
      );
      const told = { id, name: id, fileName: file, timeSpentMs: performance.now() - began };
      results.push(
        failure === null
          ? { ...told, status: TestStatus.Success }
          : { ...told, status: TestStatus.Failed, failureMessage: failure },
      );
      if (failure !== null && !disableBail) break;
    }
    delete this.#context.currentTestId;
    return results;
  }
}

/** The globals of the unit tests, from the runner that they have in Jest. */
async function setUp(): Promise<Circus> {
  const runner = import.meta.resolve("jest-light-runner");
  await import(new URL("./global-setup.js", runner).href);
  // Nothing is reviewed here: a text that isn't as reviewed fails.
  (expect as unknown as { setState: (state: object) => void }).setState({ snapshotState: { _updateSnapshot: "none" } });
  await importFile("__tests__/setup.ts");
  return createRequire(runner)("jest-circus") as Circus;
}

/** The sandbox, where Stryker starts this, has its own copies of the tests. */
async function importFile(path: string): Promise<void> {
  await import(pathToFileURL(join(process.cwd(), path)).href);
}

function testFiles(): readonly string[] {
  return ROOMS.flatMap((room) => {
    const names = readdirSync(`__tests__/${room}`).filter((name) => name.endsWith(".test.ts"));
    const files = names.sort().map((name) => `__tests__/${room}/${name}`);
    return files.filter((file) => !LEFT_OUT.includes(file));
  });
}

/** The test of the file itself first, then those of its room, then the rooms that use it. */
function nearestFirst(files: readonly string[], mutated: string): readonly string[] {
  const name = basename(mutated, ".ts");
  const distance = (file: string) => {
    const room = file.split("/")[1];
    return (mutated.includes(`/src/${room}/`) ? 0 : 2) + (basename(file, ".test.ts") === name ? 0 : 1);
  };
  return files.toSorted((a, b) => distance(a) - distance(b));
}

function casesOf(block: Block, file: string, ancestors: readonly string[] = []): readonly Case[] {
  const counts = new Map<string, number>();
  return block.children.flatMap((child): readonly Case[] => {
    if (child.mode === "skip") return [];
    const names = [...ancestors, child.name];
    if (child.type === "describeBlock") return casesOf(child, file, names);
    const title = `${file} ${names.join(" > ")}`;
    const same = (counts.get(title) ?? 0) + 1;
    counts.set(title, same);
    const run = async () => {
      try {
        for (const hook of hooksOf(block, "before")) await hook();
        await child.fn();
      } finally {
        for (const hook of hooksOf(block, "after")) await hook();
      }
    };
    return [{ id: same === 1 ? title : `${title} (${same})`, file, run }];
  });
}

/** What runs around a test. `beforeAll` and `afterAll` run each time too: a mutant runs few tests of a file. */
function hooksOf(block: Block, when: "before" | "after"): readonly Work[] {
  const own = block.hooks.filter(({ type }) => type.startsWith(when)).map(({ fn }) => fn);
  const outer = block.parent === undefined ? [] : hooksOf(block.parent, when);
  return when === "before" ? [...outer, ...own] : [...own, ...outer];
}

/** Read by Stryker. */
export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "rooms", RoomRunner)];
