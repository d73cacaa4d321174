import { type Html, html, prose } from './html.ts';
import { isJsonObject, type JsonObject, textOf } from './json.ts';
import type { PageTexts } from './page-texts.ts';

/** Where the page shows each schema, by name. */
export type SchemaPlaces = ReadonlyMap<string, string>;

/** What is needed to show schemas. */
export interface SchemaShowing {
  readonly texts: PageTexts;
  readonly places: SchemaPlaces;
}

/** Deeper ones are cut: a reader would be lost, and a document from elsewhere may have any depth. */
const maxDepth = 6;

/** Shows a schema: one line about it, and its fields. Others are linked, so no reference can lead in a circle. */
export function schemaHtml(schema: unknown, showing: SchemaShowing, depth = 0): Html {
  const { texts } = showing;
  if (!isJsonObject(schema)) return html`${texts.anything}`;
  if (depth > maxDepth) return html`…`;
  const { description, items, anyOf } = schema;
  const line = html`<span>${typeHtml(schema, showing, depth)}</span> ${limitsHtml(schema)}`;
  const about = typeof description === 'string' ? html`<div class="soft">${prose(description)}</div>` : undefined;
  const inner = fieldsOf(schema) ?? (isJsonObject(items) ? fieldsOf(items) : undefined);
  const choices = Array.isArray(anyOf)
    ? html`<ul>${anyOf.slice(0, 20).map((choice) => html`<li>${schemaHtml(choice, showing, depth + 1)}</li>`)}</ul>`
    : undefined;
  return html`${line}${about}${choices}${inner === undefined ? undefined : fieldsHtml(inner, showing, depth)}`;
}

/** The fields of an object. */
interface Fields {
  readonly properties: JsonObject;
  readonly required: ReadonlySet<unknown>;
}

function fieldsOf({ properties, required }: JsonObject): Fields | undefined {
  if (!isJsonObject(properties) || Object.keys(properties).length === 0) return undefined;
  return { properties, required: new Set(Array.isArray(required) ? required : []) };
}

function fieldsHtml({ properties, required }: Fields, showing: SchemaShowing, depth: number): Html {
  const rows = Object.entries(properties).map(
    ([name, field]) => html`<div><dt><code>${name}</code> ${required.has(name) ? requiredHtml(showing) : undefined}</dt>
<dd>${schemaHtml(field, showing, depth + 1)}</dd></div>`,
  );
  return html`<dl>${rows}</dl>`;
}

/** The mark of what must be given. */
export function requiredHtml({ texts }: SchemaShowing): Html {
  return html`<span class="soft">${texts.required}</span>`;
}

function typeHtml(schema: JsonObject, showing: SchemaShowing, depth: number): Html {
  const { texts, places } = showing;
  const { $ref, type, format, items, anyOf, enum: values, const: value } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    const place = places.get(name);
    return place === undefined ? html`<code>${name}</code>` : html`<a href="#${place}"><code>${name}</code></a>`;
  }
  if (Array.isArray(values))
    return html`${texts.anyOf} ${values.slice(0, 50).map((one) => html`<code>${JSON.stringify(one)}</code> `)}`;
  if (value !== undefined) return html`<code>${JSON.stringify(value)}</code>`;
  if (Array.isArray(anyOf)) return html`${texts.anyOf}`;
  if (type === 'array') {
    const element =
      isJsonObject(items) && depth <= maxDepth ? typeHtml(items, showing, depth + 1) : html`${texts.anything}`;
    return html`${texts.listOf} ${element}`;
  }
  if (type === undefined) return html`${texts.anything}`;
  const named = Array.isArray(type) ? type.map(textOf).join(' | ') : textOf(type);
  return html`${named}${typeof format === 'string' ? html` <span class="soft">${format}</span>` : undefined}`;
}

/** A longer pattern says less than its description. */
const longestPattern = 60;

function limitsHtml(schema: JsonObject): Html | undefined {
  const { minimum, maximum, minLength, maxLength, pattern, minItems, maxItems, default: otherwise } = schema;
  const parts = [
    rangeOf('', minimum, maximum),
    rangeOf('length ', minLength, maxLength),
    rangeOf('items ', minItems, maxItems),
    typeof pattern === 'string' && pattern.length <= longestPattern ? pattern : undefined,
    otherwise === undefined ? undefined : `= ${JSON.stringify(otherwise)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : html`<span class="soft">${parts.join(' · ')}</span>`;
}

function rangeOf(what: string, least: unknown, most: unknown): string | undefined {
  if (typeof least !== 'number' && typeof most !== 'number') return undefined;
  if (typeof most !== 'number') return `${what}≥ ${String(least)}`;
  return typeof least === 'number' ? `${what}${least}–${most}` : `${what}≤ ${most}`;
}
