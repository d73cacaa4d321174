import { AppError, describeIssue, type FieldProblem, noOwnText } from '@flotilla/contracts';
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { escapePointer } from './parse-json.ts';

/** More problems than this are no help, and a hostile body could have thousands. */
const maxProblems = 20;

/** Compiles a route's zod schemas for Fastify. Invalid input becomes INVALID_REQUEST, with each field. */
export const compileValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart, url }) => {
  if (httpPart === 'params' && asksForTexts(schema, url)) return () => true;
  const repeatable = httpPart === 'querystring' ? repeatableNames(schema) : undefined;
  const mayBeEmpty = repeatable !== undefined && asksForNothing(schema);
  return (input: unknown) => {
    if (mayBeEmpty && hasNoField(input)) return true;
    // Fastify passes null for a missing body.
    const data = httpPart === 'body' && input === null ? undefined : input;
    const repeated = repeatable === undefined ? undefined : arrangeRepeated(data, repeatable);
    if (repeated !== undefined) return { error: new AppError('INVALID_REQUEST', { fields: repeated }) };
    const result = schema.safeParse(data, { error: noOwnText });
    if (result.success) return { value: result.data };
    const fields = result.error.issues.flatMap((issue) => toFieldProblems(issue, data, httpPart));
    return { error: new AppError('INVALID_REQUEST', { fields: fields.slice(0, maxProblems) }) };
  };
};

/** Whether a route's path provides everything that `schema` needs, as it needs it: the router provides strings. */
function asksForTexts(schema: z.ZodType, url: string): boolean {
  if (!(schema instanceof z.ZodObject) || schema.def.catchall !== undefined || hasRules(schema)) return false;
  const given = new Set(url.split('/'));
  return Object.entries(schema.shape).every(
    ([name, part]) => part instanceof z.ZodString && !hasRules(part) && given.has(`:${name}`),
  );
}

/** Whether an object without fields fits `schema` as it is. */
function asksForNothing(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0 && !hasRules(schema);
}

/** Whether the schema checks more than the type: `min`, `trim`, `refine`. */
function hasRules({ def }: z.ZodObject | z.ZodString): boolean {
  return (def.checks ?? []).length > 0;
}

function hasNoField(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  // A query has no prototype.
  for (const _name in input) return false;
  return true;
}

/** Answers are sent unchanged: the handlers' types already ensure that they fit. */
export const compileSerializer =
  () =>
  (value: unknown): string =>
    JSON.stringify(value);

function toFieldProblems(issue: z.core.$ZodIssue, data: unknown, httpPart: string | undefined): FieldProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, maxProblems)
      .map((key) => ({ field: fieldName([...issue.path, key], httpPart), code: 'UNKNOWN_FIELD' }));
  const value = valueAt(data, issue.path);
  const missing = issue.path.length > 0 || data === undefined ? value === undefined : false;
  const required = httpPart === 'body' && issue.path.length === 0 ? 'BODY_REQUIRED' : 'REQUIRED';
  const broken = missing ? ({ code: required } as const) : describeIssue(issue, value);
  return [{ field: fieldName(issue.path, httpPart), ...broken }];
}

function fieldName(path: readonly PropertyKey[], httpPart: string | undefined): string {
  const [first = '', ...rest] = path.map((step) => String(step).slice(0, 100));
  switch (httpPart) {
    case 'querystring':
      return `?${[first, ...rest].join('.')}`;
    case 'params':
      return `{${first}}`;
    case 'headers':
      return first;
    default:
      return path.map((step) => `/${escapePointer(String(step))}`).join('');
  }
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    // Only own fields count: "constructor" must not be found on the prototype.
    value = Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  }
  return value;
}

/** Which query parameters may be repeated: those whose schema is a list, or one that we cannot inspect. */
interface Repeatable {
  /** `list`: a single value becomes a list. `open`: passed on as it is. Others: only once. */
  kindOf(name: string): 'once' | 'list' | 'open';
}

function repeatableNames(schema: z.ZodType): Repeatable {
  if (!(schema instanceof z.ZodObject)) return { kindOf: () => 'open' };
  const kinds = new Map(Object.entries(schema.shape).map(([name, part]) => [name, kindOfSchema(part)]));
  // The schema refuses or ignores unknown names, however often they occur.
  return { kindOf: (name) => kinds.get(name) ?? 'open' };
}

function kindOfSchema(schema: unknown): 'once' | 'list' | 'open' {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  )
    return kindOfSchema(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return kindOfSchema(schema.def.in);
  if (schema instanceof z.ZodArray) return 'list';
  if (schema instanceof z.ZodUnion)
    return schema.options.some((part) => kindOfSchema(part) !== 'once') ? 'open' : 'once';
  const opaque =
    schema instanceof z.ZodTransform ||
    schema instanceof z.ZodAny ||
    schema instanceof z.ZodUnknown ||
    schema instanceof z.ZodCustom;
  return opaque ? 'open' : 'once';
}

/** Turns single values of list parameters into lists, and reports which others were repeated. */
function arrangeRepeated(query: unknown, repeatable: Repeatable): FieldProblem[] | undefined {
  let problems: FieldProblem[] | undefined;
  if (typeof query !== 'object' || query === null) return undefined;
  // It has no prototype, and for most requests no parameters: then this allocates nothing.
  for (const name in query) {
    const value: unknown = Reflect.get(query, name);
    const kind = repeatable.kindOf(name);
    if (kind === 'list' && !Array.isArray(value)) Reflect.set(query, name, [value]);
    if (kind === 'once' && Array.isArray(value)) {
      problems ??= [];
      problems.push({ field: `?${name.slice(0, 100)}`, code: 'GIVEN_TWICE' });
    }
  }
  return problems?.slice(0, maxProblems);
}
