/** How a sentence ends, in English or Chinese. */
const end = /[.!?…。！？]$/;

/** A text, often somebody else's, as a sentence: it ends as it did, or with a full stop. Never with two. */
export function asSentence(text: string): string {
  const trimmed = text.trimEnd();
  return end.test(trimmed) ? trimmed : `${trimmed}.`;
}
