const IN_PLACE_OF_SECRET = "***";
/** A run's id may have as many digits: by themselves they tell nothing. */
const TWELVE = /(?<!\d)(?:\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/g;
/** Few texts have even these: the others needn't be looked at more closely. */
const FOUR = /\d{4}/;
/** So far around the digits one can see what they are. */
const AROUND = 100;
const BEFORE =
  /(?:\barn:[\w-]*:[\w-]*:[\w-]*:|\bamazonaws\.com(?:\.cn)?\/|\baccounts?(?:[ _-]?(?:id|number))?s?["']?(?:\s*[:=]\s*|\s+)(?:is\s+)?["'(]?)$/i;
const AFTER = /^(?::[a-z][a-z-]*[:/]|:root\b|\.dkr\.ecr[.-])/i;
/** So a policy names the accounts that it lets in. */
const QUOTED = /"(\d{12})"/g;
const RUN = "/runs/";

/** Keeps out of every report what is not for everybody: secrets and, where that is wanted, the ids of AWS accounts. */
export class Veil {
  readonly #hidesAccounts: boolean;
  /** The longest first: another may be a part of it. */
  #secrets: readonly string[] = [];
  readonly #accounts = new Set<string>();

  constructor(hidesAccounts: boolean) {
    this.#hidesAccounts = hidesAccounts;
  }

  /** From now on this is hidden wherever it turns up, each line of it by itself too. */
  addSecret(secret: string): void {
    const parts = [secret, ...secret.split(/[\r\n]+/)].filter((part) => part.trim() !== "");
    this.#secrets = [...new Set([...this.#secrets, ...parts])].sort((a, b) => b.length - a.length);
  }

  /** From now on the ids of all accounts that an answer of AWS, or an input, names are hidden wherever they turn up. */
  learnFrom(answer: unknown): void {
    if (typeof answer === "string") {
      this.#learn(answer);
      for (const [, id = ""] of answer.matchAll(QUOTED)) this.#accounts.add(id);
    } else if (typeof answer === "object" && answer !== null) {
      for (const each of Object.values(answer)) this.learnFrom(each);
    }
  }

  /** The same, with nothing in its texts that is to be hidden. A command stays one that can be run: it names no account. */
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
