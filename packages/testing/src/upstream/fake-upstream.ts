import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, systemClock } from '@flotilla/contracts/clock';
import { holdPort } from '../net/held-port.ts';
import { type ReceivedRequest, receiveRequest } from './received-request.ts';

/** An answer of a {@link FakeUpstream}. */
export interface FakeAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. Default: no body. */
  readonly body?: unknown;
  /** How long the answer is held back, in milliseconds. Default 0. */
  readonly delayMs?: number;
}

/** Makes an answer. `times`: the number of such requests before this one. */
export type AnswerOf = (
  request: Omit<ReceivedRequest, 'wasExpected'>,
  times: number,
) => FakeAnswer | Promise<FakeAnswer>;

/** A service that the test plays. Dispose of it with `await using`. */
export interface FakeUpstream extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** All requests so far, in the order in which they were complete. */
  readonly requests: readonly ReceivedRequest[];
  /**
   * Sets the answer to requests such as `GET /stock/7`: always the same one, a list given in turn (the last one stays), or a
   * function. A path ending in `*` matches all paths that begin with it; the longest match wins.
   */
  on(request: string, answer: FakeAnswer | readonly FakeAnswer[] | AnswerOf): void;
  /** Clears `requests`; the answers stay. */
  forgetRequests(): void;
}

/** How {@link fakeUpstream} begins. */
export interface FakeUpstreamOptions {
  /** Measures `delayMs`. Default: the system's clock. */
  readonly clock?: Clock;
}

interface Script {
  readonly method: string;
  /** Without the `*`. */
  readonly path: string;
  readonly isPrefix: boolean;
  readonly answer: AnswerOf;
  times: number;
}

/**
 * Starts a service that gives the answers you set, and records its requests:
 *
 * ```ts
 * await using stock = await fakeUpstream();
 * stock.on('GET /stock/7', { body: { id: 7, left: 3 } });
 * stock.on('POST /stock/7/reservations', [{ status: 503 }, { status: 201 }]); // fails once
 * // … what is under test calls stock.url …
 * assert.equal(stock.requests[0]?.headers['x-request-id'], 'r-1');
 * ```
 *
 * A request without an answer gets 501 and a text that lists the answers there are.
 */
export async function fakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const clock = options.clock ?? systemClock;
  const scripts: Script[] = [];
  const requests: ReceivedRequest[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await receiveRequest(incoming);
    const script = find(scripts, request);
    requests.push({ ...request, wasExpected: script !== undefined });
    if (script === undefined) return send(response, unexpected(request, scripts));
    const answer = await script.answer(request, script.times++);
    if (answer.delayMs === undefined) return send(response, answer);
    const waited = Promise.withResolvers<void>();
    const timer = clock.after(answer.delayMs, () => waited.resolve());
    response.on('close', () => timer.cancel());
    await waited.promise;
    send(response, answer);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      // The caller went away in the middle of its request, the test's own function threw, or its answer cannot be sent.
      if (!response.writableEnded)
        send(response, { status: 500, body: `fakeUpstream cannot answer: ${String(error)}` });
    });
  });
  const { port } = await holdPort(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    on(request, answer) {
      const script = { ...readPattern(request), answer: answerOf(answer), times: 0 };
      const known = scripts.findIndex(
        ({ method, path, isPrefix }) =>
          method === script.method && path === script.path && isPrefix === script.isPrefix,
      );
      if (known >= 0) scripts.splice(known, 1);
      scripts.push(script);
    },
    forgetRequests: () => void requests.splice(0),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function readPattern(text: string): Pick<Script, 'method' | 'path' | 'isPrefix'> {
  const [, method, path] = /^([A-Z]+) (\/[^\s?#]*)$/.exec(text) ?? [];
  if (method === undefined || path === undefined)
    throw new TypeError(`"${text}" is not a request. Write a method and a path without query, such as "GET /stock/7".`);
  const isPrefix = path.endsWith('*');
  return { method, path: isPrefix ? path.slice(0, -1) : path, isPrefix };
}

function answerOf(answer: FakeAnswer | readonly FakeAnswer[] | AnswerOf): AnswerOf {
  if (typeof answer === 'function') return answer;
  const list = Array.isArray(answer) ? (answer as readonly FakeAnswer[]) : [answer as FakeAnswer]; // isArray does not know read-only ones
  if (list.length === 0) throw new TypeError('Give at least one answer');
  return (_request, times) => list[Math.min(times, list.length - 1)] ?? {};
}

function find(scripts: readonly Script[], { method, path }: Omit<ReceivedRequest, 'wasExpected'>): Script | undefined {
  const fitting = scripts.filter(
    (script) => script.method === method && (script.isPrefix ? path.startsWith(script.path) : path === script.path),
  );
  // A whole path before the beginning of one, a longer beginning before a shorter one.
  return fitting.sort((a, b) => Number(a.isPrefix) - Number(b.isPrefix) || b.path.length - a.path.length)[0];
}

function unexpected({ method, path }: Omit<ReceivedRequest, 'wasExpected'>, scripts: readonly Script[]): FakeAnswer {
  const known = scripts.map((script) => `${script.method} ${script.path}${script.isPrefix ? '*' : ''}`);
  const has = known.length === 0 ? 'It has no answers yet.' : `It has: ${known.join(', ')}`;
  return { status: 501, body: `fakeUpstream has no answer for ${method} ${path}. ${has}` };
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: FakeAnswer): void {
  if (body === undefined) return void response.writeHead(status, { 'content-length': 0, ...headers }).end();
  const isBytes = body instanceof Uint8Array;
  const bytes = isBytes ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const type = isBytes
    ? 'application/octet-stream'
    : typeof body === 'string'
      ? 'text/plain; charset=utf-8'
      : 'application/json';
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...headers }).end(bytes);
}
