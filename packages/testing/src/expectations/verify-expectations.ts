import { compareAnswer, type ReceivedAnswer } from './compare-answer.ts';
import type { Expectation, Expectations, Values } from './expectations.ts';
import { fillHeaders, fillText, fillValue } from './fill-values.ts';

/** Brings a provider into a state. */
export type SetState = (values: Values) => StateSet | undefined | Promise<StateSet | undefined> | Promise<void> | void;

/** What setting a state has led to. */
export interface StateSet {
  /** Values that take the place of the expectation's, such as an id that the database has assigned. Default: none. */
  readonly values?: Values;
  /** Called when the expectation has been verified. Default: nothing is undone. */
  readonly undo?: () => unknown;
}

/** Where the provider is, and how it gets into the states that its consumers name. */
export interface VerifyOptions {
  /** `http://127.0.0.1:<port>` of the running provider. */
  readonly url: string;
  /** By the words of `given`. Each is called anew before every expectation that names it. Default: none. */
  readonly states?: Readonly<Record<string, SetState>>;
  /** Fields that every request needs, such as `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer may take. Default 10000 ms. */
  readonly timeoutMs?: number;
}

/**
 * Asks a real provider everything that its consumers expect, and compares the answers:
 *
 * ```ts
 * await verifyExpectations(await readAllExpectations(new URL('../expectations/', import.meta.url)), {
 *   url: app.url,
 *   states: { 'there are 3 apples': () => stock.set('apple', 3) },
 * });
 * ```
 *
 * @throws Error with a line for everything that a consumer relies on and does not get; it names the consumer
 */
export async function verifyExpectations(
  expected: Expectations | readonly Expectations[],
  options: VerifyOptions,
): Promise<void> {
  const all: readonly Expectations[] = isList(expected) ? expected : [expected];
  if (all.length === 0) throw new TypeError('There are no expectations; nothing would be verified');
  const lines: string[] = [];
  for (const { consumer, expectations } of all) {
    for (const expectation of expectations) {
      const { method = 'GET', path } = expectation.request;
      for (const problem of await verify(expectation, options))
        lines.push(`${consumer} relies on "${expectation.name}" (${method} ${path}): ${problem}`);
    }
  }
  if (lines.length === 0) return;
  const providers = [...new Set(all.map(({ provider }) => provider))].join(', ');
  throw new Error(`${providers} does not answer as its consumers expect:\n  ${lines.join('\n  ')}`);
}

async function verify(expectation: Expectation, options: VerifyOptions): Promise<readonly string[]> {
  const { given } = expectation;
  const { states = {} } = options;
  const setState = given === undefined || !Object.hasOwn(states, given) ? undefined : states[given];
  if (given !== undefined && setState === undefined)
    return [`the provider's test has no state "${given}". It has: ${Object.keys(states).join(', ') || 'none'}`];
  let set: StateSet | undefined;
  try {
    set = (await setState?.(expectation.values ?? {})) ?? undefined;
  } catch (error) {
    return [`the state "${given ?? ''}" cannot be set: ${describe(error)}`];
  }
  const problems = await compare(expectation, { ...expectation.values, ...set?.values }, options);
  try {
    await set?.undo?.();
    return problems;
  } catch (error) {
    // What was found is told nevertheless: it may be the reason.
    return [...problems, `the state "${given ?? ''}" cannot be undone: ${describe(error)}`];
  }
}

async function compare(expectation: Expectation, values: Values, options: VerifyOptions): Promise<readonly string[]> {
  const { answer } = expectation;
  try {
    const received = await ask(expectation, values, options);
    const wanted = {
      ...answer,
      headers: fillHeaders(answer.headers ?? {}, values),
      ...(answer.body === undefined ? {} : { body: fillValue(answer.body, values) }),
    };
    return compareAnswer(wanted, received);
  } catch (error) {
    return [`there is no answer: ${describe(error)}`];
  }
}

async function ask({ request }: Expectation, values: Values, options: VerifyOptions): Promise<ReceivedAnswer> {
  const response = await fetch(options.url.replace(/\/$/, '') + fillText(request.path, values), {
    method: request.method ?? 'GET',
    redirect: 'manual',
    headers: {
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
      ...fillHeaders(request.headers ?? {}, values),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(fillValue(request.body, values)) }),
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `fetch` says only that it failed; what happened is in the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function isList(expected: Expectations | readonly Expectations[]): expected is readonly Expectations[] {
  return Array.isArray(expected);
}
