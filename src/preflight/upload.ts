import type { Configuration } from "../domain/ports.ts";
import type { Order } from "./order.ts";

/**
 * What is wrong with the code that is to be released: its upload failed, or it isn't the code that was asked for. While
 * Lambda is still busy with an update, nothing is.
 */
export function problemsOfUpload(
  name: string,
  { codeSha256, update }: Configuration,
  { version, codes }: Pick<Order, "version" | "codes">,
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
