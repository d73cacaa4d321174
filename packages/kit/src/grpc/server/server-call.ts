import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import {
  AppError,
  type Clock,
  type CoreErrorCode,
  headerNames,
  kindOf,
  type Locale,
  type Logger,
  type Timer,
} from '@flotilla/contracts';
import type { RequestContext } from '../../http/request-context.ts';
import { type TraceContext, type Tracer, withinTrace } from '../../telemetry/index.ts';
import { type CallStatus, encodeStatusMessage } from '../wire/call-status.ts';
import { acceptedEncodings } from '../wire/compression.ts';
import { checkMetadata, type Metadata, metadataOf, toBase64 } from '../wire/metadata.ts';
import { statusNumber } from '../wire/status-codes.ts';
import type { GrpcCall } from './grpc-call.ts';

/** What all calls of a server share. */
export interface CallSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly draining: AbortSignal;
  readonly maxStallMs: number;
  readonly tracer: Tracer;
}

/** One call on its stream: sends what its handler says, and ends exactly once. */
export class ServerCall implements GrpcCall {
  readonly method: string;
  readonly requestId: string;
  readonly trace: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly locale: Locale;
  readonly startedMs: number;
  readonly stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #around: CallSurroundings;
  /** The code of the error that ended the call, if that is a failure of ours. */
  failureCode: string | undefined;
  #outcome: CallStatus | undefined;
  #timer: Timer | undefined;
  #dueMs: number | undefined;
  #aborting: AbortController | undefined;
  #aborted: CoreErrorCode | undefined;
  #log: Logger | undefined;
  #metadata: Metadata | undefined;
  #extraHeaders: Record<string, string> | undefined;
  #extraTrailers: Record<string, string> | undefined;

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    call: {
      readonly method: string;
      readonly context: RequestContext;
      readonly around: CallSurroundings;
    },
  ) {
    const { requestId, trace, parentSpanId, locale, startedMs } = call.context;
    this.stream = stream;
    this.method = call.method;
    this.requestId = requestId;
    this.trace = trace;
    this.parentSpanId = parentSpanId;
    this.locale = locale;
    this.startedMs = startedMs;
    this.#headers = headers;
    this.#around = call.around;
  }

  get metadata(): Metadata {
    this.#metadata ??= metadataOf(this.#headers);
    return this.#metadata;
  }

  get signal(): AbortSignal {
    this.#aborting ??= new AbortController();
    if (this.#aborted !== undefined && !this.#aborting.signal.aborted)
      this.#aborting.abort(new AppError(kindOf(this.#aborted)));
    return this.#aborting.signal;
  }

  get draining(): AbortSignal {
    return this.#around.draining;
  }

  get log(): Logger {
    this.#log ??= this.#around.logger.child({ requestId: this.requestId, traceId: this.trace.traceId });
    return this.#log;
  }

  /** How the call has ended; undefined while it has not. */
  get outcome(): CallStatus | undefined {
    return this.#outcome;
  }

  /** Where the caller says that it has sent the call. */
  get authority(): { readonly hostname: string; readonly port: number | undefined } | undefined {
    const url = URL.parse(`http://${this.#headers[':authority'] ?? ''}`);
    return url === null ? undefined : { hostname: url.hostname, port: url.port === '' ? undefined : Number(url.port) };
  }

  /** Runs the handler within the call's span: Node reads a stream where it reads its connection. */
  within(work: () => void): void {
    const { tracer } = this.#around;
    if (tracer.enabled) withinTrace(this.trace, work, tracer);
    else work();
  }

  leftMs(): number | undefined {
    return this.#dueMs === undefined ? undefined : this.#dueMs - this.#around.clock.monotonicMs();
  }

  setHeader(name: string, value: string): void {
    checkMetadata(name, value);
    if (this.stream.headersSent) throw new Error(`Cannot set "${name}": the answer has begun. Use setTrailer.`);
    (this.#extraHeaders ??= {})[name] = value;
  }

  setTrailer(name: string, value: string): void {
    checkMetadata(name, value);
    (this.#extraTrailers ??= {})[name] = value;
  }

  /** Calls `expired` in `afterMs`, unless the call has ended by then. */
  limit(afterMs: number, expired: () => void): void {
    this.#dueMs = this.#around.clock.monotonicMs() + afterMs;
    this.#timer = this.#around.clock.after(afterMs, expired);
  }

  /** Sends a part of the answer. Returns whether more may be sent at once; otherwise wait for `drain` of the stream. */
  send(frame: Buffer): boolean {
    if (!this.stream.headersSent) this.#begin();
    return this.stream.write(frame);
  }

  /** Sends the whole answer, and ends the call well. */
  answer(frame: Buffer): void {
    if (this.#outcome !== undefined) return;
    this.#end({ status: 'OK', message: '' });
    this.#begin();
    this.stream.end(frame);
  }

  /** Ends the call. Only the first end counts. */
  finish(outcome: CallStatus): void {
    if (this.#outcome !== undefined) return;
    this.#end(outcome);
    if (outcome.status !== 'OK')
      this.#abort(outcome.status === 'DEADLINE_EXCEEDED' ? 'DEADLINE_EXCEEDED' : 'CLIENT_CLOSED_REQUEST');
    const { stream } = this;
    if (stream.destroyed || stream.closed) return;
    if (stream.headersSent) {
      stream.end();
      return;
    }
    if (this.#extraHeaders === undefined) {
      stream.respond({ ...this.#head(), ...this.#trailers(outcome) }, { endStream: true });
      this.#dropRequest();
      return;
    }
    // In one block with the trailers, callers would take the handler's headers for trailers.
    this.#begin();
    stream.end();
  }

  /** Ends the call because it took too long: at once if its caller has not even read what was sent. */
  expire(outcome: CallStatus): void {
    const isUnread = this.#outcome !== undefined || (this.stream.headersSent && this.stream.writableLength > 0);
    this.finish(outcome);
    if (isUnread) this.#reset(constants.NGHTTP2_CANCEL);
  }

  /** The caller has left, or its connection was lost. */
  leave(): void {
    this.#timer?.cancel();
    if (this.#outcome !== undefined) return;
    this.#outcome = { status: 'CANCELLED', message: '' };
    this.#abort('CLIENT_CLOSED_REQUEST');
  }

  /** Ends the call unless it is cancelled in time: the caller does not read its answer. */
  stallTimer(): Timer {
    const { clock, maxStallMs } = this.#around;
    return clock.after(maxStallMs, () => this.expire({ status: 'RESOURCE_EXHAUSTED', message: '' }));
  }

  #end(outcome: CallStatus): void {
    this.#outcome = outcome;
    // The answer is on its way; whoever never reads it must not keep it here. A deadline that still runs sees to that, too.
    this.#timer ??= this.#around.clock.after(this.#around.maxStallMs, () => this.#reset(constants.NGHTTP2_CANCEL));
  }

  /** Tells the handler that nobody waits any more. */
  #abort(why: CoreErrorCode): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = why;
    this.#aborting?.abort(new AppError(kindOf(why)));
  }

  #begin(): void {
    const { stream } = this;
    stream.respond(this.#head(), { waitForTrailers: true });
    stream.once('wantTrailers', () => {
      stream.sendTrailers(this.#trailers(this.#outcome ?? { status: 'INTERNAL', message: '' }));
      this.#dropRequest();
    });
  }

  #head(): OutgoingHttpHeaders {
    return {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-accept-encoding': acceptedEncodings,
      [headerNames.requestId]: this.requestId,
      [headerNames.traceId]: this.trace.traceId,
      ...this.#extraHeaders,
    };
  }

  #trailers({ status, message, details }: CallStatus): OutgoingHttpHeaders {
    const trailers: OutgoingHttpHeaders = { ...this.#extraTrailers, 'grpc-status': String(statusNumber(status)) };
    if (message !== '') trailers['grpc-message'] = encodeStatusMessage(message);
    if (details !== undefined) trailers['grpc-status-details-bin'] = toBase64(details);
    return trailers;
  }

  /** RFC 9113, 8.1: a server that has answered before the request ended asks the client to stop sending. */
  #dropRequest(): void {
    const { stream } = this;
    if (stream.readableEnded || stream.closed) return;
    // If the end of the request is here already, it is enough to read it.
    stream.resume();
    this.#reset(constants.NGHTTP2_NO_ERROR, () => !stream.readableEnded);
  }

  /**
   * Resets the stream in the next turn of the event loop: with writes of the same turn still to be sent, Node 24 would loop
   * forever.
   */
  #reset(code: number, isDue: () => boolean = () => true): void {
    setImmediate(() => {
      if (isDue() && !this.stream.closed && !this.stream.destroyed) this.stream.close(code);
    });
  }
}
