import { Agent, request as httpRequest } from 'node:http';
import fc from 'fast-check';

/** A request that nobody sensible would send, or almost a sensible one. */
export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly contentType: string | undefined;
  readonly body: Buffer | undefined;
}

/** What a service offers, for {@link hostileRequests} to abuse. */
export interface HostileTargets {
  /** Paths it serves, with `:id` where an id stands. */
  readonly paths: readonly string[];
  /** Names of its query parameters. */
  readonly parameters: readonly string[];
  /** Names of the fields of its bodies, each with good values. */
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
}

/** Writes come more often: most of what can go wrong is in bodies. */
const methods = ['GET', 'GET', 'HEAD', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'OPTIONS'];
const mediaTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=latin1',
  'text/plain',
  'application/xml',
  '',
  ';',
  'multipart/form-data',
];
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '1',
    '2',
    '99',
    '-1',
    '+1',
    '01',
    '1.5',
    '1e3',
    'NaN',
    '9007199254740992',
    '__proto__',
    'constructor',
    '%00',
    "' OR 1=1 --",
    '\ud800',
    '\u0000',
  ),
  fc.nat().map(String),
);
const odd = fc.oneof(
  texts,
  fc.constantFrom(null, true, -0, 1e308, 1e-7, 2 ** 53, -1, 0.001, [], {}, [[]], 'x'.repeat(5_000)),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Requests aimed at `targets`: every part is sometimes right, sometimes a little wrong, sometimes nonsense. */
export function hostileRequests(targets: HostileTargets): fc.Arbitrary<HostileRequest> {
  return fc.record({
    method: fc.constantFrom(...methods),
    target: fc.tuple(pathOf(targets), queryOf(targets)).map((parts) => parts.join('')),
    contentType: fc.oneof(
      { weight: 4, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom(...mediaTypes, undefined) },
    ),
    body: bodyOf(targets),
  });
}

function pathOf({ paths }: HostileTargets): fc.Arbitrary<string> {
  const segment = fc.oneof(texts.map(encode), fc.constantFrom('%ff', '%', '%2e%2e', 'x'.repeat(300)));
  return fc.tuple(fc.constantFrom(...paths, '/', '/nowhere'), segment).map(([path, id]) => path.replace(':id', id));
}

function queryOf({ parameters }: HostileTargets): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...parameters) },
    { weight: 1, arbitrary: texts.map(encode) },
  );
  const value = fc.oneof(
    { weight: 6, arbitrary: texts.map(encode) },
    { weight: 1, arbitrary: fc.constantFrom('%ff', '%', '%c0%80') },
  );
  const pairs = fc.array(
    fc.tuple(name, value).map((pair) => pair.join('=')),
    { maxLength: 3 },
  );
  return pairs.map((list) => (list.length === 0 ? '' : `?${list.join('&')}`));
}

function bodyOf({ fields }: HostileTargets): fc.Arbitrary<Buffer | undefined> {
  const nearlyRight = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, good]) => [
        name,
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: odd }),
      ]),
    ),
    { requiredKeys: [] },
  );
  const right = fc.record(
    Object.fromEntries(Object.entries(fields).map(([name, good]) => [name, fc.constantFrom(...good)])),
  );
  const withUnknown = fc
    .tuple(nearlyRight, fc.dictionary(texts, odd, { maxKeys: 2 }))
    .map(([a, b]) => ({ ...a, ...b }));
  const json = fc.oneof(right, nearlyRight, withUnknown, odd).map((value) => Buffer.from(JSON.stringify(value) ?? ''));
  return fc.oneof(
    { weight: 6, arbitrary: json },
    { weight: 1, arbitrary: json.map((bytes) => bytes.subarray(0, -1)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Percent-encodes most of what needs it; half surrogates, which have no UTF-8, are left out. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** An answer, read whole. */
export interface HostileAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Sends requests byte for byte as given, over connections that are kept. */
export interface HostileSender {
  send(request: HostileRequest): Promise<HostileAnswer>;
  close(): void;
}

/** Creates a sender of requests to `url`; each carries `extraHeaders` too. */
export function hostileSender(url: string, extraHeaders: Readonly<Record<string, string>>): HostileSender {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const { hostname, port } = new URL(url);
  return {
    close: () => agent.destroy(),
    send: ({ method, target, contentType, body }) =>
      new Promise((resolve, reject) => {
        const headers = {
          ...extraHeaders,
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
          ...(body === undefined ? {} : { 'content-length': body.length }),
        };
        const request = httpRequest({ agent, hostname, port, method, path: target, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode ?? 0,
              contentType: response.headers['content-type'] ?? '',
              body: text,
            });
          });
        });
        request.on('error', reject);
        request.end(body);
      }),
  };
}
