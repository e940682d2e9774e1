import { strToU8, zipSync } from "fflate";

/** The variable by which the function fails on purpose. The simulator obeys it too. */
export const ERROR_RATE = "ERROR_RATE";

const HANDLER = `export async function handler() {
  if (Math.random() < Number(process.env.${ERROR_RATE})) throw new Error("failed on purpose");
  return "fine";
}
`;

/** The function's code as a zip file. @param note makes it differ from other code */
export function zipped(note: string): Uint8Array {
  // Lambda refuses files that its own user may not read.
  const readable = { os: 3, attrs: 0o644 << 16, mtime: "2026-01-01" } as const;
  return zipSync({ "index.mjs": [strToU8(`// ${note}\n${HANDLER}`), readable] });
}
