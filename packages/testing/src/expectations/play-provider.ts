import { isDeepStrictEqual } from 'node:util';
import { type FakeAnswer, type FakeUpstream, fakeUpstream } from '../upstream/fake-upstream.ts';
import type { ReceivedRequest } from '../upstream/received-request.ts';
import type { Expectation, Expectations } from './expectations.ts';
import { fillHeaders, fillText, fillValue } from './fill-values.ts';

/** A provider that is played for the tests of a consumer. Dispose of it with `await using`. */
export interface PlayedProvider extends FakeUpstream {
  /** Where one request fits several expectations: from now on, answer as this one says. */
  play(name: string): void;
  /** Throws unless every expectation was asked for: one that nobody needs only binds the provider. */
  assertAllAsked(): void;
}

/**
 * Answers exactly as the expectations say, so that the consumer's own client is tried against what the provider promises:
 *
 * ```ts
 * await using stock = await playProvider(expected);
 * assert.equal(await left(stock.url, 'apple'), 3); // the consumer's own code
 * stock.assertAllAsked();
 * ```
 *
 * A request that no expectation describes gets 501 with the reason.
 */
export async function playProvider(expected: Expectations): Promise<PlayedProvider> {
  const asked = new Set<Expectation>();
  let played: Expectation | undefined;
  const answer = (request: Omit<ReceivedRequest, 'wasExpected'>): FakeAnswer => {
    const fitting = expected.expectations.filter((each) => fits(each, request));
    const chosen = fitting.find((each) => each === played) ?? (fitting.length === 1 ? fitting[0] : undefined);
    if (chosen === undefined) return refusal(expected, request, fitting);
    asked.add(chosen);
    return answerOf(chosen);
  };
  const upstream = await fakeUpstream();
  for (const method of new Set(expected.expectations.map(({ request }) => request.method ?? 'GET')))
    upstream.on(`${method} /*`, answer);
  return {
    ...upstream,
    play(name) {
      played = expected.expectations.find((each) => each.name === name);
      if (played === undefined)
        throw new TypeError(`No expectation is named "${name}". There are: ${namesOf(expected.expectations)}`);
    },
    assertAllAsked() {
      const left = expected.expectations.filter((each) => !asked.has(each));
      if (left.length > 0)
        throw new Error(
          `${expected.consumer} never asked for what it expects of ${expected.provider}: ${namesOf(left)}. Ask in a test, or take it out.`,
        );
    },
  };
}

function fits({ request, values = {} }: Expectation, received: Omit<ReceivedRequest, 'wasExpected'>): boolean {
  const wanted = new URL(fillText(request.path, values), 'http://any');
  const headers = Object.entries(fillHeaders(request.headers ?? {}, values));
  return (
    (request.method ?? 'GET') === received.method &&
    wanted.pathname === received.path &&
    sorted(wanted.searchParams) === sorted(received.query) &&
    headers.every(([name, value]) => received.headers[name.toLowerCase()] === value) &&
    (request.body === undefined
      ? received.text === ''
      : isDeepStrictEqual(received.json, fillValue(request.body, values)))
  );
}

function answerOf({ answer, values = {} }: Expectation): FakeAnswer {
  const { status, error, headers = {}, body } = answer;
  const filled = Object.entries(fillHeaders(headers, values)).map(([name, value]) => [
    name,
    value === '*' ? 'any' : value,
  ]);
  if (error === undefined)
    return {
      status,
      headers: Object.fromEntries(filled),
      ...(body === undefined ? {} : { body: fillValue(body, values) }),
    };
  const details = typeof body === 'object' ? body : {};
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...Object.fromEntries(filled) },
    body: { type: `urn:flotilla:error:${error}`, title: error, status, code: error, ...details },
  };
}

function refusal(
  { consumer, provider, expectations }: Expectations,
  { method, path, query, text }: Omit<ReceivedRequest, 'wasExpected'>,
  fitting: readonly Expectation[],
): FakeAnswer {
  const target = `${method} ${path}${query.size === 0 ? '' : `?${query.toString()}`}${text === '' ? '' : ` with ${text.slice(0, 200)}`}`;
  const body =
    fitting.length > 1
      ? `Several expectations fit ${target}: ${namesOf(fitting)}. Choose one with play(name).`
      : `${consumer} expects nothing of ${provider} for ${target}. It expects: ${namesOf(expectations)}`;
  return { status: 501, body };
}

function namesOf(expectations: readonly Expectation[]): string {
  return expectations.map(({ name }) => `"${name}"`).join(', ');
}

function sorted(query: URLSearchParams): string {
  const copy = new URLSearchParams(query);
  copy.sort();
  return copy.toString();
}
