/** The input of an operation, the same for all protocols. Times are seconds since the Unix epoch. */
export type Input = Readonly<Record<string, unknown>>;

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Dimensions as a request names them. */
export function dimensionsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(listOf(value).map(({ Name, Value }) => [String(Name), String(Value)]));
}

/** The time of day, for the transcript. */
export function clock(seconds: unknown): string {
  return typeof seconds === "number" ? new Date(seconds * 1_000).toISOString().slice(11, 19) : "?";
}
