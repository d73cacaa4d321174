import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../clock.ts';
import { startDeadline } from '../time/index.ts';
import { type CallFailure, mapNetworkError } from './network-error.ts';
import { type HttpAnswer, type HttpCall, type Transport, UnsendableRequest } from './transport.ts';

/** One request and the bounds on it. */
export interface BoundedRequest extends Omit<HttpCall, 'signal'> {
  readonly transport: Transport;
  /** For the whole call, from connecting to the last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Larger answers are refused, as soon as that shows. */
  readonly maxBodyBytes: number;
  /** Ends the call early. */
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

/** A whole answer, of any status. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What came of a request. */
export type RequestResult = { readonly kind: 'answer'; readonly answer: WholeAnswer } | CallFailure;

/** An answer is larger than it may be. */
class TooLarge extends Error {}

/** Sends a request and reads the whole answer. Never rejects. */
export async function sendRequest(request: BoundedRequest): Promise<RequestResult> {
  const { transport, timeoutMs, maxBodyBytes, clock, ...call } = request;
  const deadline = startDeadline({ clock, afterMs: timeoutMs, signal: call.signal });
  const { signal } = deadline;
  try {
    if (signal.aborted) return { kind: 'cancelled', cause: signal.reason };
    const answer = await transport.send({ ...call, signal });
    const body = await readBody(answer, maxBodyBytes);
    return { kind: 'answer', answer: { status: answer.status, headers: answer.headers, body } };
  } catch (error) {
    if (deadline.exceeded) return { kind: 'timeout', timeoutMs };
    if (signal.aborted) return { kind: 'cancelled', cause: signal.reason };
    if (error instanceof UnsendableRequest) return { kind: 'unsendable', cause: error };
    if (error instanceof TooLarge) return { kind: 'invalid', reason: error.message, cause: undefined };
    return mapNetworkError(error);
  } finally {
    deadline.cancel();
  }
}

/** Reads a body to its end; throws, and lets go of the connection, as soon as it is larger than it may be. */
export async function readBody({ body }: HttpAnswer, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TooLarge(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
