import { hash } from 'node:crypto';
import type { Locale } from '@flotilla/contracts';
import type { ApiDocument } from './api-document.ts';
import { Html, html, prose } from './html.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { type ListedOperation, methodHtml, operationHtml } from './operation-html.ts';
import { pageStyle } from './page-style.ts';
import { pageTexts } from './page-texts.ts';
import { type SchemaShowing, schemaHtml } from './schema-html.ts';

/** A browser runs no script of the page and fetches nothing for it, whatever a document says. */
export const docsPolicy: string = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', pageStyle, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

/** Shows a document as a page for people: HTML without scripts. */
export function docsPage(document: ApiDocument, locale: Locale): string {
  const texts = pageTexts[locale];
  const { title, version, description } = document.info;
  const schemas = isJsonObject(document.components['schemas']) ? document.components['schemas'] : {};
  // Names in a document may be anything, so places on the page are numbered.
  const places = new Map(Object.keys(schemas).map((name, index) => [name, `schema-${index + 1}`]));
  const showing = { texts, places, resolve: (reference: string) => resolve(document, reference) };
  const operations = operationsOf(document);
  const headings = headingsOf(document);
  const groups = Map.groupBy(operations, ({ operation }) => headings(tagOf(operation) ?? title));
  const main = [...groups].map(
    ([tag, listed]) => html`<h2>${tag}</h2>${listed.map((one) => operationHtml(one, showing))}`,
  );
  const other = locale === 'en' ? 'zh-CN' : 'en';
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#operations">${texts.skip}</a>
<header>
<h1>${title}</h1>
<p class="links"><span>${typeof version === 'string' ? version : undefined}</span><a href="openapi.json?lang=${locale}">${texts.document}</a><a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.otherLanguage}</a></p>
${typeof description === 'string' ? html`<p>${prose(description)}</p>` : undefined}
</header>
<div class="columns">
<nav aria-label="${texts.operations}">${contents(groups, schemas, showing)}</nav>
<main id="operations">
${operations.length === 0 ? html`<p>${texts.none}</p>` : main}
<h2>${texts.schemas}</h2>
${Object.entries(schemas).map(([name, schema]) => html`<article id="${places.get(name)}"><h3><code>${name}</code></h3>${schemaHtml(schema, showing)}</article>`)}
</main>
</div>
</body>
</html>
`.text;
}

function contents(
  groups: ReadonlyMap<string, readonly ListedOperation[]>,
  schemas: JsonObject,
  { texts, places }: SchemaShowing,
): Html {
  const lists = [...groups].map(
    ([tag, listed]) =>
      html`<h2>${tag}</h2><ul>${listed.map(
        ({ place, method, path }) =>
          html`<li><a href="#${place}">${methodHtml(method)} <span class="path">${path}</span></a></li>`,
      )}</ul>`,
  );
  const names = Object.keys(schemas).map((name) => html`<li><a href="#${places.get(name)}">${name}</a></li>`);
  return html`<details open><summary>${texts.operations}</summary>${lists}<h2>${texts.schemas}</h2><ul>${names}</ul></details>`;
}

function operationsOf({ paths }: ApiDocument): readonly ListedOperation[] {
  const found = Object.entries(paths).flatMap(([path, item]) => {
    if (!isJsonObject(item)) return [];
    const listed = methods.flatMap((method) => {
      const operation = item[method];
      return isJsonObject(operation) ? [{ method, path, operation }] : [];
    });
    // Of some paths, little more is known than that they exist.
    return item['summary'] === undefined ? listed : [...listed, { method: '*', path, operation: item }];
  });
  return found.map((one, index) => ({ ...one, place: `operation-${index + 1}` }));
}

function tagOf({ tags }: JsonObject): string | undefined {
  return Array.isArray(tags) && typeof tags[0] === 'string' ? tags[0] : undefined;
}

/** The heading of a tag: its description, if that is as short as one. */
function headingsOf({ tags }: ApiDocument): (tag: string) => string {
  const known = new Map(tags.map(({ name, description }) => [name, description]));
  return (tag) => {
    const described = known.get(tag);
    return typeof described === 'string' && described.length <= 60 ? described : tag;
  };
}

/** What a reference names in the components of a document. */
function resolve({ components }: ApiDocument, reference: string): JsonObject | undefined {
  const [root, place, kind = '', name = ''] = reference.split('/');
  if (root !== '#' || place !== 'components') return undefined;
  const group = Object.hasOwn(components, kind) ? components[kind] : undefined;
  const found = isJsonObject(group) && Object.hasOwn(group, name) ? group[name] : undefined;
  return isJsonObject(found) ? found : undefined;
}
