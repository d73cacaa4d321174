import { type Agent, type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '@flotilla/contracts';
import { cancelled, type Outcome, type TimeoutPhase } from '../attempt/outcome.ts';
import type { RouteTimeouts } from '../config/timeouts.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { StallTimer } from './stall-timer.ts';

/** What goes along with the request's head. */
export type AttemptBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Read from the client once the connection to the upstream is there, not before: until then it can be replayed. */
  | { readonly kind: 'stream'; readonly source: Readable; readonly length: string | undefined };

export interface AttemptInput {
  readonly upstream: Upstream;
  readonly agent: Agent;
  readonly method: string;
  readonly target: string;
  /** With `Host`, without framing fields. */
  readonly fields: readonly string[];
  readonly body: AttemptBody;
  readonly timeouts: RouteTimeouts;
  readonly maxHeaderBytes: number;
  readonly clock: Clock;
}

export type AttemptFailure = Exclude<Outcome, { kind: 'response' }>;
export type AttemptHead =
  | { readonly kind: 'head'; readonly response: IncomingMessage }
  | { readonly kind: 'failed'; readonly outcome: AttemptFailure };

/**
 * One request to one upstream. `head` settles with the response's head or with how the attempt failed; after a head the
 * caller reads the body and hears of a failure within it through `onFailure`.
 */
export class Attempt {
  readonly head: Promise<AttemptHead>;
  /** Whether any of a streamed request body has been taken from the client. */
  bodyTaken = false;
  /** Called at most once, after `head`, when the response's body fails. */
  onFailure: ((outcome: AttemptFailure) => void) | undefined = undefined;
  readonly #input: AttemptInput;
  readonly #request: ClientRequest;
  readonly #stall: StallTimer;
  readonly #settle: (head: AttemptHead) => void;
  #phase: TimeoutPhase = 'connect';
  #responseStarted = false;
  #over = false;

  constructor(input: AttemptInput) {
    this.#input = input;
    const { promise, resolve } = Promise.withResolvers<AttemptHead>();
    this.head = promise;
    this.#settle = resolve;
    this.#stall = new StallTimer(input.clock, () => this.fail({ kind: 'timeout', phase: this.#phase }));
    this.#stall.start(input.timeouts.connectMs);
    this.#request = this.#start();
  }

  /** Something of the response's body has arrived, or the client has taken some of it. */
  progress(): void {
    this.#stall.touch();
  }

  /** The response is complete. */
  complete(): void {
    this.#over = true;
    this.#stall.stop();
  }

  /** Our side gives up. */
  cancel(): void {
    this.fail(cancelled);
  }

  /** Ends the attempt, unless it is over. */
  fail(outcome: AttemptFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#stall.stop();
    this.#request.destroy();
    if (this.#responseStarted) this.onFailure?.(outcome);
    else this.#settle({ kind: 'failed', outcome });
  }

  #start(): ClientRequest {
    const { upstream, agent, method, target, fields, body, timeouts } = this.#input;
    const request = startRequest({
      host: upstream.address,
      port: upstream.port,
      agent,
      method,
      path: target,
      headers: [...fields, ...framingFields(body)],
      maxHeaderSize: this.#input.maxHeaderBytes,
      setHost: false,
    });
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => this.#connected());
      else this.#connected();
    });
    request.on('finish', () => {
      if (this.#over || this.#responseStarted) return;
      this.#phase = 'first-byte';
      this.#stall.start(timeouts.firstByteMs);
    });
    request.on('response', (response) => {
      if (this.#over) return;
      this.#responseStarted = true;
      this.#phase = 'progress';
      this.#stall.start(timeouts.progressMs);
      response.on('error', (error) => this.#onError(error));
      response.on('close', () => {
        if (!response.complete) this.#onError(new Error('the connection closed within the response'));
      });
      this.#settle({ kind: 'head', response });
    });
    // Nobody asked for another protocol, so a 101 is a defect of the upstream.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      this.fail({ kind: 'invalid', reason: 'unsolicited 101' });
    });
    request.on('error', (error) => this.#onError(error));
    request.on('close', () => {
      if (!this.#responseStarted) this.#onError(new Error('the connection closed before the response'));
    });
    if (body.kind === 'none') request.end();
    else if (body.kind === 'bytes') request.end(body.bytes);
    else request.flushHeaders();
    return request;
  }

  #connected(): void {
    if (this.#over) return;
    this.#phase = 'progress';
    this.#stall.start(this.#input.timeouts.progressMs);
    const { body } = this.#input;
    if (body.kind !== 'stream') return;
    this.bodyTaken = true;
    body.source.on('data', () => this.#stall.touch());
    body.source.pipe(this.#request);
  }

  #onError(error: Error): void {
    if (this.#over) return;
    if (!this.#responseStarted && this.#phase === 'connect') {
      this.fail({ kind: 'refused', cause: error });
    } else if ('code' in error && String(error.code).startsWith('HPE_')) {
      this.fail({ kind: 'invalid', reason: `${String(error.code)}: ${error.message}` });
    } else {
      const reused = this.#request.reusedSocket;
      // Node does not say how much left; that a connection was there means that something may have.
      this.fail({ kind: 'reset', reused, responseStarted: this.#responseStarted, bytesSent: 1, cause: error });
    }
  }
}

function framingFields(body: AttemptBody): readonly string[] {
  if (body.kind === 'none') return [];
  if (body.kind === 'bytes') return ['Content-Length', String(body.bytes.length)];
  return body.length === undefined ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', body.length];
}
