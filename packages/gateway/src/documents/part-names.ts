import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import type { ServiceDocument } from './clean-document.ts';
import { type ComponentKind, componentKinds, readReference } from './clean-parts.ts';

/** Collects what operations of several services refer to, under names that are free. */
export class PartNames {
  readonly #parts = new Map<ComponentKind, Map<string, JsonObject>>(componentKinds.map((kind) => [kind, new Map()]));
  /** What each name stands for: a component with all that it refers to, as text. */
  readonly #meanings = new Map<string, string>();

  /** The components of the whole. */
  get components(): JsonObject {
    const filled = [...this.#parts].filter(([, parts]) => parts.size > 0);
    return Object.fromEntries(filled.map(([kind, parts]) => [kind, Object.fromEntries(parts)]));
  }

  /** The same value with its references led to the components of the whole, which get what they are to lead to. */
  adopt<T>(value: T, document: ServiceDocument, service: string): T {
    const own = new Map<string, string>();
    const rename = (reference: string): string | undefined => {
      const found = readReference(reference);
      const part = found && document.components[found.kind].get(found.name);
      if (found === undefined || part === undefined) return undefined;
      const key = `${found.kind}/${found.name}`;
      let name = own.get(key);
      if (name === undefined) {
        const meaning = meaningOf(part, document);
        name = this.#nameFor(found.kind, found.name, meaning, service);
        own.set(key, name);
        const place = `${found.kind}/${name}`;
        if (!this.#meanings.has(place)) {
          this.#meanings.set(place, meaning);
          // Its place comes before what it refers to, which may be itself.
          this.#parts.get(found.kind)?.set(name, {});
          this.#parts.get(found.kind)?.set(name, mapReferences(part, rename) as JsonObject);
        }
      }
      return `#/components/${found.kind}/${name}`;
    };
    return mapReferences(value, rename) as T;
  }

  #nameFor(kind: ComponentKind, name: string, meaning: string, service: string): string {
    const candidates = [name, `${pascal(service)}${name}`];
    for (let number = 2; ; number += 1) {
      const candidate = candidates.shift() ?? `${pascal(service)}${name}${number}`;
      const known = this.#meanings.get(`${kind}/${candidate}`);
      if (known === undefined || known === meaning) return candidate;
    }
  }
}

/** A component and all that it leads to, as text: two with the same text mean the same. */
function meaningOf(part: JsonObject, document: ServiceDocument): string {
  const seen = new Map<string, JsonObject>();
  const open: JsonObject[] = [part];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    mapReferences(next, (reference) => {
      const found = readReference(reference);
      const inner = found && document.components[found.kind].get(found.name);
      if (inner !== undefined && !seen.has(reference)) {
        seen.set(reference, inner);
        open.push(inner);
      }
      return reference;
    });
  return JSON.stringify([part, ...[...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, inner]) => inner)]);
}

/** The same JSON with other references; what `rename` gives no new one for becomes any value. */
function mapReferences(value: unknown, rename: (reference: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => mapReferences(one, rename));
  if (!isJsonObject(value)) return value;
  if (typeof value['$ref'] === 'string') {
    const renamed = rename(value['$ref']);
    return renamed === undefined ? {} : { $ref: renamed };
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapReferences(one, rename)]));
}

function pascal(service: string): string {
  return service
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
