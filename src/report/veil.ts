const IN_PLACE_OF_SECRET = "***";
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

/** Masks secrets, and if wanted the ids of AWS accounts, in every report. */
export class Veil {
  readonly #hidesAccounts: boolean;
  /** The longest first: one may contain another. */
  #secrets: readonly string[] = [];
  readonly #accounts = new Set<string>();

  constructor(hidesAccounts: boolean) {
    this.#hidesAccounts = hidesAccounts;
  }

  /** Masks this text from now on, and each of its lines. */
  addSecret(secret: string): void {
    const parts = [secret, ...secret.split(/[\r\n]+/)].filter((part) => part.trim() !== "");
    this.#secrets = [...new Set([...this.#secrets, ...parts])].sort((a, b) => b.length - a.length);
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

  /**
   * A copy of the value with everything masked. In a command only secrets are: it names no account, and must still run.
   */
  over<T>(value: T): T {
    return this.#over(value, this.#hidesAccounts) as T;
  }

  #over(value: unknown, hidesAccounts: boolean): unknown {
    if (typeof value === "string") return this.#overText(value, hidesAccounts);
    if (Array.isArray(value)) return value.map((each) => this.#over(each, hidesAccounts));
    if (typeof value !== "object" || value === null) return value;
    const isToRun = (key: string) => key === "command" && "reason" in value;
    const entries = Object.entries(value).map(([key, each]) => {
      return [this.#overText(key, hidesAccounts), this.#over(each, hidesAccounts && !isToRun(key))];
    });
    return Object.fromEntries(entries);
  }

  #overText(text: string, hidesAccounts: boolean): string {
    const open = this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, IN_PLACE_OF_SECRET), text);
    if (!hidesAccounts || !FOUR.test(open)) return open;
    this.#learn(open);
    return open.replace(TWELVE, (digits, at: number) => {
      const isHidden = this.#accounts.has(digits.replaceAll("-", "")) && !open.endsWith(RUN, at);
      return isHidden ? digits.replace(/\d/g, "*") : digits;
    });
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
