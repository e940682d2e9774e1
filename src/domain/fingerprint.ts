const PRIME = 0x100000001b3n;
const BASIS = 0xcbf29ce484222325n;

/** A text's hash, as sixteen hex digits (FNV-1a, 64 bits): to recognise the text, not to protect it. */
export function fingerprint(text: string): string {
  const hash = new TextEncoder()
    .encode(text)
    .reduce((h, byte) => BigInt.asUintN(64, (h ^ BigInt(byte)) * PRIME), BASIS);
  return hash.toString(16).padStart(16, "0");
}
