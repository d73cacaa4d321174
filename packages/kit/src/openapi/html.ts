/** Text that is HTML already. Only {@link html} makes it, so whatever is not of this kind gets escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: HTML as it is, anything else as text; lists one after the other. */
type Part = Html | string | number | undefined | readonly Part[];

/** A template whose values are escaped: html\`<p>${text}</p>\`. Attributes must have double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, next, index) => text + show(parts[index - 1]) + next));
}

/** Text whose `code` is marked, which is all that we read of CommonMark. */
export function prose(text: string): Html {
  return html`${text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

function show(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(show).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
