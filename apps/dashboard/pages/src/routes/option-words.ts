/** Options as people read them in one line: `max 3, within 2000, on [502, 503]`. */
export function optionWords(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${wordsOf(value)}`)
    .join(', ');
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
