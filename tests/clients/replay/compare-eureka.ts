import { type Difference, differencesBy } from './compare.ts';
import { differingPlaces } from './places.ts';
import { type Answered, parsed } from './send-steps.ts';

/** All differences between two runs of the same steps of Eureka's API. */
export function eurekaDifferences(real: readonly Answered[], ours: readonly Answered[]): readonly Difference[] {
  return differencesBy(compare, real, ours);
}

function* compare(real: Answered, ours: Answered): Generator<Difference> {
  const step = real.step.title;
  if (real.status !== ours.status)
    yield { step, where: 'status', real: `${real.status}`, ours: `${ours.status} ${ours.text.slice(0, 200)}` };
  const [a, b] = [real, ours].map(({ headers }) => headers.get('content-type')?.split(';')[0] ?? 'none');
  const suffix = real.status >= 400 ? ' of an error' : '';
  if (a !== b) yield { step, where: `header content-type${suffix}`, real: `${a}`, ours: `${b}` };
  if (real.status !== ours.status) return;
  const [left, right] = [parsed(real.text), parsed(ours.text)];
  if (left !== undefined && right !== undefined && real.status < 400) {
    for (const found of differingPlaces(plain(left), plain(right)))
      yield { step, where: found.place, real: `${JSON.stringify(found.a)}`, ours: `${JSON.stringify(found.b)}` };
  } else if (b === 'application/xml') yield* compareLines(step, real.text, ours.text);
  else if (real.text.trim() !== ours.text.trim())
    yield { step, where: 'body', real: real.text.slice(0, 200), ours: ours.text.slice(0, 200) };
}

/** Times become a word, if they are any; lists are in the order of names, maps have none. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'string')
    return /^1[5-9]\d{11}$/.test(String(value)) ? '<time>' : value;
  if (Array.isArray(value)) return value.map(plain).toSorted((a, b) => placeOf(a).localeCompare(placeOf(b)));
  if (typeof value !== 'object' || value === null) return value;
  // The version of a delta counts what a server has sent.
  const entries = Object.entries(value).filter(([key]) => key !== 'versions__delta');
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

function placeOf(value: unknown): string {
  const { name, hostName } = value as { readonly name?: string; readonly hostName?: string }; // An application or an instance.
  return `${name ?? ''}${hostName ?? ''}`;
}

/** Each element of our XML is a line, in an order that does not count. */
function* compareLines(step: string, real: string, ours: string): Generator<Difference> {
  const linesOf = (text: string): readonly string[] =>
    text
      .replace(/>1[5-9]\d{11}</g, '><time><')
      .replace(/(<[\w.]+)([^>]*)>\s*<\/[\w.]+>/g, '$1$2/>')
      .replaceAll('><', '>\n<')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('<versions__delta>'))
      .toSorted();
  const [a, b] = [linesOf(real), linesOf(ours)];
  for (const line of new Set([...a, ...b])) {
    const [left, right] = [a, b].map((lines) => lines.filter((each) => each === line).length);
    const tag = /^<\/?([\w.]+)/.exec(line)?.[1] ?? line;
    if (left !== right) yield { step, where: `element ${tag}`, real: `${left} of ${line}`, ours: `${right}` };
  }
}
