import { AppError } from '@flotilla/contracts';
import { failureOf } from '../../attempt/failure.ts';
import type { Decision } from '../../engine/engine.ts';
import type { ClientLoss, CutEnding, ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { relocateFields } from '../../headers/location-fields.ts';
import { clientResponseFields, isEventStream } from '../../headers/response-fields.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { maxJoinedBytes } from '../memory/back-pressure.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import { type IncomingRequest, outgoingRequest } from '../sides/incoming-request.ts';
import type { AttemptFailure, ReceivedHead } from '../sides/response-sink.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import { acceptsWebSocket } from '../sides/websocket-handshake.ts';
import { AttemptLoop, type AttemptOwner } from './attempt-loop.ts';
import type { EngineParts } from './engine-parts.ts';
import { type AnswerProgress, cutEnding, ExchangeDeadline } from './exchange-deadline.ts';
import { answerWithError } from './local-answer.ts';
import { LongLivedHold } from './long-lived-hold.ts';
import { bodyError } from './rejection-error.ts';
import { RequestRelay } from './request-relay.ts';
import { Tunnel } from './tunnel.ts';

type ProxyDecision = Extract<Decision, { kind: 'proxy' }>;

/** A short answer that takes longer than this to arrive flows from then on, as it comes. */
const longestHeldMs = 1_000;

/** One request that is passed on: the request's body upwards, the answer downwards, each at the pace of its receiver. */
export class ProxyExchange implements RequestSink, AttemptOwner {
  readonly request: OutgoingRequest;
  readonly maxAttempts: number;
  readonly #parts: EngineParts;
  readonly #client: ClientSide;
  readonly #incoming: IncomingRequest;
  readonly #decision: ProxyDecision;
  readonly #record: ExchangeRecord;
  readonly #attempts: AttemptLoop;
  readonly #deadline: ExchangeDeadline;
  readonly #relay: RequestRelay;
  #answer: AnswerProgress = 'none';
  #short = false;
  #done = false;
  #tunnel: Tunnel | undefined;
  #longLived: LongLivedHold | undefined;
  #readsFirst = false;

  constructor(
    parts: EngineParts,
    client: ClientSide,
    incoming: IncomingRequest,
    decision: ProxyDecision,
    record: ExchangeRecord,
  ) {
    this.#parts = parts;
    this.#client = client;
    this.#incoming = incoming;
    this.#decision = decision;
    this.#record = record;
    this.maxAttempts = decision.route.maxAttempts;
    this.request = outgoingRequest(incoming, decision.target, record.identity, parts.forwarding, client.own);
    this.#relay = new RequestRelay(this.request, incoming.edits, parts, decision.route.bodyBytesPerSecond);
    this.#attempts = new AttemptLoop(parts, decision, this);
    this.#deadline = new ExchangeDeadline(parts, client, decision.route.timeouts, decision.pool.silenceMs);
    record.service = decision.route.service;
  }

  get answerStarted(): boolean {
    return this.#answer === 'started';
  }

  get replayable(): boolean {
    return this.#relay.replayable;
  }

  start(): void {
    if (this.#done) return;
    const { bodyLimitBytes } = this.#decision.route;
    if (bodyLimitBytes > 0 && this.#incoming.contentLength > bodyLimitBytes) return this.#refuseTooLarge();
    if (this.#incoming.offered.length > 0 && !this.#holdLong(undefined)) return;
    this.#readsFirst = this.#decision.route.readBodyFirst && !this.#relay.fit;
    if (this.#readsFirst) this.#awaitNext();
    else this.#attempts.start();
  }

  onRequestBody(bytes: Buffer): void {
    if (this.#done) return;
    this.#record.requestBytes += bytes.length;
    const { bodyLimitBytes } = this.#decision.route;
    if (bodyLimitBytes > 0 && this.#record.requestBytes > bodyLimitBytes) return this.#refuseTooLarge();
    const { stream } = this.#attempts;
    this.#relay.add(bytes, stream);
    if (stream?.backedUp ?? this.#relay.full) this.#client.pauseBody();
    this.#readOn();
  }

  onRequestEnd(trailers: HeaderList): void {
    if (this.#done) return;
    this.#relay.end(trailers, this.#attempts.stream);
    this.#readOn();
  }

  onRequestInvalid(status: number, reason: string, detail: string): void {
    if (this.#done) return;
    this.#attempts.cancel();
    this.#answerError(bodyError(status, reason, detail));
  }

  onClientWritable(): void {
    if (this.#tunnel !== undefined) return this.#tunnel.onClientWritable();
    this.#attempts.stream?.resume();
    this.#awaitNext();
  }

  onClientGone(loss: ClientLoss): void {
    if (this.#done) return;
    if (this.#tunnel !== undefined) return this.#tunnel.onClientGone(loss);
    this.#record.ending = loss;
    this.#attempts.cancel();
    this.#finish();
  }

  onAttempt(upstream: Upstream): void {
    this.#discardHeld();
    this.#record.attempts += 1;
    this.#record.upstream = upstream;
    this.#record.upstreamStartedAtMs = this.#parts.clock.monotonicMs();
    this.#deadline.arm('connect', this.#decision.route.timeouts.connectMs);
  }

  onStream(stream: UpstreamSide): void {
    this.#relay.sendFromStart(stream);
    if (!stream.backedUp) this.#client.resumeBody();
    this.#awaitNext();
  }

  onInterim(head: ReceivedHead): void {
    this.#client.sendInterim(head.status, clientResponseFields(head, this.#record.identity));
    if (head.status !== 100 || !this.#relay.awaitsContinue) return;
    this.#relay.awaitsContinue = false;
    this.#awaitNext();
  }

  onHead(head: ReceivedHead): void {
    const { contentLength, hasBody, reasonPhrase, status } = head;
    if (hasBody && isEventStream(head.fields, contentLength) && !this.#holdLong(this.#attempts.stream)) return;
    this.#record.status = status;
    this.#record.upstreamFirstByteAtMs = this.#parts.clock.monotonicMs();
    this.#answer = 'held';
    this.#short = hasBody && contentLength >= 0 && contentLength <= maxJoinedBytes;
    const { pool, route } = this.#decision;
    const fields = clientResponseFields(head, this.#record.identity);
    relocateFields(fields, head.ids, route.relocation, this.#incoming.head.host, pool.set.all);
    if (this.#client.sendHead({ status, reasonPhrase, fields, contentLength, hasBody })) return;
    // The client has its answer: the rest of this one is nobody's.
    this.#attempts.cancel();
    this.#finish();
  }

  onBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    this.#record.responseBytes += end - start;
    // So much is not gathered: it leaves at once.
    if (end - start > maxJoinedBytes) this.#startAnswer();
    return this.#client.sendBody(chunk, start, end, lent);
  }

  onReadEnd(): void {
    if (this.#answer === 'none' && !this.#client.backedUp) return;
    const heldMs = this.#parts.clock.monotonicMs() - this.#record.upstreamFirstByteAtMs;
    if (!this.#short || heldMs >= longestHeldMs) this.#startAnswer();
    this.#awaitNext();
  }

  onWritable(): void {
    this.#client.resumeBody();
    this.#awaitNext();
  }

  onEnd(trailers: HeaderList): void {
    this.#client.sendEnd(trailers);
    this.#finish();
  }

  onSwitch(head: ReceivedHead, stream: UpstreamSide, rest: Buffer): void {
    if (!acceptsWebSocket(this.#incoming.head.headers, head.fields)) {
      return this.#attempts.fail({ kind: 'invalid', reason: 'bad-websocket-accept' });
    }
    this.#answer = 'started';
    this.#tunnel = new Tunnel(this.#record, stream, this.#parts.clock, () => {
      this.#attempts.switchedEnded();
      this.#finish();
    });
    this.#tunnel.open(this.#client, head, rest);
    this.#deadline.arm('tunnel', this.#parts.tunnelIdleMs);
  }

  onFailure(failure: AttemptFailure | undefined): void {
    this.#record.outcome = failure;
    if (this.#answer === 'started') return this.#breakOff(cutEnding(failure));
    this.#answerError(failureOf(failure, this.#decision.route.unavailable));
  }

  onDeadline(): void {
    if (this.#done || this.#deadline.goesOn(this.#attempts)) return;
    const unsentBytes = this.#attempts.stream?.unsentBytes ?? 0;
    const verdict = this.#deadline.judge(unsentBytes, this.#answer === 'started', this.#relay.ended);
    switch (verdict) {
      case 'wait-on':
        return this.#awaitNext();
      case 'tunnel-quiet': {
        const leftMs = this.#tunnel?.endIfQuiet(this.#parts.tunnelIdleMs) ?? 0;
        return leftMs > 0 ? this.#deadline.arm('tunnel', leftMs) : undefined;
      }
      case 'attempt-late':
        // No attempt has begun that could be late.
        if (this.#readsFirst) return this.#answerError(this.#relay.tooLong);
        return this.#attempts.fail({ kind: 'timeout', phase: this.#deadline.timeoutPhase });
      case 'request-late':
        this.#attempts.cancel();
        return this.#answerError(this.#relay.tooSlow);
      case 'client-stalled':
      case 'timed-out':
        this.#attempts.cancel();
        return this.#breakOff(verdict);
      default:
        verdict satisfies never;
    }
  }

  /** Sets the deadline that fits what the exchange waits for now. */
  #awaitNext(): void {
    if (this.#done || this.#tunnel !== undefined) return;
    const { stream } = this.#attempts;
    if (stream !== undefined || this.#readsFirst) this.#deadline.armNext(this.#answer, stream, this.#relay);
  }

  /** More of the request has come: asks an upstream once that is enough. */
  #readOn(): void {
    if (!this.#readsFirst || !this.#relay.fit) return this.#awaitNext();
    this.#readsFirst = false;
    this.#attempts.start();
  }

  /** Makes the exchange long-lived. False: a limit forbids it, and the client has been told. */
  #holdLong(stream: UpstreamSide | undefined): boolean {
    this.#longLived ??= new LongLivedHold(this.#parts, this.#incoming);
    const refused = this.#longLived.begin(stream);
    if (refused === undefined) return true;
    this.#attempts.cancel();
    this.onFailure(refused);
    return false;
  }

  /** From here on it leaves as it comes. */
  #startAnswer(): void {
    if (this.#answer !== 'held') return;
    this.#answer = 'started';
    this.#relay.answered();
  }

  #discardHeld(): void {
    if (this.#answer !== 'held') return;
    this.#answer = 'none';
    this.#record.responseBytes = 0;
    this.#client.discard();
  }

  #refuseTooLarge(): void {
    const limitBytes = this.#decision.route.bodyLimitBytes;
    this.#attempts.cancel();
    this.#answerError(new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes } }));
  }

  #answerError(error: AppError): void {
    if (this.#answer === 'started') {
      // Another answer would be read as part of the one that has begun.
      this.#record.error = error;
      return this.#breakOff('request-refused');
    }
    this.#discardHeld();
    answerWithError(this.#client, this.#record, this.#parts.handler, error);
    this.#finish();
  }

  /** The client has part of an answer that will not be whole. */
  #breakOff(ending: CutEnding): void {
    this.#record.ending = ending;
    this.#client.cut();
    this.#finish();
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#longLived?.end();
    this.#record.endedAtMs = this.#parts.clock.monotonicMs();
    this.#parts.finished(this.#record);
    this.#client.exchangeDone();
  }
}
