import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';

/** The kinds of components that are taken over. */
export const componentKinds = ['schemas', 'parameters', 'headers', 'responses', 'requestBodies', 'examples'] as const;
export type ComponentKind = (typeof componentKinds)[number];

/** Parts of a document together: a person reads a few hundred, a megabyte of JSON could have a hundred thousand. */
const maxParts = 20_000;

/** Limits the work that one document can cause. */
export class Budget {
  #left = maxParts;

  /** @throws RangeError when there is nothing left */
  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new RangeError('The document has too many parts');
  }
}

/** A text of a document, cut. */
export function cleanText(value: unknown, maxLength = 2_000): string | undefined {
  return typeof value === 'string' ? value.slice(0, maxLength) : undefined;
}

const reference = /^#\/components\/([A-Za-z]+)\/([A-Za-z0-9._-]{1,200})$/;

/** The kind and name that a reference within a document has; undefined if it leads anywhere else. */
export function readReference(value: unknown): { readonly kind: ComponentKind; readonly name: string } | undefined {
  const [, kind, name = ''] = (typeof value === 'string' && reference.exec(value)) || [];
  const known = componentKinds.find((one) => one === kind);
  return known === undefined ? undefined : { kind: known, name };
}

/** Members that have a value. */
export function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** The members of an object whose names are as expected, each made by `clean`; undefined ones are left out. */
export function mapMembers(
  value: unknown,
  names: RegExp,
  max: number,
  clean: (member: unknown, name: string) => unknown,
): JsonObject {
  if (!isJsonObject(value)) return {};
  const entries = Object.entries(value).slice(0, max);
  return present(
    Object.fromEntries(entries.filter(([name]) => names.test(name)).map(([name, one]) => [name, clean(one, name)])),
  );
}
