const unitsNs: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3_600e9,
};

/** One number with its unit. Each part begins with a digit or a dot and ends with letters, so there is one way to read a text. */
const part = /^(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/;

/** No duration that means anything is longer to write. */
const maxLength = 64;

/** Reads a duration as Go writes it, `1m30s` or `250ms`, in milliseconds with fractions; undefined if it is none. */
export function readGoDuration(text: string): number | undefined {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0;
  if (rest === '' || rest.length > maxLength) return undefined;
  let ns = 0;
  while (rest !== '') {
    const found = part.exec(rest);
    if (found === null) return undefined;
    const [whole, number = '', unit = ''] = found;
    ns += Number(number) * (unitsNs[unit] ?? 0);
    rest = rest.slice(whole.length);
  }
  return (negative ? -ns : ns) / 1e6;
}
