import { type JsonObject, listOf, objectOf, resolved, textOf } from './json.ts';

/** An OpenAPI document as the page shows it. */
export interface ApiDocument {
  readonly title: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly groups: readonly OperationGroup[];
}

/** Operations that belong together, by the first of their tags. */
export interface OperationGroup {
  readonly name: string;
  readonly operations: readonly Operation[];
}

/** What can be asked of a service. */
export interface Operation {
  /** Unique: `GET /users/{id}`. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly isDeprecated: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | undefined;
  readonly answers: readonly AnswerDescription[];
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header';
  readonly isRequired: boolean;
  readonly description: string | undefined;
  readonly schema: JsonObject;
  readonly example: unknown;
}

/** What an operation takes as its body. */
export interface RequestBody {
  readonly isRequired: boolean;
  readonly mediaType: string;
  readonly schema: unknown;
  readonly example: unknown;
}

/** What an operation answers with a status. */
export interface AnswerDescription {
  /** `200`, `4XX`, `default`. */
  readonly status: string;
  readonly description: string | undefined;
  readonly mediaType: string | undefined;
  readonly schema: unknown;
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;

/** What a document says. Whatever is not as OpenAPI has it is left out, so that one mistake does not hide the rest. */
export function readDocument(value: unknown): ApiDocument {
  const document = objectOf(value);
  const info = objectOf(document['info']);
  const groups = new Map<string, Operation[]>();
  // The order of the tags is that in which their author wants them read.
  for (const tag of listOf(document['tags'])) {
    const name = textOf(objectOf(tag)['name']);
    if (name !== undefined) groups.set(name, []);
  }
  for (const [path, item] of Object.entries(objectOf(document['paths']))) {
    const onPath = resolved(document, item);
    for (const method of methods) {
      if (!(method in onPath)) continue;
      const raw = objectOf(onPath[method]);
      const name = textOf(listOf(raw['tags'])[0]) ?? '';
      const operation = readOperation(document, path, method, raw, listOf(onPath['parameters']));
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [operation]);
      else group.push(operation);
    }
  }
  return {
    title: textOf(info['title']) ?? '',
    version: textOf(info['version']),
    description: textOf(info['description']),
    groups: [...groups]
      .map(([name, operations]) => ({ name, operations }))
      .filter((group) => group.operations.length > 0),
  };
}

function readOperation(
  document: JsonObject,
  path: string,
  method: string,
  raw: JsonObject,
  shared: readonly unknown[],
): Operation {
  const parameters = new Map<string, Parameter>();
  // Those of the operation come later, and replace those that all operations of the path share.
  for (const each of [...shared, ...listOf(raw['parameters'])]) {
    const parameter = readParameter(document, each);
    if (parameter !== undefined) parameters.set(`${parameter.place} ${parameter.name}`, parameter);
  }
  return {
    id: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: textOf(raw['summary']),
    description: textOf(raw['description']),
    isDeprecated: raw['deprecated'] === true,
    parameters: [...parameters.values()].toSorted((a, b) => placeOf(a, path) - placeOf(b, path)),
    body: readBody(document, raw['requestBody']),
    answers: Object.entries(objectOf(raw['responses'])).map(([status, answer]) => readAnswer(document, status, answer)),
  };
}

/** Those of the path first, as they come in it; then those of the query, then headers. */
function placeOf(parameter: Parameter, path: string): number {
  switch (parameter.place) {
    case 'path':
      return path.indexOf(`{${parameter.name}}`);
    case 'query':
      return parameter.isRequired ? 100_000 : 100_001;
    case 'header':
      return parameter.isRequired ? 100_002 : 100_003;
    default:
      return parameter.place satisfies never;
  }
}

function readParameter(document: JsonObject, value: unknown): Parameter | undefined {
  const raw = resolved(document, value);
  const name = textOf(raw['name']);
  const place = raw['in'];
  // Browsers keep cookies to themselves.
  if (name === undefined || (place !== 'path' && place !== 'query' && place !== 'header')) return undefined;
  const schema = resolved(document, raw['schema']);
  return {
    name,
    place,
    isRequired: raw['required'] === true || place === 'path',
    description: textOf(raw['description']),
    schema,
    example: raw['example'] ?? firstExample(document, raw['examples']) ?? listOf(schema['examples'])[0],
  };
}

function readBody(document: JsonObject, value: unknown): RequestBody | undefined {
  const raw = resolved(document, value);
  const [mediaType, content] = preferredContent(raw['content']);
  if (mediaType === undefined) return undefined;
  return {
    isRequired: raw['required'] === true,
    mediaType,
    schema: content['schema'],
    example: content['example'] ?? firstExample(document, content['examples']),
  };
}

function readAnswer(document: JsonObject, status: string, value: unknown): AnswerDescription {
  const raw = resolved(document, value);
  const [mediaType, content] = preferredContent(raw['content']);
  return { status, description: textOf(raw['description']), mediaType, schema: content['schema'] };
}

/** JSON if there is JSON, else what comes first. */
function preferredContent(value: unknown): readonly [string | undefined, JsonObject] {
  const kinds = Object.entries(objectOf(value));
  const chosen = kinds.find(([type]) => type.toLowerCase().startsWith('application/json')) ?? kinds[0];
  return chosen === undefined ? [undefined, {}] : [chosen[0], objectOf(chosen[1])];
}

function firstExample(document: JsonObject, examples: unknown): unknown {
  const first = Object.values(objectOf(examples))[0];
  return first === undefined ? undefined : resolved(document, first)['value'];
}
