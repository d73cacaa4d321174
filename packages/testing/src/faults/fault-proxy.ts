import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, systemClock } from '@flotilla/contracts/clock';
import { holdPort } from '../net/held-port.ts';
import { type FailedAnswer, type Fault, none, type RequestFault } from './fault.ts';
import { relay } from './relay.ts';

/** A request that reached a {@link FaultProxy}, and the fault it met. */
export interface PassedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly fault: RequestFault['kind'];
}

/** Chooses a fault for each request; undefined lets it pass. */
export type FaultOf = (request: Omit<PassedRequest, 'fault'>, index: number) => RequestFault | undefined;

/** A proxy in front of a service whose faults can be switched at any time. Dispose of it with `await using`. */
export interface FaultProxy extends AsyncDisposable {
  /** The URL to call instead of the service's, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** All requests so far, in order. Shows how often a caller tried. */
  readonly requests: readonly PassedRequest[];
  /** Whether a fault is active, or a function that may choose one. */
  readonly isFaulty: boolean;
  /** Activates a fault. Requests already on their way are not affected. */
  inject(fault: Fault | FaultOf): Promise<void>;
  /** Removes the fault. */
  heal(): Promise<void>;
}

/** How {@link withFaults} begins. */
export interface FaultOptions {
  /** The fault to begin with. Default: none. */
  readonly fault?: Fault | FaultOf;
  /** Measures delays. With a `FakeClock` they pass when the test says so. Default: the system's clock. */
  readonly clock?: Clock;
}

/**
 * Puts a proxy in front of a service that can make it slow, cut its answers or let it fail:
 *
 * ```ts
 * await using stock = await withFaults('http://127.0.0.1:8004');
 * await stock.inject(slow({ delayMs: 300 }));
 * await stock.inject((request, index) => (index < 2 ? failing(503) : undefined)); // the first two fail
 * await stock.heal();
 * ```
 *
 * If the service itself is not running, callers see their connections cut.
 */
export async function withFaults(url: string, options: FaultOptions = {}): Promise<FaultProxy> {
  const target = targetOf(url);
  const clock = options.clock ?? systemClock;
  const requests: PassedRequest[] = [];
  let current: RequestFault | FaultOf = none;
  let isRefusing = false;
  const meet = (request: IncomingMessage): RequestFault => {
    const { method = '', url: path = '' } = request;
    const seen = { method, target: path };
    const fault = typeof current === 'function' ? chosenBy(current, seen, requests.length) : current;
    requests.push({ ...seen, fault: fault.kind });
    return fault;
  };
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) =>
    answer(request, response, { target, clock, fault: meet(request) }),
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    upgrade(request, socket, head, { target, clock, fault: meet(request) }),
  );
  const held = await holdPort(server);
  const disconnect = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const inject = async (fault: Fault | FaultOf): Promise<void> => {
    if (typeof fault !== 'function' && fault.kind === 'refused') {
      isRefusing = true;
      held.leave();
      // Callers with an open connection would not notice.
      return disconnect();
    }
    current = fault;
    await held.comeBack();
    isRefusing = false;
  };
  if (options.fault !== undefined) await inject(options.fault);
  return {
    url: `http://127.0.0.1:${held.port}`,
    port: held.port,
    requests,
    get isFaulty() {
      return isRefusing || typeof current === 'function' || current.kind !== 'none';
    },
    inject,
    heal: () => inject(none),
    async [Symbol.asyncDispose]() {
      held.leave();
      disconnect();
    },
  };
}

/** What the test's function chooses. If it throws, the caller is told: without an answer, it would wait, and the test with it. */
function chosenBy(choose: FaultOf, request: Omit<PassedRequest, 'fault'>, index: number): RequestFault {
  try {
    // JavaScript, or a cast, can return any fault.
    const fault = (choose(request, index) ?? none) as Fault;
    if (fault.kind !== 'refused') return fault;
    throw new TypeError("a function cannot choose failing('refused'), only cut('request')");
  } catch (error) {
    return { kind: 'status', answer: { status: 500, body: `withFaults cannot choose a fault: ${String(error)}` } };
  }
}

interface Meeting {
  readonly target: URL;
  readonly clock: Clock;
  readonly fault: RequestFault;
}

function answer(request: IncomingMessage, response: ServerResponse, { target, clock, fault }: Meeting): void {
  switch (fault.kind) {
    case 'status':
      // Read the body, so that the connection can be used for the next request.
      request.resume();
      return sendFailure(response, fault.answer);
    case 'hanging':
      request.resume();
      return;
    case 'cut':
      if (fault.at === 'request') return void response.destroy();
      return relay(request, response, { target, clock, fault });
    case 'none':
    case 'slow':
      return relay(request, response, { target, clock, fault });
    default:
      fault satisfies never;
  }
}

function sendFailure(response: ServerResponse, { status, headers = {}, body }: FailedAnswer): void {
  const problem = { type: 'about:blank', title: 'Injected by a test', status };
  const isText = typeof body === 'string';
  const text = isText ? body : JSON.stringify(body ?? problem);
  const type = isText
    ? 'text/plain; charset=utf-8'
    : body === undefined
      ? 'application/problem+json'
      : 'application/json';
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, hasBody ? { 'content-type': type, ...headers } : headers);
  response.end(hasBody ? text : undefined);
}

/** After an upgrade bytes pass unchanged. Only the upgrade itself can meet a fault, and none makes it slow. */
function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, { target, fault }: Meeting): void {
  if (fault.kind === 'hanging') return;
  if (fault.kind === 'status' || fault.kind === 'cut') return void socket.destroy();
  const onward = connect(Number(target.port || 80), target.hostname);
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
  onward.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  onward.write(head);
  onward.pipe(socket).pipe(onward);
  onward.on('error', () => socket.destroy());
  onward.on('close', () => socket.destroy());
  socket.on('error', () => onward.destroy());
  socket.on('close', () => onward.destroy());
}

function targetOf(url: string): URL {
  const target = URL.parse(url);
  if (target?.protocol !== 'http:')
    throw new TypeError(`Cannot put faults in front of "${url}": use a URL such as http://127.0.0.1:8004`);
  return target;
}
