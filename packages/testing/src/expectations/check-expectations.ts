import { atPointer } from './pointer.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text');
const anything: Check = () => undefined;
const texts: Check = (value) =>
  isFields(value) && Object.values(value).every((each) => typeof each === 'string')
    ? undefined
    : 'must be an object of texts';
const values: Check = (value) =>
  isFields(value) && Object.values(value).every((each) => typeof each === 'string' || typeof each === 'number')
    ? undefined
    : 'must be an object of texts and numbers';
const path: Check = (value) =>
  typeof value === 'string' && /^\/[^\s#]*$/.test(value) ? undefined : 'must be a path such as /users/1?limit=5';
const method: Check = (value) =>
  typeof value === 'string' && /^[A-Z]+$/.test(value) ? undefined : 'must be a method such as GET';
const status: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599
    ? undefined
    : 'must be a status from 200 to 599';
const pointers: Check = (value) =>
  Array.isArray(value) && value.every(isPointer) ? undefined : 'must be a list of JSON pointers such as /orders/0/id';

/** What is wrong with expectations, one line each; nothing if they are valid. */
export function checkExpectations(value: unknown): readonly string[] {
  if (!isFields(value)) return ['must be an object with consumer, provider and expectations'];
  const problems = checkFields('', value, { consumer: text, provider: text, expectations: nonEmptyList });
  const list = Array.isArray(value['expectations']) ? (value['expectations'] as readonly unknown[]) : [];
  const seen = new Set<unknown>();
  for (const [index, one] of list.entries()) {
    const at = `/expectations/${index}`;
    problems.push(...checkOne(at, one));
    if (!isFields(one)) continue;
    if (seen.has(one['name'])) problems.push(`${at}/name: another one has this name; write one of its own`);
    seen.add(one['name']);
  }
  return problems;
}

function checkOne(at: string, one: unknown): string[] {
  if (!isFields(one)) return [`${at}: must be an object with name, request and answer`];
  const { request, answer } = one;
  const problems = checkFields(at, one, { name: text, request: fields, answer: fields }, { given: text, values });
  if (isFields(request))
    problems.push(...checkFields(`${at}/request`, request, { path }, { method, headers: texts, body: anything }));
  if (!isFields(answer)) return problems;
  const rules = { headers: texts, error: text, body: anything, exactly: pointers, optional: pointers, matching: texts };
  problems.push(...checkFields(`${at}/answer`, answer, { status }, rules));
  return [...problems, ...checkPointers(`${at}/answer`, answer)];
}

/** A rule for a field that the example does not have is a misspelt one, and would never be applied. */
function checkPointers(at: string, { body, exactly, optional, matching }: Fields): string[] {
  const problems: string[] = [];
  const named: [string, unknown][] = [
    ...listOf(exactly).map((pointer): [string, unknown] => ['exactly', pointer]),
    ...listOf(optional).map((pointer): [string, unknown] => ['optional', pointer]),
    ...Object.keys(isFields(matching) ? matching : {}).map((pointer): [string, unknown] => ['matching', pointer]),
  ];
  for (const [rule, pointer] of named)
    if (typeof pointer === 'string' && atPointer(body, pointer) === undefined)
      problems.push(`${at}/${rule}: the example has nothing at ${pointer}`);
  for (const [pointer, pattern] of Object.entries(isFields(matching) ? matching : {}))
    if (typeof pattern === 'string' && !isPattern(pattern))
      problems.push(`${at}/matching${pointer}: ${pattern} is not a regular expression`);
  return problems;
}

function checkFields(
  at: string,
  value: Fields,
  needed: Readonly<Record<string, Check>>,
  possible: Readonly<Record<string, Check>> = {},
): string[] {
  const problems: string[] = [];
  for (const [name, check] of Object.entries({ ...needed, ...possible })) {
    if (value[name] === undefined && !(name in needed)) continue;
    const problem = check(value[name]);
    if (problem !== undefined) problems.push(`${at}/${name}: ${problem}`);
  }
  const known = [...Object.keys(needed), ...Object.keys(possible)];
  for (const name of Object.keys(value).filter((each) => !known.includes(each)))
    problems.push(`${at}/${name}: is not known here; known are ${known.join(', ')}`);
  return problems;
}

function nonEmptyList(value: unknown): string | undefined {
  return Array.isArray(value) && value.length > 0 ? undefined : 'must be a list with at least one expectation';
}

function fields(value: unknown): string | undefined {
  return isFields(value) ? undefined : 'must be an object';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isPointer(value: unknown): boolean {
  return typeof value === 'string' && (value === '' || value.startsWith('/'));
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u').test('');
    return true;
  } catch {
    return false;
  }
}
