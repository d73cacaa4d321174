import type { JSX } from 'preact';

/** A text of a document: what stands in backticks is code. The rest of Markdown is left as it was written, which reads well enough. */
export function CodeText({ text }: { readonly text: string }): JSX.Element {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
