import { plainHeader, plainJson, plainServices, plainText } from './normalise.ts';
import { differingPlaces, valueAt } from './places.ts';
import { type Answered, parsed } from './send-steps.ts';

/** A place where our answer to a step is not the real server's. */
export interface Difference {
  readonly step: string;
  /** `status`, `time`, `header x-consul-index`, `body` or a place in its JSON, without the numbers of list entries. */
  readonly where: string;
  readonly real: string;
  readonly ours: string;
}

/** Headers that are compared whoever sends them. All others say something about a connection, or are ours. */
const comparedHeaders = [
  'content-type',
  'allow',
  'vary',
  'x-cache',
  'age',
  'location',
  'content-security-policy',
  'x-content-type-options',
  'x-consul-index',
  'x-consul-knownleader',
  'x-consul-lastcontact',
  'x-consul-effective-consistency',
  'x-consul-contenthash',
];

/** All differences between two runs of the same steps. */
export function differences(real: readonly Answered[], ours: readonly Answered[]): readonly Difference[] {
  return differencesBy(compare, real, ours);
}

/** All differences that `compareAnswers` finds between two runs of the same steps. */
export function differencesBy(
  compareAnswers: (real: Answered, ours: Answered) => Iterable<Difference>,
  real: readonly Answered[],
  ours: readonly Answered[],
): readonly Difference[] {
  return real.flatMap((answer, index) => {
    const other = ours[index];
    return other === undefined ? [] : [...compareAnswers(answer, other)];
  });
}

function* compare(real: Answered, ours: Answered): Generator<Difference> {
  const step = real.step.title;
  if (real.status !== ours.status)
    yield { step, where: 'status', real: `${real.status}`, ours: `${ours.status} ${ours.text.slice(0, 200)}` };
  if (real.step.timed === true && real.waited !== ours.waited)
    yield { step, where: 'time', real: spoken(real.waited), ours: spoken(ours.waited) };
  for (const name of comparedHeaders) {
    const [a, b] = [real, ours].map(({ headers }) => plainHeader(name, headers.get(name)));
    if (a !== b) yield { step, where: `header ${name}`, real: a ?? 'none', ours: b ?? 'none' };
  }
  if (real.status === ours.status) yield* compareBodies(real, ours);
}

function* compareBodies(real: Answered, ours: Answered): Generator<Difference> {
  const step = real.step.title;
  const [a, b] = [parsed(real.text), parsed(ours.text)];
  if (real.step.only !== undefined) {
    for (const place of real.step.only) {
      const [left, right] = [valueAt(a, place), valueAt(b, place)].map((value) => JSON.stringify(plainJson(value)));
      if (left !== right) yield { step, where: place, real: `${left}`, ours: `${right}` };
    }
  } else if (a === undefined || b === undefined) {
    const [left, right] = [plainText(real.text).trim(), plainText(ours.text).trim()];
    if (left !== right) yield { step, where: 'body', real: left, ours: right };
  } else {
    const plain = real.step.target.startsWith('/v1/catalog/services') ? plainServices : plainJson;
    for (const found of differingPlaces(plain(a), plain(b))) {
      yield { step, where: found.place, real: `${JSON.stringify(found.a)}`, ours: `${JSON.stringify(found.b)}` };
    }
  }
}

function spoken(waited: boolean): string {
  return waited ? 'waited' : 'at once';
}
