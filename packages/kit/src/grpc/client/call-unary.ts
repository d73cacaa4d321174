import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { AppError, type Clock, isAppError } from '@flotilla/contracts';
import type { CallFailure } from '@flotilla/contracts/http-client';
import type { FailedStatus } from '../errors/error-of.ts';
import { decodeStatusMessage } from '../wire/call-status.ts';
import { acceptedEncodings, decompressionOf } from '../wire/compression.ts';
import { FrameReader, frameOf } from '../wire/frames.ts';
import { fromBase64, type Metadata, metadataOf } from '../wire/metadata.ts';
import { statusName } from '../wire/status-codes.ts';
import { formatTimeout } from '../wire/timeout.ts';
import type { GrpcSessions } from './grpc-sessions.ts';

/** How one attempt of a call ended. */
export type CallResult<Output> =
  | { readonly kind: 'ok'; readonly answer: Output; readonly metadata: Metadata }
  /** The server ended it with an error. */
  | { readonly kind: 'status'; readonly failed: FailedStatus }
  | CallFailure;

/** One attempt of a call. */
export interface UnaryCall<Input extends DescMessage, Output extends DescMessage> {
  readonly method: DescMethodUnary<Input, Output>;
  readonly request: MessageInitShape<Input>;
  /** `10.0.0.5:9001` */
  readonly authority: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly headers: OutgoingHttpHeaders;
  readonly maxMessageBytes: number;
}

/** Statuses of HTTP with which something before the server says that it cannot reach it. */
const unavailable = new Set([429, 502, 503, 504]);

