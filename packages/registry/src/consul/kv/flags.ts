/** The largest number of 64 bits. */
const maxFlags = 18_446_744_073_709_551_615n;

/** Reads an unsigned number of 64 bits, in decimal digits; undefined if it is none. */
export function readUnsigned(text: string): string | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > maxFlags ? undefined : String(value);
}
