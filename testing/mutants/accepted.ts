/** A change that no test notices, and why that is all right. */
export interface Accepted {
  readonly file: string;
  /** The line that it starts on, trimmed. */
  readonly line: string;
  /** As `npm run mutants` prints it. */
  readonly change: string;
  readonly reason: string;
}

export const ACCEPTED: readonly Accepted[] = [];
