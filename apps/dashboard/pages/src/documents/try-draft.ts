import type { TryRequest } from '@flotilla/dashboard/wire';
import { exampleValue } from './example-value.ts';
import type { JsonObject } from './json.ts';
import type { Operation, Parameter } from './read-document.ts';

/** What a person has filled in to try an operation. */
export interface TryDraft {
  /** By `place name`: `query limit`. Empty: not sent. */
  readonly values: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The name of a parameter's value in a draft. */
export function draftName(parameter: Pick<Parameter, 'place' | 'name'>): string {
  return `${parameter.place} ${parameter.name}`;
}

/** A draft to begin with: required parameters and the body have examples, everything else is left to the service. */
export function firstDraft(document: JsonObject, operation: Operation): TryDraft {
  const values: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    if (!parameter.isRequired) continue;
    const example = parameter.example ?? exampleValue(document, parameter.schema);
    values[draftName(parameter)] = typeof example === 'string' ? example : JSON.stringify(example);
  }
  const { body } = operation;
  if (body === undefined) return { values, body: '' };
  const example = body.example ?? exampleValue(document, body.schema);
  return { values, body: typeof example === 'string' ? example : JSON.stringify(example, undefined, 2) };
}

/** The required parameters that a draft lacks. */
export function missingParameters(operation: Operation, draft: TryDraft): readonly Parameter[] {
  return operation.parameters.filter(
    (parameter) => parameter.isRequired && (draft.values[draftName(parameter)] ?? '') === '',
  );
}

/** The request that a draft stands for. */
export function draftedRequest(to: string, operation: Operation, draft: TryDraft): TryRequest {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    const value = draft.values[draftName(parameter)] ?? '';
    switch (parameter.place) {
      case 'path':
        path = path.replaceAll(`{${parameter.name}}`, () => encodeURIComponent(value));
        break;
      case 'query':
        if (value !== '') query.append(parameter.name, value);
        break;
      case 'header':
        if (value !== '') headers[parameter.name] = value;
        break;
      default:
        parameter.place satisfies never;
    }
  }
  const hasBody = operation.body !== undefined && draft.body !== '';
  if (hasBody && operation.body !== undefined) headers['Content-Type'] ??= operation.body.mediaType;
  const search = query.toString();
  return {
    to,
    method: operation.method,
    target: search === '' ? path : `${path}?${search}`,
    headers,
    ...(hasBody ? { body: draft.body } : {}),
  };
}
