import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arbitraryOf, type Making } from './arbitrary-of-schema.ts';
import { assertValidDocument } from './assert-valid-document.ts';
import { DescribedApi, type DescribedOperation, type DescribedParameter } from './described-api.ts';

/** A request by the parts that a document describes. */
interface PlannedRequest {
  readonly operation: DescribedOperation;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What a service knows that a document cannot know. */
export interface DescribedService {
  /** Ids that exist: for parameters that are ids, and for fields with these names. */
  readonly ids: Readonly<Record<string, readonly number[]>>;
  /** Whether a text is one that the descriptions mean, where they say in words what no pattern can. Default: any is. */
  readonly isMeant?: (text: string) => boolean;
  /** Default 25 requests of each sort for each operation. */
  readonly runs?: number;
}

/**
 * Fails unless the service at `url` is what its `/openapi.json` says: random requests that the document allows are not
 * refused as invalid, random ones that it forbids are, and it describes every answer.
 */
export async function assertAsDescribed(
  url: string,
  { ids, isMeant = () => true, runs = 25 }: DescribedService,
): Promise<void> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as object;
  await assertValidDocument(document);
  const api = new DescribedApi(document);
  const making: Making = { resolve: (reference) => api.resolve(reference), isMeant };
  const send = async (request: PlannedRequest): Promise<{ status: number; text: string }> => {
    const response = await fetch(url + targetOf(request), {
      method: request.operation.method,
      headers: request.body === undefined ? {} : { 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const seen = { status: response.status, headers: response.headers, text: await response.text() };
    api.assertDescribed(request.operation, seen);
    return seen;
  };
  // Those that remove come last, so that there is something to find and change.
  const operations = api.operations.toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
  for (const operation of operations) {
    let succeeded = false;
    const allowed = fc.asyncProperty(requestOf(operation, making, ids), async (request) => {
      const { status, text } = await send(request);
      assert.ok(status !== 400 && status < 500, `allowed, but refused: ${shown(request)}: ${text}`);
      succeeded ||= status < 300;
    });
    await fc.assert(allowed, { numRuns: runs });
    // Otherwise little was tested.
    assert.ok(succeeded, `${operation.method} ${operation.path} was never answered with success`);
    const forbidden = requestOf(operation, making, ids).chain((request) => broken(request, api));
    const refused = fc.asyncProperty(forbidden, async (request) => {
      if (request === undefined) return;
      const { status, text } = await send(request);
      assert.equal(status, 400, `forbidden, but answered: ${shown(request)}: ${text}`);
    });
    await fc.assert(refused, { numRuns: runs });
  }
}

function requestOf(
  operation: DescribedOperation,
  making: Making,
  ids: DescribedService['ids'],
): fc.Arbitrary<PlannedRequest> {
  const described = operation.parameters.filter(isOfTarget);
  const parts = described.map(({ name, schema }) => {
    const known = ids[name] === undefined ? [] : [fc.constantFrom(...ids[name])];
    return [name, fc.oneof(...known, ...known, arbitraryOf(schema, making))] as const;
  });
  const requiredKeys = described.filter(({ required }) => required).map(({ name }) => name);
  const parameters = fc
    .record(Object.fromEntries(parts), { requiredKeys, noNullPrototype: true })
    // A cursor is from an answer, as its description says.
    .map(({ cursor: _cursor, ...rest }) => rest);
  const body = operation.body === undefined ? fc.constant(undefined) : arbitraryOf(operation.body, making);
  return fc.record({ operation: fc.constant(operation), parameters, body: body.map((value) => withIds(value, ids)) });
}

/** Half of all bodies name records that exist, so that more than 404 is answered. */
function withIds(body: unknown, ids: DescribedService['ids']): unknown {
  if (typeof body !== 'object' || body === null || JSON.stringify(body).length % 2 === 0) return body;
  const known = Object.keys(body).flatMap((name) => (ids[name] === undefined ? [] : [[name, ids[name][0]] as const]));
  return { ...body, ...Object.fromEntries(known) };
}

function isOfTarget({ in: place }: DescribedParameter): boolean {
  return place === 'path' || place === 'query';
}

/** The request with one mistake that the document forbids; undefined if the change was none. */
function broken(request: PlannedRequest, api: DescribedApi): fc.Arbitrary<PlannedRequest | undefined> {
  const { operation, parameters, body } = request;
  const spoilt = operation.parameters.filter(isOfTarget).filter(({ schema }) => schema.type === 'integer');
  const texts = fc.constantFrom('0', '-1', '01', '1.5', 'x', ' 1', '9007199254740993', '1e1', '１', 'null');
  const byParameter = spoilt.map(({ name }) =>
    texts.map((text) => ({ ...request, parameters: { ...parameters, [name]: text } })),
  );
  const unknown = fc.constant({ ...request, parameters: { ...parameters, unknown: 'x' } });
  if (typeof body !== 'object' || body === null) return fc.oneof(unknown, ...byParameter);
  const name = fc.constantFrom(...Object.keys(body), 'unknown');
  const other = fc.record({
    name,
    value: fc.oneof(fc.jsonValue(), fc.constantFrom('', ' ', -1, 0, 1e300, '1.234', 'a@b', null, 'a\nb')),
  });
  const byBody = other.map(({ name: field, value }) => {
    const changed = { ...body, [field]: value };
    // What the document allows all the same is no mistake.
    return api.allows(operation.body ?? {}, changed) ? undefined : { ...request, body: changed };
  });
  const less = fc.constantFrom(...Object.keys(body)).map((field) => {
    const changed = Object.fromEntries(Object.entries(body).filter(([key]) => key !== field));
    return api.allows(operation.body ?? {}, changed) ? undefined : { ...request, body: changed };
  });
  return fc.oneof(
    unknown,
    byBody,
    byBody,
    less,
    fc.jsonValue().map((value) => (api.allows(operation.body ?? {}, value) ? undefined : { ...request, body: value })),
    ...byParameter,
  );
}

function shown(request: PlannedRequest): string {
  return `${request.operation.method} ${targetOf(request)} ${JSON.stringify(request.body)}`;
}

function targetOf({ operation, parameters }: PlannedRequest): string {
  const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(parameters[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (!operation.path.includes(`{${name}}`)) query.append(name, String(value));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
