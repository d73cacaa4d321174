import { type Agent, request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';

/** A request nobody should send. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** What came back. */
export interface OddAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Sends it as it is. Rejects when there is no answer. */
export function sendOdd(base: string, agent: Agent, odd: OddRequest): Promise<OddAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      base + odd.path,
      { method: odd.method, headers: odd.headers, agent, timeout: 15_000 },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, contentType: answer.headers['content-type'] ?? '', body }),
        );
        answer.on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 15 s')));
    sent.on('error', reject);
    sent.end(odd.body);
  });
}

/** Sends bytes and gives back all that comes until the other side closes; after 3 s of silence we do. */
export function sendBytes(base: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    // The other side may well reset the connection: what it said before counts.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** A route of a program, and what a good body for it looks like. */
export interface Target {
  readonly method: string;
  readonly path: string;
  /** Names of its query parameters. */
  readonly query?: readonly string[];
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Values that programs have stumbled over. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, [], {}, '', ' ', '0', '\0', '\u202e', '💥'.repeat(2_000), 'a'.repeat(100_000)),
  fc.constantFrom<unknown>(0, -1, 1.5, 1e308, -1e308, 2 ** 53, 2 ** 63, 70_000, 1e-7),
  fc.constantFrom<unknown>('__proto__', "' OR 1=1 --", '../../etc/passwd', '${jndi:x}', '<script>'),
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
);

/** A good body with one or more things wrong with it. */
function oddObject(good: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const names = Object.keys(good);
  const change = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), name: fc.constantFrom(...names), value: oddValue }),
    fc.record({ kind: fc.constant('drop' as const), name: fc.constantFrom(...names), value: fc.constant(undefined) }),
    fc.record({ kind: fc.constant('set' as const), name: fc.string(), value: oddValue }),
  );
  const changed = fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const body = new Map(Object.entries(good));
    for (const { kind, name, value } of changes) {
      if (kind === 'drop') body.delete(name);
      else body.set(name, value);
    }
    return Object.fromEntries(body);
  });
  return fc.oneof({ weight: 4, arbitrary: changed }, oddValue);
}

function oddBody(good: Readonly<Record<string, unknown>>): fc.Arbitrary<Buffer> {
  const json = oddObject(good).map((value) => Buffer.from(JSON.stringify(value) ?? ''));
  const cut = fc.tuple(json, fc.nat(200)).map(([bytes, length]) => bytes.subarray(0, length));
  const flipped = fc.tuple(json, fc.nat(), fc.nat(255)).map(([bytes, place, value]) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[place % copy.length] = value;
    return copy;
  });
  const anyBytes = fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes));
  const nested = fc.integer({ min: 100, max: 20_000 }).map((depth) => Buffer.from('['.repeat(depth)));
  return fc.oneof({ weight: 6, arbitrary: json }, cut, flipped, anyBytes, nested);
}

const contentType = fc.oneof(
  { weight: 5, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'text/plain',
    'application/xml',
    'application/json; charset=latin1',
    'nonsense',
    'multipart/form-data',
  ),
);

/** Something percent-encoded, well or badly. */
const oddText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(
    '',
    '%',
    '%FF',
    '%00',
    '%C0%AF',
    '+1',
    '01',
    '1e3',
    '0x1',
    '-1',
    '1.0',
    '9'.repeat(400),
    '%2e%2e',
    'NaN',
  ),
  fc.integer().map(String),
);

/** Odd requests around the routes of a program. */
export function oddRequest(targets: readonly Target[]): fc.Arbitrary<OddRequest> {
  return fc.constantFrom(...targets).chain((target) => {
    const names = [...(target.query ?? []), 'limit', 'cursor', 'surprise', '__proto__'];
    const query = fc
      .array(fc.tuple(fc.constantFrom(...names), oddText), { maxLength: 3 })
      .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`));
    const method = fc.oneof(
      { weight: 6, arbitrary: fc.constant(target.method) },
      fc.constantFrom('PUT', 'OPTIONS', 'BREW'),
    );
    const path = oddText.map((text) => target.path.replace('{}', text === '' ? '0' : text));
    const { body: good } = target;
    const body: fc.Arbitrary<Buffer | undefined> = good === undefined ? fc.constant(undefined) : oddBody(good);
    return fc.record({ method, path, query, type: contentType, body }).map((parts) => ({
      method: parts.method,
      path: parts.path + parts.query,
      // The length is said: Node's client leaves it out for methods that seldom have a body, which is no valid HTTP.
      headers: {
        'accept-language': 'zh-CN',
        ...(parts.body === undefined
          ? {}
          : { 'content-type': parts.type, 'content-length': String(parts.body.length) }),
      },
      body: parts.body,
    }));
  });
}
