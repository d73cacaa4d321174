import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import { cleanOperation, cleanRecord, methodNames } from './clean-operation.ts';
import { Budget, type ComponentKind, componentKinds } from './clean-parts.ts';

/** An operation of a service's document. */
export interface ServiceOperation {
  /** The service's own path: `/users/{id}`. */
  readonly path: string;
  /** In lower case. */
  readonly method: string;
  readonly operation: JsonObject;
}

/** What a service's document says, with nothing left in it that could harm or mislead whoever reads it. */
export interface ServiceDocument {
  readonly operations: readonly ServiceOperation[];
  readonly tags: ReadonlyMap<string, string>;
  /** Parts that operations refer to, by kind and name. */
  readonly components: Readonly<Record<ComponentKind, ReadonlyMap<string, JsonObject>>>;
}

/** More paths than this are of no service that people have written. */
const maxPaths = 1_000;

/**
 * Takes over what we know of a document of OpenAPI 3.1, and leaves the rest: it is from whoever answers at the address. Every
 * text has a limit, every reference leads to a part of the same document.
 *
 * @returns undefined if it is no such document, or an unreasonably large one
 */
export function cleanDocument(value: unknown): ServiceDocument | undefined {
  if (!isJsonObject(value) || typeof value['openapi'] !== 'string' || !value['openapi'].startsWith('3.1.'))
    return undefined;
  const budget = new Budget();
  try {
    const components = isJsonObject(value['components']) ? value['components'] : {};
    return {
      operations: operationsOf(value['paths'], budget),
      tags: tagsOf(value['tags']),
      components: Object.fromEntries(
        componentKinds.map((kind) => [kind, new Map(Object.entries(cleanRecord(kind, components[kind], budget)))]),
        // One entry for each kind.
      ) as unknown as ServiceDocument['components'],
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function operationsOf(paths: unknown, budget: Budget): readonly ServiceOperation[] {
  if (!isJsonObject(paths)) return [];
  return Object.entries(paths)
    .slice(0, maxPaths)
    .filter(([path]) => /^\/[\x21-\x7e]{0,500}$/.test(path) && !/[?#\\]/.test(path))
    .flatMap(([path, item]) =>
      methodNames.flatMap((method) => {
        const operation = isJsonObject(item) ? cleanOperation(item[method], item['parameters'], budget) : undefined;
        return operation === undefined ? [] : [{ path, method, operation }];
      }),
    );
}

function tagsOf(tags: unknown): ReadonlyMap<string, string> {
  const described = (Array.isArray(tags) ? tags.slice(0, 100) : []).flatMap((tag): [string, string][] => {
    const { name, description } = isJsonObject(tag) ? tag : {};
    return typeof name === 'string' && typeof description === 'string' ? [[name, description.slice(0, 1_000)]] : [];
  });
  return new Map(described);
}
