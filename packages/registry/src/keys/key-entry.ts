/** One key as it is in memory. Never changed: what is written is a new one. */
export interface KeyEntry {
  readonly key: string;
  /** The bytes of the value, as base64. */
  readonly value: string;
  /** A number of 64 bits that means something to its writer, in decimal digits. */
  readonly flags: string;
  /** How often the key was locked. */
  readonly lockIndex: number;
  /** The session that holds the lock. */
  readonly session: string | undefined;
  /** The revision that made it. */
  readonly createdRevision: number;
  /** The revision that changed it last. */
  readonly revision: number;
}

/** What a key and its value count as: their bytes, without what keeping them takes. */
export function bytesOfKey(key: string, value: string): number {
  return Buffer.byteLength(key) + bytesOfBase64(value);
}

/** How many bytes a text in base64 stands for. */
function bytesOfBase64(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}
