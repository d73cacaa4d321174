import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { DescribedSchema } from './arbitrary-of-schema.ts';

/** A parameter of an operation. */
export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: DescribedSchema;
}

/** An operation that a document describes. */
export interface DescribedOperation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly DescribedParameter[];
  readonly body: DescribedSchema | undefined;
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

interface DescribedResponse {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: DescribedSchema; readonly examples?: object }>>;
}

interface RawOperation {
  readonly parameters?: readonly (DescribedParameter & { readonly $ref?: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: DescribedSchema }>> };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

/** An answer to check. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Reads a document and checks what a program says against it, by a validator of other people. */
export class DescribedApi {
  readonly operations: readonly DescribedOperation[];
  readonly #document: object;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: true });

  constructor(document: object) {
    this.#document = document;
    this.#ajv.addSchema(document, 'document');
    const { paths } = document as { paths: Record<string, Record<string, RawOperation>> }; // It was validated before.
    this.operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, raw]) => ({
        method: method.toUpperCase(),
        path,
        parameters: (raw.parameters ?? []).map((one) => this.#followed(one)),
        body: raw.requestBody?.content['application/json']?.schema,
        responses: raw.responses,
      })),
    );
  }

  /** Finds what a reference in the document names. */
  resolve(reference: string): DescribedSchema {
    return this.#at(reference) as DescribedSchema; // Schemas refer to schemas.
  }

  /** Whether a schema of the document allows a value. */
  allows(schema: DescribedSchema, value: unknown): boolean {
    return this.#ajv.validate(withFullReferences(schema), value);
  }

  /** Fails unless the document describes an answer of an operation: its status, type, body, code and headers. */
  assertDescribed({ method, path, responses }: DescribedOperation, { status, headers, text }: SeenAnswer): void {
    const named = responses[status];
    const response = this.#followed(named ?? responses['default'] ?? assert.fail(`${method} ${path}: no ${status}`));
    const where = `${method} ${path} ${status}`;
    for (const name of ['etag', 'link', 'location', 'retry-after', 'idempotency-replayed'])
      if (headers.has(name) && named !== undefined)
        assert.ok(
          Object.keys(response.headers ?? {}).some((one) => one.toLowerCase() === name),
          `${where}: ${name}`,
        );
    if (text === '') return assert.equal(response.content, undefined, where);
    const type = (headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    const media = response.content?.[type] ?? assert.fail(`${where}: not described as ${type}`);
    const body: unknown = JSON.parse(text);
    assert.ok(this.allows(media.schema, body), `${where}: ${text}: ${this.#ajv.errorsText()}`);
    if (status < 400) return;
    const { code } = body as { code: string }; // A problem, as its schema says.
    assert.ok(Object.keys(media.examples ?? {}).includes(code), `${where}: ${code} is not named`);
  }

  #followed<T extends object>(given: T & { readonly $ref?: string }): T {
    return given.$ref === undefined ? given : (this.#at(given.$ref) as T);
  }

  #at(reference: string): unknown {
    return reference
      .split('/')
      .slice(1)
      .reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.#document);
  }
}

function withFullReferences(schema: DescribedSchema): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as object;
}
