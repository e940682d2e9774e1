import { type Checker, type CheckResult, CheckStatus } from "@stryker-mutator/api/check";
import type { Mutant, StrykerOptions } from "@stryker-mutator/api/core";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";

/** What a mutant outside the sample is told to have. */
export const NOT_SAMPLED = "not in the sample";

/** Stryker asks its checkers about all mutants at once before it runs any: the place to draw a sample. */
class Sample implements Checker {
  static inject = tokens(commonTokens.options);
  readonly #size: number;
  #drawn: ReadonlySet<string> = new Set();

  constructor(options: StrykerOptions) {
    this.#size = Number(options["sample"]);
  }

  async init(): Promise<void> {}

  async group(mutants: Mutant[]): Promise<string[][]> {
    const ids = mutants.map(({ id }) => id);
    const order = new Map(ids.map((id) => [id, Math.random()]));
    const drawn = ids.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, this.#size);
    this.#drawn = new Set(drawn);
    return [ids];
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    const left: CheckResult = { status: CheckStatus.CompileError, reason: NOT_SAMPLED };
    const result = (id: string): CheckResult => (this.#drawn.has(id) ? { status: CheckStatus.Passed } : left);
    return Object.fromEntries(mutants.map(({ id }) => [id, result(id)]));
  }
}

/** Read by Stryker. */
export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, "sample", Sample)];
