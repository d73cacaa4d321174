/** The properties of a stream that decide about colour. */
export interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
}

/**
 * Whether to use colours on `stream`: `FORCE_COLOR` decides if it is set (`0` and `false` mean no), then a non-empty
 * `NO_COLOR` forbids them (https://no-color.org), otherwise terminals that support colours get them.
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, stream: MaybeTerminal): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Colours `text` with an escape code (31 is red), and returns to the default colour. */
export function paint(text: string, code: number): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}
