import { requestHead } from '@flotilla/http1';
import type { UpstreamCall, UpstreamCallResult } from '../../engine/engine.ts';
import { type AttemptSpan, nameAttempt } from '../../exchange/attempt-span.ts';
import type { SpanParent } from '../../exchange/request-spans.ts';
import { isBound } from '../../headers/bound-login.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { AttemptFailure, ReceivedHead } from '../sides/response-sink.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import { Alarm, type TimerWheel } from '../time/timer-wheel.ts';
import { AttemptLoop, type AttemptOwner } from './attempt-loop.ts';
import type { EngineParts } from './engine-parts.ts';
import { ExchangeDeadline } from './exchange-deadline.ts';

const noOffer: readonly string[] = [];

/** A call that the gateway makes itself: one small request, its answer gathered, over the same connections as all others. */
export class UpstreamCallExchange implements AttemptOwner {
  readonly request: OutgoingRequest;
  readonly answerStarted = false;
  readonly replayable = true;
  readonly hasKey = false;
  readonly spans: SpanParent | undefined;
  readonly maxAttempts: number;
  readonly #wheel: TimerWheel;
  readonly #call: UpstreamCall;
  readonly #settle: (result: UpstreamCallResult) => void;
  readonly #attempts: AttemptLoop;
  readonly #alarm: Alarm;
  readonly #deadline: ExchangeDeadline;
  readonly #onAbort = (): void => this.#cancel();
  #head: ReceivedHead | undefined;
  #body: Buffer[] = [];
  #bodyBytes = 0;
  #done = false;

  constructor(
    parts: Pick<EngineParts, 'clock' | 'streams' | 'writeProgressMs'>,
    wheel: TimerWheel,
    call: UpstreamCall,
    settle: (result: UpstreamCallResult) => void,
  ) {
    this.#wheel = wheel;
    this.#call = call;
    this.#settle = settle;
    this.maxAttempts = call.maxAttempts;
    this.spans = call.span;
    const { body, headers: fields, method, target } = call;
    // What follows trusts its parts.
    requestHead(method, target, fields);
    const hasBody = body !== undefined;
    this.request = {
      ...{ method, target, fields, hasBody, contentLength: hasBody ? body.length : -1, expectContinue: false },
      ...{ offered: noOffer, bringsLogin: bringsLogin(fields), onBehalfOf: call.onBehalfOf },
      ...{ own: undefined, ownHolder: undefined },
    };
    this.#alarm = new Alarm(() => this.#onDeadline());
    this.#deadline = new ExchangeDeadline(parts, this, call.timeouts, call.pool.silenceMs, call.dueMs);
    this.#attempts = new AttemptLoop(parts, call, this);
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
    this.#deadline.arm('connect', this.#call.timeouts.connectMs);
  }

  onStream(stream: UpstreamSide, span: AttemptSpan | undefined): void {
    const { request } = this;
    const { body } = this.#call;
    const fields = hasHost(request.fields)
      ? [...request.fields]
      : ['Host', stream.upstream.authority, ...request.fields];
    if (span !== undefined) nameAttempt(fields, span);
    stream.sendHead({ ...request, fields });
    if (body !== undefined) {
      if (body.length > 0) stream.sendBody(body);
      stream.sendEnd([]);
      stream.flush();
    }
    this.#deadline.arm('first-byte', this.#call.timeouts.firstByteMs);
  }

  onInterim(): void {
    // Nobody here waits for one.
  }

  onHead(head: ReceivedHead): void {
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
    if (this.#head !== undefined) this.#deadline.arm('progress', this.#call.timeouts.progressMs);
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

  setDeadline(delayMs: number): void {
    this.#wheel.set(this.#alarm, delayMs);
  }

  #onDeadline(): void {
    if (this.#deadline.goesOn(this.#attempts)) return;
    this.#attempts.fail({ kind: 'timeout', phase: this.#deadline.timeoutPhase });
  }

  #cancel(): void {
    this.#attempts.cancel();
    this.#finish({ kind: 'failed', outcome: { kind: 'cancelled' } });
  }

  #finish(result: UpstreamCallResult): void {
    if (this.#done) return;
    this.#done = true;
    this.#wheel.forget(this.#alarm);
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