/** Makes one attempt; the result covers every outcome, and nothing is thrown. */
export async function callUnary<Input extends DescMessage, Output extends DescMessage>(
  sessions: GrpcSessions,
  clock: Clock,
  call: UnaryCall<Input, Output>,
): Promise<CallResult<MessageShape<Output>>> {
  if (call.signal.aborted) return { kind: 'cancelled', cause: call.signal.reason };
  let frame: Buffer;
  let lease: ReturnType<GrpcSessions['lease']>;
  let stream: ClientHttp2Stream;
  try {
    frame = frameOf(toBinary(call.method.input, create(call.method.input, call.request)));
  } catch (cause) {
    return { kind: 'unsendable', cause };
  }
  try {
    lease = sessions.lease(call.authority);
  } catch (cause) {
    // The address of the instance is none.
    return { kind: 'refused', cause };
  }
  try {
    stream = lease.session.request(headersOf(call));
  } catch (cause) {
    // The connection was closed meanwhile, or a header cannot be sent.
    lease.end(true);
    return lease.session.closed || lease.session.destroyed ? { kind: 'refused', cause } : { kind: 'unsendable', cause };
  }
  const result = await new Promise<CallResult<MessageShape<Output>>>((resolve) => {
    const giveUp = (outcome: CallFailure): void => {
      resolve(outcome);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const timer = clock.after(call.timeoutMs, () => giveUp({ kind: 'timeout', timeoutMs: call.timeoutMs }));
    const cancelled = (): void => giveUp({ kind: 'cancelled', cause: call.signal.reason });
    call.signal.addEventListener('abort', cancelled, { once: true });
    const answer = new AnswerReader(stream, call);
    stream.once('close', () => {
      timer.cancel();
      call.signal.removeEventListener('abort', cancelled);
      resolve(answer.result());
    });
    stream.end(frame);
  });
  // One that is silent may be dead: nothing else would notice.
  lease.end(result.kind === 'timeout' || result.kind === 'reset' || result.kind === 'refused');
  return result;
}

const notOneMessage = 'it does not have exactly one message';

/** Keeps what arrives on a stream until it is closed. */
class AnswerReader<Output extends DescMessage> {
  readonly #call: UnaryCall<DescMessage, Output>;
  readonly #stream: ClientHttp2Stream;
  #frames: FrameReader | undefined;
  #head: IncomingHttpHeaders | undefined;
  #trailers: IncomingHttpHeaders = {};
  #messages: Buffer[] = [];
  #unreadable: unknown;
  #error: Error | undefined;

  constructor(stream: ClientHttp2Stream, call: UnaryCall<DescMessage, Output>) {
    this.#call = call;
    this.#stream = stream;
    stream.on('response', (head) => (this.#head = head));
    stream.on('trailers', (trailers: IncomingHttpHeaders) => (this.#trailers = trailers));
    stream.on('error', (error: Error) => (this.#error = error));
    stream.on('data', (chunk: Buffer) => {
      if (this.#unreadable !== undefined) return;
      try {
        this.#frames ??= this.#reader();
        this.#messages.push(...this.#frames.push(chunk));
        // One is an answer; the others would only fill the memory.
        if (this.#messages.length > 1) throw new Error(notOneMessage);
      } catch (error) {
        this.#unreadable = error;
        stream.close(constants.NGHTTP2_CANCEL);
      }
    });
  }

  /** @throws {AppError} NOT_IMPLEMENTED if the answer is compressed in a way that we cannot read */
  #reader(): FrameReader {
    const decompress = decompressionOf(this.#head?.['grpc-encoding']?.toString());
    if (decompress === undefined) throw new AppError('NOT_IMPLEMENTED', { detail: 'It has an unknown compression.' });
    return new FrameReader(this.#call.maxMessageBytes, decompress);
  }

  result(): CallResult<MessageShape<Output>> {
    if (this.#unreadable !== undefined) {
      const { message } = this.#unreadable as Error; // Only our own reader throws there.
      return invalid(isAppError(this.#unreadable) ? `a message cannot be read: ${message}` : message, this.#unreadable);
    }
    const head = this.#head;
    if (head === undefined) return this.#unanswered();
    const code = this.#trailers['grpc-status'] ?? head['grpc-status'];
    if (code === undefined) return this.#withoutStatus(head);
    const status = statusName(Number(code));
    const metadata = metadataOf(head, this.#trailers);
    if (status !== 'OK') {
      const details = metadata.get('grpc-status-details-bin');
      const message = decodeStatusMessage(metadata.get('grpc-message') ?? '');
      return {
        kind: 'status',
        failed: { status, message, details: details === undefined ? undefined : fromBase64(details) },
      };
    }
    const [message] = this.#messages;
    if (message === undefined || this.#frames?.isInMessage === true) return invalid(notOneMessage, undefined);
    try {
      return { kind: 'ok', answer: fromBinary(this.#call.method.output, message), metadata };
    } catch (cause) {
      return invalid(`its message is not a valid ${this.#call.method.output.typeName}`, cause);
    }
  }

  /** Nothing came back. */
  #unanswered(): CallFailure {
    const { rstCode, id } = this.#stream;
    // Without an id, it never got as far as the connection.
    const isUntouched = id === undefined || rstCode === constants.NGHTTP2_REFUSED_STREAM;
    if (isUntouched) return { kind: 'refused', cause: this.#error };
    return { kind: 'reset', cause: this.#error };
  }

  #withoutStatus(head: IncomingHttpHeaders): CallResult<never> {
    const http = Number(head[':status']);
    if (unavailable.has(http))
      return { kind: 'status', failed: { status: 'UNAVAILABLE', message: `HTTP status ${http}` } };
    if (http !== 200) return invalid(`it has the HTTP status ${http} and no gRPC status`, undefined);
    return { kind: 'reset', cause: this.#error };
  }
}

function headersOf({ method, timeoutMs, headers }: UnaryCall<DescMessage, DescMessage>): OutgoingHttpHeaders {
  return {
    ...headers,
    ':method': 'POST',
    ':path': `/${method.parent.typeName}/${method.name}`,
    te: 'trailers',
    'content-type': 'application/grpc',
    'grpc-accept-encoding': acceptedEncodings,
    'grpc-timeout': formatTimeout(timeoutMs),
  };
}

function invalid(reason: string, cause: unknown): CallFailure {
  return { kind: 'invalid', reason, cause };
}
