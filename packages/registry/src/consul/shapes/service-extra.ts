import type { Json, JsonObject } from '../../record/json-object.ts';

/**
 * What we keep of a service of Consul's beside what every instance has, in Consul's names and as it was given. `ID` and `Node` are
 * there where they are not the instance's id and our own node; `Address` where it is not the instance's.
 */
export const extraFields = [
  'ID',
  'Node',
  'Address',
  'Kind',
  'TaggedAddresses',
  'Weights',
  'EnableTagOverride',
  'Proxy',
  'Connect',
  'Locality',
  'SocketPath',
  'Ports',
  'AI',
] as const;

/** The checks of a service that follow another one: by our ids, the ids of the services that they follow. */
export function aliasesOf(extra: JsonObject | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(objectOf(extra?.['Aliases']) ?? {});
  return Object.fromEntries(entries.map(([check, target]) => [check, textOf(target) ?? '']));
}

/** A field of an object that somebody sent, in any case. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const folded = name.toLowerCase();
  const found = Object.entries(value).find(([given]) => given.replaceAll('_', '').toLowerCase() === folded);
  return found?.[1];
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** A text of an object; empty if it is not there. */
export function textIn(value: JsonObject, name: string): string {
  return textOf(value[name]) ?? '';
}

/** The objects in what may be a list of them, or one. */
export function objectsOf(...values: readonly (Json | undefined)[]): readonly JsonObject[] {
  return values.flatMap((value) => (isList(value) ? objectsOf(...value) : (objectOf(value) ?? [])));
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
