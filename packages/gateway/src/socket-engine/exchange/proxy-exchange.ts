import { AppError, headerNames } from '@flotilla/contracts';
import { failureOf } from '../../attempt/failure.ts';
import type { Decision } from '../../engine/engine.ts';
import { type AttemptSpan, nameAttempt } from '../../exchange/attempt-span.ts';
import type { ClientLoss, CutEnding, ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { RequestSpans } from '../../exchange/request-spans.ts';
import { type HeaderList, headerValue } from '../../headers/header-list.ts';
import { clientResponseFields, isEventStream } from '../../headers/response-fields.ts';
import { countedClient } from '../../headers/trusted-proxies.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { maxJoinedBytes } from '../memory/back-pressure.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import { type IncomingRequest, outgoingRequest } from '../sides/incoming-request.ts';
import type { AttemptFailure, ReceivedHead } from '../sides/response-sink.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import { acceptsWebSocket } from '../sides/websocket-handshake.ts';
import { AttemptLoop, type AttemptOwner } from './attempt-loop.ts';
import type { EngineParts } from './engine-parts.ts';
import { cutEnding, ExchangeDeadline } from './exchange-deadline.ts';
import { LongLivedHold } from './long-lived-exchanges.ts';
import { bodyError } from './rejection-error.ts';
import { RelayedAnswer } from './relayed-answer.ts';
import { RequestBody } from './request-body.ts';
import { Tunnel } from './tunnel.ts';

type ProxyDecision = Extract<Decision, { kind: 'proxy' }>;

/** One request that is passed on: the request's body upwards, the answer downwards, each at the pace of its receiver. */
export class ProxyExchange implements RequestSink, AttemptOwner {
  readonly request: OutgoingRequest & { readonly fields: string[] };
  readonly spans: RequestSpans | undefined;
  readonly maxAttempts: number;
  readonly #parts: EngineParts;
  readonly #client: ClientSide;
  readonly #incoming: IncomingRequest;
  readonly #decision: ProxyDecision;
  readonly #record: ExchangeRecord;
  readonly #attempts: AttemptLoop;
  readonly #deadline: ExchangeDeadline;
  /** Undefined without one. */
  readonly #body: RequestBody | undefined;
  readonly #answer: RelayedAnswer;
  #done = false;
  #tunnel: Tunnel | undefined;
  #longLived: LongLivedHold | undefined;

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
    const { pool, route, target } = decision;
    this.spans = record.spans;
    this.maxAttempts = route.maxAttempts;
    this.request = outgoingRequest(incoming, target, record.identity, parts.forwarding, client);
    this.#body = this.request.hasBody ? new RequestBody(incoming, parts, route) : undefined;
    this.#answer = new RelayedAnswer(parts, client, record, this.#body);
    this.#attempts = new AttemptLoop(parts, decision, this);
    const { totalMs } = route.timeouts;
    const totalDueMs = totalMs === 0 ? Number.POSITIVE_INFINITY : parts.clock.monotonicMs() + totalMs;
    this.#deadline = new ExchangeDeadline(parts, client, route.timeouts, pool.silenceMs, totalDueMs);
    record.service = route.service;
  }

  get answerStarted(): boolean {
    return this.#answer.progress === 'started';
  }

  get replayable(): boolean {
    return this.#body === undefined || this.#body.replayable;
  }

  get hasKey(): boolean {
    // Only asked after a failure.
    const { idempotencyKeys } = this.#decision.route;
    return idempotencyKeys && headerValue(this.#incoming.head.headers, headerNames.idempotencyKey) !== undefined;
  }

  start(): void {
    if (this.#done) return;
    const body = this.#body;
    const tooLarge = body?.tooLarge;
    if (tooLarge !== undefined) return this.#refuse(tooLarge);
    if (this.#incoming.offered.length > 0 && !this.#holdLong(undefined)) return;
    if (body === undefined || body.fit) return this.#attempts.start();
    body.readFirst = true;
    this.#awaitNext();
  }

  onRequestBody(bytes: Buffer): void {
    const body = this.#body;
    if (this.#done || body === undefined) return;
    this.#record.requestBytes += bytes.length;
    const { stream } = this.#attempts;
    body.add(bytes, stream);
    const { tooLarge } = body;
    if (tooLarge !== undefined) return this.#refuse(tooLarge);
    if (stream?.backedUp ?? body.full) this.#client.pauseBody();
    this.#readOn();
  }

  onRequestEnd(trailers: HeaderList): void {
    if (this.#done) return;
    this.#body?.end(trailers, this.#attempts.stream);
    this.#readOn();
  }

  onRequestInvalid(status: number, reason: string, detail: string): void {
    if (this.#done) return;
    this.#refuse(bodyError(status, reason, detail));
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
    this.#answer.discard();
    this.#record.attempts += 1;
    this.#record.upstream = upstream;
    this.#record.upstreamStartedAtMs = this.#parts.clock.monotonicMs();
    this.#deadline.arm('connect', this.#decision.route.timeouts.connectMs);
  }

  onStream(stream: UpstreamSide, span: AttemptSpan | undefined): void {
    if (span !== undefined) nameAttempt(this.request.fields, span);
    stream.sendHead(this.request);
    this.#body?.sendFromStart(stream);
    if (!stream.backedUp) this.#client.resumeBody();
    this.#awaitNext();
  }

  onInterim(head: ReceivedHead): void {
    this.#client.sendInterim(head.status, clientResponseFields(head, this.#record.identity));
    const body = this.#body;
    if (head.status !== 100 || body?.awaitsContinue !== true) return;
    body.awaitsContinue = false;
    this.#awaitNext();
  }

  onHead(head: ReceivedHead): void {
    if (head.hasBody && isEventStream(head.fields, head.contentLength) && !this.#holdLong(this.#attempts.stream))
      return;
    if (this.#answer.head(head, this.#incoming.head.host, this.#decision)) return;
    this.#attempts.cancel();
    this.#finish();
  }

  onBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    this.#record.responseBytes += end - start;
    // So much is not gathered: it leaves at once.
    if (end - start > maxJoinedBytes) this.#answer.start();
    return this.#client.sendBody(chunk, start, end, lent);
  }

  onReadEnd(): void {
    const answering = this.#answer.progress !== 'none';
    if (answering) this.#answer.readEnd();
    if (answering || this.#client.backedUp) this.#awaitNext();
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
    this.#answer.progress = 'started';
    this.#tunnel = new Tunnel(this.#record, stream, this.#parts.clock, () => {
      this.#attempts.switchedEnded();
      this.#finish();
    });
    this.#tunnel.open(this.#client, head, rest);
    this.#deadline.arm('tunnel', this.#parts.tunnelIdleMs);
  }

  onFailure(failure: AttemptFailure | undefined): void {
    this.#record.outcome = failure;
    if (this.#answer.progress === 'started') return this.#breakOff(cutEnding(failure));
    this.#answerError(failureOf(failure, this.#decision.route.unavailable));
  }

  onDeadline(): void {
    if (this.#done || this.#deadline.goesOn(this.#attempts)) return;
    const verdict = this.#deadline.judge(this.#answer.progress, this.#client, this.#attempts.stream, this.#body);
    switch (verdict) {
      case 'wait-on':
        return this.#awaitNext();
      case 'tunnel-quiet': {
        const leftMs = this.#tunnel?.endIfQuiet(this.#parts.tunnelIdleMs) ?? 0;
        return leftMs > 0 ? this.#deadline.arm('tunnel', leftMs) : undefined;
      }
      case 'attempt-late':
        return this.#attempts.fail({ kind: 'timeout', phase: this.#deadline.timeoutPhase });
      case 'request-late':
        return this.#refuse(this.#body?.lateError(this.#deadline.total) ?? new AppError('REQUEST_TIMEOUT'));
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
    if (stream === undefined && this.#body?.readFirst !== true) return;
    this.#deadline.armNext(this.#answer.progress, this.#client, stream, this.#body);
  }

  /** More of the request has come: asks an upstream once that is enough. */
  #readOn(): void {
    const body = this.#body;
    if (body?.readFirst !== true || !body.fit) return this.#awaitNext();
    body.readFirst = false;
    this.#attempts.start();
  }

  /** Makes the exchange long-lived. False: a limit forbids it, and the client has been told. */
  #holdLong(stream: UpstreamSide | undefined): boolean {
    const { forwarding, longLived } = this.#parts;
    const { connection, head } = this.#incoming;
    this.#longLived ??= new LongLivedHold(longLived, countedClient(head, forwarding.trusted), connection.place);
    const refused = this.#longLived.begin(stream);
    if (refused === undefined) return true;
    this.#attempts.cancel();
    this.onFailure(refused);
    return false;
  }

  /** The request can't be passed on, or not to its end. */
  #refuse(error: AppError): void {
    this.#attempts.cancel();
    this.#answerError(error);
  }

  #answerError(error: AppError): void {
    this.#answer.error(error);
    this.#finish();
  }

  #breakOff(ending: CutEnding): void {
    this.#answer.cut(ending);
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
