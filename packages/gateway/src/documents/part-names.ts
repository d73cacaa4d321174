import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import type { ServiceDocument } from './clean-document.ts';
import { type ComponentKind, componentKinds, readReference } from './clean-parts.ts';

type Found = NonNullable<ReturnType<typeof readReference>>;

/** Longer meanings are not compared: documents of others may chain thousands of parts, and ours are far below this. */
const maxMeaningLength = 8_192;

/** What is needed of a component to compare it. */
interface PartText {
  readonly text: string;
  readonly references: readonly string[];
}

/** Collects what operations of several services refer to, under names that are free. */
export class PartNames {
  readonly #parts = new Map<ComponentKind, Map<string, JsonObject>>(componentKinds.map((kind) => [kind, new Map()]));
  /** What each name stands for: a component with all that it refers to, as text. */
  readonly #meanings = new Map<string, string>();
  /** The names that each document's own components have got. */
  readonly #own = new Map<ServiceDocument, Map<string, string>>();
  readonly #texts = new WeakMap<JsonObject, PartText>();

  /** The components of the whole. */
  get components(): JsonObject {
    const filled = [...this.#parts].filter(([, parts]) => parts.size > 0);
    return Object.fromEntries(filled.map(([kind, parts]) => [kind, Object.fromEntries(parts)]));
  }

  /** The same value with its references led to the components of the whole, which get what they are to lead to. */
  adopt<T>(value: T, document: ServiceDocument, service: string): T {
    const own = this.#own.get(document) ?? new Map<string, string>();
    this.#own.set(document, own);
    // One after the other, not one within the other: a chain of parts may be longer than the stack.
    const open: (() => void)[] = [];
    const rename = (reference: string): string | undefined => {
      const found = readReference(reference);
      const part = found && document.components[found.kind].get(found.name);
      if (found === undefined || part === undefined) return undefined;
      const key = `${found.kind}/${found.name}`;
      const name = own.get(key) ?? this.#take(found, part, document, service);
      const parts = this.#parts.get(found.kind);
      if (!own.has(key) && parts?.has(name) === false) {
        // Its place comes before what it refers to, which may be itself.
        parts.set(name, {});
        open.push(() => parts.set(name, mapReferences(part, rename) as JsonObject));
      }
      own.set(key, name);
      return `#/components/${found.kind}/${name}`;
    };
    const adopted = mapReferences(value, rename) as T;
    for (let fill = open.pop(); fill !== undefined; fill = open.pop()) fill();
    return adopted;
  }

  /** The name for a component: that of another one if it means the same. */
  #take(found: Found, part: JsonObject, document: ServiceDocument, service: string): string {
    const meaning = this.#meaningOf(part, document) ?? `${service} ${found.name}`;
    const name = this.#nameFor(found.kind, found.name, meaning, service);
    this.#meanings.set(`${found.kind}/${name}`, meaning);
    return name;
  }

  #nameFor(kind: ComponentKind, name: string, meaning: string, service: string): string {
    const candidates = [name, `${pascal(service)}${name}`];
    for (let number = 2; ; number += 1) {
      const candidate = candidates.shift() ?? `${pascal(service)}${name}${number}`;
      const known = this.#meanings.get(`${kind}/${candidate}`);
      if (known === undefined || known === meaning) return candidate;
    }
  }

  /** A component and all that it leads to, as text: two with the same text mean the same. Undefined if that is too long. */
  #meaningOf(part: JsonObject, document: ServiceDocument): string | undefined {
    const seen = new Map<string, string>();
    const open = [this.#textOf(part)];
    let length = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      length += next.text.length;
      if (length > maxMeaningLength) return undefined;
      for (const reference of next.references) {
        const found = readReference(reference);
        const inner = found && document.components[found.kind].get(found.name);
        if (inner === undefined || seen.has(reference)) continue;
        const read = this.#textOf(inner);
        seen.set(reference, read.text);
        open.push(read);
      }
    }
    return JSON.stringify([
      this.#textOf(part).text,
      ...[...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
    ]);
  }

  #textOf(part: JsonObject): PartText {
    let read = this.#texts.get(part);
    if (read === undefined) {
      const references: string[] = [];
      mapReferences(part, (reference) => {
        references.push(reference);
        return reference;
      });
      this.#texts.set(part, (read = { text: JSON.stringify(part), references }));
    }
    return read;
  }
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
