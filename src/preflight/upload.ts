import type { Version } from "../domain/alias.ts";
import type { Configuration } from "../domain/ports.ts";

/** What is to be released. */
export interface Upload {
  /** A published version; null to publish `$LATEST`. */
  readonly version: Version | null;
  /** The SHA-256 that the code must have, by function name. A function that isn't here may have any. */
  readonly codes: ReadonlyMap<string, string>;
}

/**
 * What is wrong with the code that is to be released: its upload failed, or it isn't the code that was asked for. While
 * Lambda is still busy with an update, nothing is.
 */
export function problemsOfUpload(
  name: string,
  { codeSha256, update }: Configuration,
  { version, codes }: Upload,
): readonly string[] {
  const wanted = codes.get(name);
  const isOther = wanted !== undefined && wanted !== codeSha256;
  if (version !== null) {
    if (!isOther) return [];
    const what = `version ${version} of ${name} has the code ${codeSha256}, not ${wanted} as code-sha256 says`;
    return [`${what}: give the version that has it, or correct code-sha256`];
  }
  switch (update.kind) {
    case "in progress":
      return [];
    case "failed":
      return [`the last update of ${name} failed: ${update.reason}. Fix that, upload the code again, and deploy`];
    case "done": {
      if (!isOther) return [];
      const what = `$LATEST of ${name} has the code ${codeSha256}, not ${wanted} as code-sha256 says`;
      return [`${what}. Another upload came since: let its own run release it, or upload and deploy again`];
    }
  }
}
