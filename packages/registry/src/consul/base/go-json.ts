import { readJson } from '@flotilla/contracts/json';
import type { Json, JsonObject } from '../../record/json-object.ts';
import { readGoDuration } from './go-duration.ts';
import { notDecoded, type Refusal } from './refusal.ts';

/**
 * What a value has to be. `duration`: a text of Go's or a number of nanoseconds, read to milliseconds. `any`: kept as it is, also
 * with names that nobody here knows.
 */
export type Shape = 'string' | 'int' | 'number' | 'bool' | 'duration' | 'any' | ListShape | MapShape | StructShape;

interface ListShape {
  readonly listOf: Shape;
}
interface MapShape {
  readonly mapOf: Shape;
}
export interface StructShape {
  /** By the name that the handler uses. */
  readonly fields: Readonly<Record<string, Shape>>;
  /** For Go's messages. */
  readonly type: string;
  /** Whether fields that nobody here knows are passed over. Default false: they are refused. */
  readonly lenient?: boolean;
}

/** A struct whose fields may be sent in any case, and with underscores: `Name`, `name`, `enable_tag_override`. */
export function struct(type: string, fields: Readonly<Record<string, Shape>>): StructShape {
  return { type, fields };
}

/**
 * Reads a body as Go's decoder does: names in any case, `null` as if it was not there, unknown names refused. Fields that were not
 * sent are not in the result.
 *
 * @throws {Refusal} 400
 */
export function decodeBody(body: unknown, shape: StructShape): JsonObject {
  const value = read(parseBody(body), shape, '');
  // What a struct reads is an object.
  return value as JsonObject;
}

/** Reads a body that is a list, as {@link decodeBody} does. @throws {Refusal} 400 */
export function decodeList(body: unknown, item: StructShape): readonly JsonObject[] {
  const value = parseBody(body);
  if (value === null) return [];
  if (!isList(value)) throw mistyped(value, item.type, '[]');
  return value.map((one) => readStruct(one, item, ''));
}

/** The JSON of a body. @throws {Refusal} 400 */
function parseBody(body: unknown): Json {
  if (!Buffer.isBuffer(body) || body.length === 0) throw notDecoded('EOF');
  const found = readJson(body);
  // What JSON.parse makes is JSON.
  if (found.ok) return found.value as Json;
  if (found.at >= body.length) throw notDecoded('unexpected EOF');
  const deep = found.problem === 'too-deep';
  throw notDecoded(deep ? 'json: exceeded max depth' : `invalid character at byte ${found.at} of the body`);
}

function read(value: Json, shape: Shape, path: string): Json {
  if (typeof shape === 'object') {
    if ('fields' in shape) return readStruct(value, shape, path);
    if ('listOf' in shape) return readList(value, shape, path);
    return readMap(value, shape, path);
  }
  switch (shape) {
    case 'any':
      return value;
    case 'string':
      if (typeof value === 'string') return value;
      throw mistyped(value, path, 'string');
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw mistyped(value, path, 'bool');
    case 'number':
      if (typeof value === 'number') return value;
      throw mistyped(value, path, 'float64');
    case 'int':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      throw mistyped(value, path, 'int');
    case 'duration':
      return readDuration(value, path);
    default:
      return shape satisfies never;
  }
}

function readStruct(value: Json, shape: StructShape, path: string): JsonObject {
  if (value === null) return {};
  if (!isObject(value)) {
    if (path !== '') throw mistyped(value, path, shape.type);
    throw notDecoded(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${shape.type}`);
  }
  const byFolded = new Map(Object.keys(shape.fields).map((name) => [folded(name), name]));
  const result: Record<string, Json> = {};
  for (const [given, inner] of Object.entries(value)) {
    const name = byFolded.get(folded(given));
    const field = name === undefined ? undefined : shape.fields[name];
    if (name === undefined || field === undefined) {
      if (shape.lenient === true) continue;
      throw notDecoded(`json: unknown field ${JSON.stringify(given.slice(0, 100))}`);
    }
    if (inner === null) delete result[name];
    else result[name] = read(inner, field, `${path}.${name}`);
  }
  return result;
}

function readList(value: Json, { listOf }: ListShape, path: string): Json {
  if (value === null) return [];
  if (!Array.isArray(value)) throw mistyped(value, path, `[]${typeof listOf === 'string' ? listOf : ''}`);
  return value.map((item: Json) => read(item, listOf, path));
}

function readMap(value: Json, { mapOf }: MapShape, path: string): Json {
  if (value === null) return {};
  if (!isObject(value)) throw mistyped(value, path, 'map');
  // As own fields whatever they are called: `__proto__` is a name like any other.
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner, mapOf, path)]));
}

function readDuration(value: Json, path: string): number {
  if (typeof value === 'number') return value / 1e6;
  if (typeof value !== 'string') throw mistyped(value, path, 'time.Duration');
  // Go's own types for durations take an empty text as none.
  if (value === '') return 0;
  const ms = readGoDuration(value);
  if (ms !== undefined) return ms;
  throw notDecoded(`time: invalid duration ${JSON.stringify(value.slice(0, 100))}`);
}

function folded(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function mistyped(value: Json, path: string, type: string): Refusal {
  return notDecoded(`json: cannot unmarshal ${kindOf(value)} into Go struct field ${path} of type ${type}`);
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isInteger(value)) return `number ${value}`;
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
