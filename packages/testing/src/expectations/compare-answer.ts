import { isDeepStrictEqual } from 'node:util';
import type { ExpectedAnswer } from './expectations.ts';
import { atPointer, pointerTo } from './pointer.ts';

/** An answer that was received. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, if it is JSON; otherwise its text. */
  readonly body: unknown;
}

/** In what way an answer is not what a consumer relies on, one sentence each. Nothing: it is. */
export function compareAnswer(expected: ExpectedAnswer, received: ReceivedAnswer): readonly string[] {
  const { status, error, headers = {}, body } = expected;
  const problems: string[] = [];
  if (received.status !== status)
    problems.push(`the status is ${received.status} instead of ${status}${why(received)}`);
  if (error !== undefined) problems.push(...compareError(error, received));
  for (const [name, value] of Object.entries(headers)) {
    const found = received.headers.get(name);
    if (found === null) problems.push(`the field ${name} of the head is missing`);
    else if (value !== '*' && found !== value) problems.push(`${name} is ${show(found)} instead of ${show(value)}`);
  }
  // Of an answer with another status, every further line would only say the same once more.
  if (body === undefined || received.status !== status) return problems;
  return [...problems, ...compareBody(expected, received.body)];
}

function compareError(code: string, { headers, body }: ReceivedAnswer): readonly string[] {
  const problems: string[] = [];
  const found = atPointer(body, '/code');
  if (found !== code)
    problems.push(`the error code is ${found === undefined ? 'missing' : show(found)} instead of ${code}`);
  const type = headers.get('content-type');
  if (!type?.startsWith('application/problem+json'))
    problems.push(`the error comes as ${type ?? 'no type'} instead of application/problem+json`);
  return problems;
}

function compareBody(expected: ExpectedAnswer, body: unknown): readonly string[] {
  const { exactly = [], optional = [], matching = {} } = expected;
  const problems: string[] = [];
  const isOptional = (pointer: string): boolean =>
    optional.some((each) => ofAnyElement(each) === ofAnyElement(pointer));
  const compare = (example: unknown, found: unknown, at: string, say: (problem: string) => void): void => {
    const place = at === '' ? 'the body' : at;
    if (found === null && isOptional(at)) return;
    if (exactly.includes(at)) {
      if (!isDeepStrictEqual(found, example)) say(`${place} is ${show(found)} instead of ${show(example)}`);
      return;
    }
    if (typeOf(found) !== typeOf(example)) {
      say(`${place} is ${describe(found)} instead of ${describe(example)}`);
      return;
    }
    const pattern = Object.entries(matching).find(([pointer]) => ofAnyElement(pointer) === ofAnyElement(at))?.[1];
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(String(found)))
      say(`${place} is ${show(found)}, which does not match ${pattern}`);
    if (Array.isArray(example) && Array.isArray(found)) compareLists(example, found, at, say);
    else if (isObject(example) && isObject(found)) compareObjects(example, found, at, say);
  };
  const compareObjects = (example: object, found: object, at: string, say: (problem: string) => void): void => {
    for (const [name, value] of Object.entries(example)) {
      const pointer = pointerTo(at, name);
      if (Object.hasOwn(found, name)) compare(value, Reflect.get(found, name), pointer, say);
      else if (!isOptional(pointer)) say(`${pointer} is missing; there ${has(Object.keys(found))}`);
    }
  };
  const compareLists = (
    example: readonly unknown[],
    found: readonly unknown[],
    at: string,
    say: (problem: string) => void,
  ): void => {
    if (example.length === 0) return;
    if (found.length === 0)
      say(`${at === '' ? 'the body' : at} is an empty list, which says nothing about its elements`);
    for (const [index, element] of found.entries()) {
      // Where the example has an element of its own, it may say more about it.
      const own = example.length > index ? [example[index]] : example;
      const attempts = own.map((each) => {
        const told: string[] = [];
        compare(each, element, pointerTo(at, index), (problem) => told.push(problem));
        return told;
      });
      if (attempts.every((told) => told.length > 0)) attempts[0]?.forEach(say);
    }
  };
  compare(expected.body, body, '', (problem) => problems.push(problem));
  return problems;
}

/** Rules for one element of a list are meant for all of them. */
function ofAnyElement(pointer: string): string {
  return pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function describe(value: unknown): string {
  switch (typeOf(value)) {
    case 'null':
      return 'null';
    case 'undefined':
      return 'nothing';
    case 'string':
      return `a text (${show(value)})`;
    case 'number':
      return `a number (${show(value)})`;
    case 'boolean':
      return `a boolean (${show(value)})`;
    case 'list':
      return 'a list';
    default:
      return 'an object';
  }
}

function has(names: readonly string[]): string {
  return names.length === 0 ? 'are no fields' : `are ${names.slice(0, 12).join(', ')}`;
}

/** What the provider says about an answer that was not expected. */
function why({ body }: ReceivedAnswer): string {
  const code = atPointer(body, '/code');
  return typeof code === 'string' ? ` (${code})` : '';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
