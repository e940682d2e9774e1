const IN_PLACE_OF_SECRET = "***";
/** A shorter value is no secret: stand-ins for AWS take `test` as a key, and it would be found in every other word. */
const SHORTEST_SECRET = 8;
/** What stands under these names comes from a fixed list of our own. */
const OPEN = new Set(["kind", "task", "doing", "moves", "aRollbackIs", "state", "outcome", "verdict"]);
/** Not every such number is an account: a run's id may have twelve digits, too. */
const TWELVE = /(?<!\d)(?:\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/g;
/** A quick check first: few texts have even four digits in a row. */
const FOUR = /\d{4}/;
/** How many characters around the digits are looked at, to see what they are. */
const AROUND = 100;
const BEFORE =
  /(?:\barn:[\w-]*:[\w-]*:[\w-]*:|\bamazonaws\.com(?:\.cn)?\/|\baccounts?(?:[ _-]?(?:id|number))?s?["']?(?:\s*[:=]\s*|\s+)(?:is\s+)?["'(]?)$/i;
const AFTER = /^(?::[a-z][a-z-]*[:/]|:root\b|\.dkr\.ecr[.-])/i;
/** This is how a policy names the accounts that it lets in. */
const QUOTED = /"(\d{12})"/g;
const RUN = "/runs/";

/** Whether a value is long enough to be masked: it would do more harm than good if a short one was. */
export function isSecret(value: string): boolean {
  return value.length >= SHORTEST_SECRET;
}

/**
 * Masks secrets, and if wanted the ids of AWS accounts, in every report. Names of properties and of functions, outcomes,
 * and the command that heals an alias are never altered: programs and people have to find their way by them.
 */
export class Redactor {
  readonly #hidesAccounts: boolean;
  /** The longest first: one may contain another. */
  #secrets: readonly string[] = [];
  readonly #names = new Set<string>();
  readonly #accounts = new Set<string>();

  constructor(hidesAccounts: boolean) {
    this.#hidesAccounts = hidesAccounts;
  }

  /** Masks this text from now on, and each of its lines. */
  addSecret(secret: string): void {
    const parts = [secret, ...secret.split(/[\r\n]+/)].filter((part) => isSecret(part.trim()));
    this.#secrets = [...new Set([...this.#secrets, ...parts])].sort((a, b) => b.length - a.length);
  }

  /** Leaves the name of a function as it is, whatever it contains. */
  leave(name: string): void {
    this.#names.add(name);
  }

  /** True if this text is part of a name that is left as it is. */
  isInName(text: string): boolean {
    return [...this.#names].some((name) => name.includes(text));
  }

  /** Masks from now on all account ids in this answer of AWS, or in this input. */
  learnFrom(answer: unknown): void {
    if (typeof answer === "string") {
      this.#learn(answer);
      for (const [, id = ""] of answer.matchAll(QUOTED)) this.#accounts.add(id);
    } else if (typeof answer === "object" && answer !== null) {
      for (const each of Object.values(answer)) this.learnFrom(each);
    }
  }

  /** A copy of the value with everything masked. */
  over<T>(value: T): T {
    return this.#over(value) as T;
  }

  #over(value: unknown): unknown {
    if (typeof value === "string") return this.#overText(value);
    if (Array.isArray(value)) return value.map((each) => this.#over(each));
    if (typeof value !== "object" || value === null) return value;
    const isOpen = (key: string, each: unknown) =>
      typeof each === "string" && (OPEN.has(key) || (key === "command" && "reason" in value));
    const entries = Object.entries(value).map(([key, each]) => [key, isOpen(key, each) ? each : this.#over(each)]);
    return Object.fromEntries(entries);
  }

  #overText(text: string): string {
    const open = this.#secrets.reduce(
      (rest, secret) =>
        rest.replaceAll(secret, (found, at: number) =>
          this.#isOfName(rest, at, at + found.length) ? found : IN_PLACE_OF_SECRET,
        ),
      text,
    );
    if (!this.#hidesAccounts || !FOUR.test(open)) return open;
    this.#learn(open);
    return open.replace(TWELVE, (digits, at: number) => {
      const isKnown = this.#accounts.has(digits.replaceAll("-", "")) && !open.endsWith(RUN, at);
      return isKnown && !this.#isOfName(open, at, at + digits.length) ? digits.replace(/\d/g, "*") : digits;
    });
  }

  /** True if this part of a text is part of a function's name there. */
  #isOfName(text: string, from: number, to: number): boolean {
    return [...this.#names].some((name) =>
      text.slice(Math.max(0, to - name.length), from + name.length).includes(name),
    );
  }

  #learn(text: string): void {
    if (!FOUR.test(text)) return;
    for (const { 0: digits, index } of text.matchAll(TWELVE)) {
      const before = text.slice(Math.max(0, index - AROUND), index);
      const after = text.slice(index + digits.length, index + digits.length + AROUND);
      if (BEFORE.test(before) || AFTER.test(after)) this.#accounts.add(digits.replaceAll("-", ""));
    }
  }
}
