/** The most of an answer that is kept: enough for what a health page says, as Consul keeps. */
export const maxOutputBytes = 4_096;

/** What stands for characters that would move a terminal's cursor, or hide text. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text that anybody can show: no control characters, and no longer than it may be. */
export function outputText(text: string): string {
  const clean = text.replaceAll('\r\n', '\n').replace(unprintable, '\ufffd').trimEnd();
  if (Buffer.byteLength(clean) <= maxOutputBytes) return clean;
  // A character cut in two becomes U+FFFD, of three bytes.
  const cut = Buffer.from(clean).subarray(0, maxOutputBytes - 6);
  return `${cut.toString().replace(/\ufffd+$/, '')}…`;
}
