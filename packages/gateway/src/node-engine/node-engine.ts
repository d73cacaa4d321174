import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, isAppError } from '@flotilla/contracts';
import type { CallResult, CreateEngine, Decision, Engine, EngineOptions, UpstreamCall } from '../engine/engine.ts';
import { ExchangeRecord } from '../exchange/exchange-record.ts';
import { headerValue } from '../headers/header-list.ts';
import { identify } from '../headers/identify.ts';
import { answerBrokenMessage } from './broken-message.ts';
import { callUpstream } from './call-upstream.ts';
import { answerLocally, answerProblem, type Exchange } from './exchange.ts';
import { proxyExchange } from './proxy.ts';
import { readBody } from './read-body.ts';
import { readHead } from './read-head.ts';
import { UpstreamAgents } from './upstream-agent.ts';

/** An engine on `node:http`, both ways: plain and simple, the reference that faster engines are compared with. */
export const createNodeEngine: CreateEngine = (options) => new NodeEngine(options);

class NodeEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #agents: UpstreamAgents;
  readonly #server: Server;
  readonly #active = new Set<Exchange>();
  #draining = false;
  #onIdle: (() => void) | undefined;

  constructor(options: EngineOptions) {
    const { limits, timeouts } = options;
    this.#options = options;
    this.#agents = new UpstreamAgents(limits, timeouts);
    this.#server = createServer({
      maxHeaderSize: limits.headBytes,
      headersTimeout: timeouts.headMs,
      // Bodies are watched for progress instead; a large one may take long.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(1_000, timeouts.headMs),
      keepAliveTimeout: timeouts.keepAliveIdleMs,
      noDelay: true,
      // Node would answer a request without Host by itself, past log and metrics; readHead refuses it too.
      requireHostHeader: false,
    });
    // Node would leave the fields beyond it out without a word; one more lets them be counted.
    this.#server.maxHeadersCount = limits.headFields + 1;
    this.#server.maxConnections = limits.connections;
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#server.on('request', serve);
    this.#server.on('checkContinue', serve);
    this.#server.on('checkExpectation', serve);
    this.#server.on('connect', (_request, socket) => this.#refuse(socket, new AppError('NOT_IMPLEMENTED')));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => this.#onClientError(error, socket));
  }

  get activeRequests(): number {
    return this.#active.size;
  }

  listen(where: { readonly host?: string; readonly port: number }): Promise<{ address: string; port: number }> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...where }, () => {
        this.#server.off('error', reject);
        const bound = this.#server.address();
        if (bound === null || typeof bound === 'string') reject(new Error('The server has no address'));
        else resolve({ address: bound.address, port: bound.port });
      });
    });
  }

  drain(signal: AbortSignal): Promise<void> {
    this.#draining = true;
    for (const exchange of this.#active) exchange.closeAfter = true;
    if (this.#server.listening) this.#server.close();
    this.#server.closeIdleConnections();
    return new Promise((resolve) => {
      if (this.#active.size === 0 || signal.aborted) return resolve();
      this.#onIdle = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async close(): Promise<void> {
    const closed = this.#server.listening
      ? new Promise<void>((resolve) => void this.#server.close(() => resolve()))
      : Promise.resolve();
    this.#server.closeAllConnections();
    this.#agents.destroy();
    await closed;
  }

  call(call: UpstreamCall): Promise<CallResult> {
    return callUpstream(call, this.#agents, this.#options.limits, this.#options.clock);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, limits, handler } = this.#options;
    const { head, error } = readHead(request, limits);
    const identity = identify(head.headers);
    const record = new ExchangeRecord(head, identity, clock.monotonicMs());
    const gone = new AbortController();
    const exchange: Exchange = {
      head,
      identity,
      record,
      request,
      response,
      options: this.#options,
      agents: this.#agents,
      clientGone: gone.signal,
      closeAfter: this.#draining || error !== undefined,
    };
    this.#active.add(exchange);
    response.once('close', () => {
      if (!response.writableFinished && record.ending === 'complete') record.ending = 'client-gone';
      gone.abort();
      this.#finish(exchange);
    });
    const expectation = headerValue(head.headers, 'expect');
    if (error !== undefined) return answerProblem(exchange, error);
    if (expectation !== undefined && expectation.toLowerCase() !== '100-continue') {
      return answerProblem(exchange, new AppError('EXPECTATION_FAILED'));
    }
    const decision = handler.decide(head);
    record.template = decision.kind === 'proxy' ? decision.route.template : decision.template;
    try {
      if (decision.kind === 'proxy') await proxyExchange(exchange, decision);
      else if (decision.kind === 'reject') answerProblem(exchange, decision.error);
      else await this.#serveLocally(exchange, decision);
    } catch (cause) {
      answerProblem(exchange, isAppError(cause) ? cause : new AppError('INTERNAL', { cause }));
    }
  }

  async #serveLocally(exchange: Exchange, decision: Extract<Decision, { kind: 'local' }>): Promise<void> {
    const { head, identity, request, options, clientGone } = exchange;
    if (headerValue(head.headers, 'expect') !== undefined) exchange.response.writeContinue();
    const body = await readBody(request, decision.bodyLimitBytes, options.timeouts.bodyProgressMs, options.clock);
    exchange.record.requestBytes = body.length;
    answerLocally(exchange, await decision.respond({ head, identity, body, signal: clientGone }));
  }

  #finish(exchange: Exchange): void {
    this.#active.delete(exchange);
    exchange.record.endedAtMs = this.#options.clock.monotonicMs();
    this.#options.handler.finished(exchange.record);
    if (!this.#draining) return;
    // The connection may have become idle only now.
    setImmediate(() => this.#server.closeIdleConnections());
    if (this.#active.size === 0) this.#onIdle?.();
  }

  #onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    // An answer may be under way on this connection: then nothing can be put between its bytes.
    for (const exchange of this.#active) {
      if (exchange.request.socket === socket) return void socket.destroy();
    }
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    this.#refuse(socket, errorOf(error));
  }

  #refuse(socket: Duplex | Socket, error: AppError): void {
    const record = new ExchangeRecord(undefined, identify([]), this.#options.clock.monotonicMs());
    record.error = error;
    answerBrokenMessage(socket, this.#options.handler.problem(error, undefined, record.identity), record);
    record.endedAtMs = this.#options.clock.monotonicMs();
    this.#options.handler.finished(record);
  }
}

function errorOf(error: NodeJS.ErrnoException): AppError {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('REQUEST_TIMEOUT', { cause: error });
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('HEADERS_TOO_LARGE', { cause: error });
    default:
      return new AppError('BAD_MESSAGE', { cause: error });
  }
}
