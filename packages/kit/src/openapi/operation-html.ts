import { type Html, html, prose } from './html.ts';
import { isJsonObject, type JsonObject, textOf } from './json.ts';
import { requiredHtml, type SchemaShowing, schemaHtml } from './schema-html.ts';

/** One operation of a document, and where the page shows it. */
export interface ListedOperation {
  readonly place: string;
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
}

/** What is needed to show operations. */
export interface OperationShowing extends SchemaShowing {
  /** What references in the document lead to; undefined: nothing. */
  readonly resolve: (reference: string) => JsonObject | undefined;
}

/** Shows one operation. */
export function operationHtml({ place, method, path, operation }: ListedOperation, showing: OperationShowing): Html {
  const { summary, description, deprecated } = operation;
  const { texts } = showing;
  return html`<article id="${place}">
<h3>${methodHtml(method)}<span class="path">${path}</span>${deprecated === true ? html`<span class="soft">${texts.deprecated}</span>` : undefined}</h3>
${typeof summary === 'string' ? html`<p>${prose(summary)}</p>` : undefined}
${typeof description === 'string' ? html`<p class="soft">${prose(description)}</p>` : undefined}
${parametersHtml(operation, showing)}
${bodyHtml(operation, showing)}
${answersHtml(operation, showing)}
</article>`;
}

/** The method of an operation, in the colour of what it may do. */
export function methodHtml(method: string): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span>`;
}

function parametersHtml({ parameters }: JsonObject, showing: OperationShowing): Html | undefined {
  if (!Array.isArray(parameters) || parameters.length === 0) return undefined;
  const rows = parameters.map((given) => {
    const { name, in: where, required, description, schema } = follow(given, showing);
    const place = showing.texts.places[textOf(where)] ?? textOf(where);
    return html`<div><dt><code>${textOf(name)}</code> <span class="soft">${place}</span> ${required === true ? requiredHtml(showing) : undefined}</dt>
<dd>${schemaHtml(schema, showing)}${typeof description === 'string' ? html`<div class="soft">${prose(description)}</div>` : undefined}</dd></div>`;
  });
  return html`<h4>${showing.texts.parameters}</h4><dl>${rows}</dl>`;
}

function bodyHtml({ requestBody }: JsonObject, showing: OperationShowing): Html | undefined {
  if (requestBody === undefined) return undefined;
  return html`<h4>${showing.texts.body}</h4>${contentHtml(follow(requestBody, showing), showing)}`;
}

function answersHtml({ responses }: JsonObject, showing: OperationShowing): Html | undefined {
  if (!isJsonObject(responses)) return undefined;
  const rows = Object.entries(responses).map(([status, given]) => {
    const response = follow(given, showing);
    return html`<div><dt><code>${status}</code></dt><dd>${prose(textOf(response['description'] ?? ''))}${contentHtml(response, showing)}</dd></div>`;
  });
  return html`<h4>${showing.texts.answers}</h4><dl>${rows}</dl>`;
}

function contentHtml({ content }: JsonObject, showing: OperationShowing): Html | undefined {
  if (!isJsonObject(content)) return undefined;
  return html`${Object.entries(content).map(
    ([type, media]) =>
      html`<div><code class="soft">${type}</code> ${schemaHtml(isJsonObject(media) ? media['schema'] : undefined, showing)}</div>`,
  )}`;
}

/** What a reference leads to, one step: documents of ours need no more, and a circle would have no end. */
function follow(given: unknown, { resolve }: OperationShowing): JsonObject {
  if (!isJsonObject(given)) return {};
  return typeof given['$ref'] === 'string' ? (resolve(given['$ref']) ?? {}) : given;
}
