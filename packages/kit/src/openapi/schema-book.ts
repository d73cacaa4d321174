import { isDeepStrictEqual } from 'node:util';
import type { Locale } from '@flotilla/contracts';
import { z } from 'zod';
import { takeWireShape } from '../resource/index.ts';
import type { JsonObject } from './json.ts';

/** Where named schemas are in a document. */
const componentPrefix = '#/components/schemas/';

/** Integers beyond this need 64 bits, which generators of code want to be told. */
const largestOf32Bits = 2_147_483_647;

/**
 * Makes JSON Schema of zod's schemas, and collects those with a name (`.meta({ id: 'User' })`) for the components of a
 * document.
 *
 * It describes the wire, which is always the input of a schema: a server parses requests with it, a client answers. What
 * comes out of a `transform` is nobody's business but the parser's.
 */
export class SchemaBook {
  readonly components: Record<string, JsonObject> = {};
  readonly #locale: Locale;

  constructor(locale: Locale) {
    this.#locale = locale;
  }

  /** The schema, or a reference to it if it has a name. What cannot be described is any value. */
  describe(schema: z.ZodType): JsonObject {
    const {
      $defs = {},
      $schema: _dialect,
      ...root
    } = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => this.#complete(jsonSchema),
    });
    const named = Object.entries($defs).map(([own, body]) => ({ own, body: body as JsonObject }));
    // In a document, "#" is the document.
    if (refersTo(root, '#')) return this.describe(schema.meta({ id: 'Recursive' }));
    const names = new Map(named.map(({ own, body }) => [own, this.#nameOf(own, body)]));
    for (const { own, body } of named) this.components[names.get(own) ?? own] = withNames(body, names);
    return withNames(root, names);
  }

  /** The name itself, unless another schema has it already. */
  #nameOf(name: string, body: JsonObject): string {
    const clean = name.replaceAll(/[^A-Za-z0-9._-]/g, '_');
    let free = clean;
    for (let number = 2; this.components[free] !== undefined; number += 1) {
      if (isDeepStrictEqual(withoutNames(this.components[free]), withoutNames(body))) return free;
      free = `${clean}${number}`;
    }
    return free;
  }

  #complete(json: JsonObject): void {
    const shape = takeWireShape(json);
    if (shape !== undefined) {
      const { description, ...keywords } = shape;
      Object.assign(json, keywords);
      if (description !== undefined) json['description'] = description[this.#locale];
    }
    delete json['id'];
    // What zod says of every whole number, and what says nothing.
    if (json['minimum'] === Number.MIN_SAFE_INTEGER) delete json['minimum'];
    if (json['type'] !== 'integer' || json['format'] !== undefined) return;
    if (Number(json['maximum'] ?? Number.MAX_SAFE_INTEGER) > largestOf32Bits) json['format'] = 'int64';
  }
}

/** The same JSON with references into `$defs` made references to components. */
function withNames(json: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  return mapRefs(json, (reference) => {
    const name = names.get(decodePointer(reference.slice('#/$defs/'.length)));
    return name === undefined ? reference : componentPrefix + name;
  });
}

function refersTo(json: JsonObject, wanted: string): boolean {
  let found = false;
  mapRefs(json, (reference) => {
    found ||= reference === wanted;
    return reference;
  });
  return found;
}

/** For comparing: a component refers to others by names that were decided when it was added. */
function withoutNames(json: JsonObject | undefined): unknown {
  return json === undefined ? undefined : mapRefs(json, () => '');
}

function mapRefs(json: JsonObject, rename: (reference: string) => string): JsonObject {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' ? rename(inner) : visit(inner),
      ]),
    );
  };
  return visit(json) as JsonObject; // An object stays one.
}

function decodePointer(text: string): string {
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
