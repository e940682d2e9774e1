import { Random } from "../random.ts";

/** Gives out revision ids: UUIDs as in Lambda, but the same in every run, and with short names for the transcript. */
export class Revisions {
  readonly #seed: number;
  readonly #names = new Map<string, string>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  next(): string {
    const number = this.#names.size + 1;
    const id = new Random(this.#seed, "revision", number).uuid();
    this.#names.set(id, `r${number}`);
    return id;
  }

  /** `r7`; `r?` for an id that was never given out. */
  name(id: string): string {
    return this.#names.get(id) ?? "r?";
  }
}
