import { BESIDE_THE_MODEL, type Member, type Model, type Shape } from "./model.ts";

/** What is wrong with a value, and where in it; null if nothing is. */
export type Check = (value: unknown) => Problem | null;

export interface Problem {
  /** `MetricDataResults[0].StatusCode`; "" for the value itself. */
  readonly at: string;
  readonly words: string;
}

/** Makes checks from a model's shapes. Each is made once, since every answer of every test goes through them. */
export class Checks {
  readonly #shapes: Model["shapes"];
  readonly #made = new Map<string, Check>();

  constructor(shapes: Model["shapes"]) {
    this.#shapes = shapes;
  }

  of(name: string): Check {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const shape = this.#shapes[name];
    if (shape === undefined) throw new Error(`The condensed model has no shape ${name}.`);
    let check: Check | null = null;
    // Made at the first use: many shapes are never met, and some refer back to themselves.
    const late: Check = (value) => {
      check ??= besides(BESIDE_THE_MODEL[name], this.#make(shape));
      return check(value);
    };
    this.#made.set(name, late);
    return late;
  }

  structure(members: Readonly<Record<string, Member>>, required: readonly string[] = []): Check {
    const checks = new Map(
      Object.entries(members).map(([name, member]) => [
        name,
        this.of(typeof member === "string" ? member : member.shape),
      ]),
    );
    return (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return mismatch(value, "a structure");
      const entries = value as Readonly<Record<string, unknown>>;
      for (const name of required) {
        if (entries[name] === undefined || entries[name] === null) return { at: name, words: "is missing" };
      }
      for (const name in entries) {
        const inner = entries[name];
        // Both are how a member is left out: in JSON, AWS itself writes null.
        if (inner === undefined || inner === null) continue;
        const check = checks.get(name);
        if (check === undefined) return { at: name, words: "is no member" };
        const problem = check(inner);
        if (problem !== null) return within(name, problem);
      }
      return null;
    };
  }

  #make(shape: Shape): Check {
    switch (shape.type) {
      case "structure":
        return this.structure(shape.members ?? {}, shape.required);
      case "list":
        return list(shape, this.of(shape.member ?? ""));
      case "map":
        return map(shape, this.of(shape.key ?? ""), this.of(shape.value ?? ""));
      case "string":
        return text(shape);
      case "integer":
      case "long":
      case "double":
        return number(shape);
      case "boolean":
        return (value) => (typeof value === "boolean" ? null : mismatch(value, "true or false"));
      case "timestamp":
        return (value) =>
          Number.isFinite(value instanceof Date ? value.getTime() : value) ? null : mismatch(value, "a time");
      case "blob":
        return (value) => (typeof value === "string" || value instanceof Uint8Array ? null : mismatch(value, "bytes"));
    }
  }
}

function besides(values: readonly unknown[] | undefined, check: Check): Check {
  return values === undefined ? check : (value) => (values.includes(value) ? null : check(value));
}

function list({ min = 0, max = Number.POSITIVE_INFINITY }: Shape, check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return mismatch(value, "a list");
    if (value.length < min || value.length > max) return size(value.length, "items", { min, max });
    for (let index = 0; index < value.length; index++) {
      const problem = check(value[index]);
      if (problem !== null) return within(`[${index}]`, problem);
    }
    return null;
  };
}

function map({ min = 0, max = Number.POSITIVE_INFINITY }: Shape, checkKey: Check, checkValue: Check): Check {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return mismatch(value, "a map");
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    if (entries.length < min || entries.length > max) return size(entries.length, "entries", { min, max });
    for (const [key, inner] of entries) {
      const wrongKey = checkKey(key);
      if (wrongKey !== null) return { at: "", words: `has the key ${key}, which ${wrongKey.words}` };
      const problem = checkValue(inner);
      if (problem !== null) return within(key, problem);
    }
    return null;
  };
}

function text({ pattern, enum: values, min = 0, max = Number.POSITIVE_INFINITY }: Shape): Check {
  // The patterns are Java's, and have to match the whole value.
  const expression = pattern === undefined ? null : regular(pattern);
  const allowed = values === undefined ? null : new Set<unknown>(values);
  return (value) => {
    if (typeof value !== "string") return mismatch(value, "a string");
    if (allowed !== null && !allowed.has(value)) return mismatch(value, `one of ${short([...allowed].join(", "))}`);
    if (value.length < min || value.length > max) return size(value.length, "characters", { min, max });
    if (expression !== null && !expression.test(value)) return mismatch(value, `of the pattern ${pattern}`);
    return null;
  };
}

function regular(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");
}

function number({ type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Shape): Check {
  const isWhole = type !== "double";
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return mismatch(value, "a number");
    if (isWhole && !Number.isInteger(value)) return mismatch(value, "a whole number");
    if (value < min || value > max) return mismatch(value, range({ min, max }));
    return null;
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function range({ min, max }: Bounds): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`;
  return Number.isFinite(min) && min > 0 ? `from ${min} to ${max}` : `at most ${max}`;
}

function size(length: number, what: string, bounds: Bounds): Problem {
  return { at: "", words: `has ${length} ${what}, and has to have ${range(bounds)}` };
}

function mismatch(value: unknown, wanted: string): Problem {
  return { at: "", words: `is ${short(JSON.stringify(value) ?? String(value))}, and has to be ${wanted}` };
}

function short(words: string): string {
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

function within(name: string, { at, words }: Problem): Problem {
  const inner = at === "" || at.startsWith("[") ? at : `.${at}`;
  return { at: `${name}${inner}`, words };
}
