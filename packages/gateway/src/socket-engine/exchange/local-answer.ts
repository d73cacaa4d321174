import type { AppError } from '@flotilla/contracts';
import type { RequestHandler } from '../../engine/engine.ts';
import type { LocalResponse } from '../../engine/local-response.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { AnswerHead, ClientSide } from '../sides/client-side.ts';

/** An answer that the gateway made itself as its client gets it; `body` is undefined where it has none. */
export function localAnswer(
  record: ExchangeRecord,
  response: LocalResponse,
): { readonly head: AnswerHead; readonly body: Buffer | undefined } {
  const body = typeof response.body === 'string' ? Buffer.from(response.body, 'utf8') : response.body;
  const { requestId, trace } = record.identity;
  const mayHaveBody = response.status !== 204 && response.status !== 304;
  const hasBody = mayHaveBody && record.head?.method !== 'HEAD';
  const head: AnswerHead = {
    status: response.status,
    reasonPhrase: '',
    fields: [...response.headers, 'X-Request-Id', requestId, 'X-Trace-Id', trace.traceId],
    contentLength: mayHaveBody ? body.length : -1,
    hasBody,
  };
  return { head, body: hasBody ? body : undefined };
}

/** Sends an answer that the gateway made itself. */
export function sendLocalResponse(client: ClientSide, record: ExchangeRecord, response: LocalResponse): void {
  const { head, body } = localAnswer(record, response);
  record.status = head.status;
  if (!client.sendHead(head)) return;
  if (body !== undefined) {
    record.responseBytes += body.length;
    client.sendBody(body, 0, body.length, false);
  }
  client.sendEnd([]);
}

/** Tells the client of an error. */
export function answerWithError(
  client: ClientSide,
  record: ExchangeRecord,
  handler: RequestHandler,
  error: AppError,
): void {
  record.error = error;
  sendLocalResponse(client, record, handler.problem(error, record.head, record.identity));
}
