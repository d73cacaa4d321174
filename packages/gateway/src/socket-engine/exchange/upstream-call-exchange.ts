import { type ResponseHead, requestHead } from '@flotilla/http1';
import type { TimeoutPhase } from '../../attempt/outcome.ts';
import type { CallResult, UpstreamCall } from '../../engine/engine.ts';
import { isBound } from '../../headers/bound-login.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { RequestFacts } from '../sides/incoming-request.ts';
import type { AttemptFailure } from '../sides/response-sink.ts';
import { PatientWait } from '../time/patient-wait.ts';
import { Deadline, type TimerWheel } from '../time/timer-wheel.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import { AttemptLoop, type AttemptOwner } from './attempt-loop.ts';
import type { EngineParts } from './engine-parts.ts';

const noOffer: readonly string[] = [];

/** A call that the gateway makes itself: one small request, its answer gathered, over the same connections as all others. */
export class UpstreamCallExchange implements AttemptOwner {
  readonly request: RequestFacts;
  readonly answerStarted = false;
  readonly replayable = true;
  readonly maxAttempts: number;
  readonly #parts: EngineParts;
  readonly #wheel: TimerWheel;
  readonly #call: UpstreamCall;
  readonly #settle: (result: CallResult) => void;
  readonly #attempts: AttemptLoop;
  readonly #deadline: Deadline;
  readonly #wait = new PatientWait();
  readonly #onAbort = (): void => this.#cancel();
  #phase: TimeoutPhase = 'connect';
  #head: ResponseHead | undefined;
  #body: Buffer[] = [];
  #bodyBytes = 0;
  #done = false;

  constructor(parts: EngineParts, wheel: TimerWheel, call: UpstreamCall, settle: (result: CallResult) => void) {
    this.#parts = parts;
    this.#wheel = wheel;
    this.#call = call;
    this.#settle = settle;
    this.maxAttempts = call.maxAttempts;
    this.request = {
      method: call.method,
      offered: noOffer,
      head: call.onBehalfOf,
      bringsLogin: bringsLogin(call.headers),
      own: undefined,
    };
    this.#deadline = new Deadline(() => this.#onDeadline());
    this.#attempts = new AttemptLoop(parts, call.pool, this);
  }

  start(): void {
    const { signal } = this.#call;
    if (signal.aborted) return this.#finish({ kind: 'failed', outcome: { kind: 'cancelled' } });
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#attempts.start();
  }

  onAttempt(_upstream: Upstream): void {
    this.#head = undefined;
    this.#body = [];
    this.#bodyBytes = 0;
    this.#await('connect', this.#call.timeouts.connectMs);
  }

  onConnection(connection: UpstreamConnection): void {
    const { method, target, headers, body } = this.#call;
    const fields: string[] = hasHost(headers) ? [...headers] : ['Host', connection.upstream.authority, ...headers];
    if (body !== undefined) fields.push('Content-Length', String(body.length));
    connection.out.cork();
    connection.out.text(requestHead(method, target, fields));
    if (body !== undefined && body.length > 0) connection.out.bytes(body);
    connection.out.uncork();
    connection.out.end();
    this.#await('first-byte', this.#call.timeouts.firstByteMs, this.#call.pool.silenceMs);
  }

  onInterim(): void {
    // Nobody here waits for one.
  }

  onHead(head: ResponseHead): void {
    this.#head = head;
  }

  onBody(chunk: Buffer, start: number, end: number): boolean {
    this.#bodyBytes += end - start;
    if (this.#bodyBytes > this.#call.maxBodyBytes) {
      this.#attempts.fail({ kind: 'invalid', reason: 'body-too-large' });
    } else this.#body.push(Buffer.from(chunk.subarray(start, end)));
    return false;
  }

  onReadEnd(): void {
    if (this.#head !== undefined) this.#await('progress', this.#call.timeouts.progressMs);
  }

  onWritable(): void {
    // The request is small and written as a whole.
  }

  onEnd(_trailers: HeaderList): void {
    const head = this.#head;
    if (head === undefined) return;
    const body = this.#body.length === 1 && this.#body[0] !== undefined ? this.#body[0] : Buffer.concat(this.#body);
    this.#finish({ kind: 'response', status: head.status, headers: head.fields, body });
  }

  onSwitch(): void {
    // The parser refuses a 101 that was not asked for.
    this.#finish({ kind: 'failed', outcome: { kind: 'invalid', reason: 'unexpected-switch' } });
  }

  onFailure(failure: AttemptFailure | undefined): void {
    this.#finish({ kind: 'failed', outcome: failure });
  }

  #await(phase: TimeoutPhase, delayMs: number, silenceMs: number = Number.POSITIVE_INFINITY): void {
    const leftMs = this.#call.deadlineMs - this.#parts.clock.monotonicMs();
    this.#phase = leftMs < delayMs ? 'total' : phase;
    this.#wheel.set(this.#deadline, this.#wait.begin(Math.max(0, Math.min(leftMs, delayMs)), silenceMs));
  }

  #onDeadline(): void {
    if (!this.#wait.goesOn) return this.#attempts.fail({ kind: 'timeout', phase: this.#phase });
    this.#wheel.set(this.#deadline, this.#wait.next());
    this.#attempts.silent();
  }

  #cancel(): void {
    this.#attempts.cancel();
    this.#finish({ kind: 'failed', outcome: { kind: 'cancelled' } });
  }

  #finish(result: CallResult): void {
    if (this.#done) return;
    this.#done = true;
    this.#wheel.forget(this.#deadline);
    this.#call.signal.removeEventListener('abort', this.#onAbort);
    this.#settle(result);
  }
}

function bringsLogin(headers: HeaderList): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() === 'authorization' && isBound(headers[at + 1] ?? '')) return true;
  }
  return false;
}

function hasHost(headers: HeaderList): boolean {
  for (let at = 0; at < headers.length; at += 2) if (headers[at]?.toLowerCase() === 'host') return true;
  return false;
}
