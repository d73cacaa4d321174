import type { AppError } from '@flotilla/contracts';
import type { LocalResponse, RequestHandler } from '../../engine/engine.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { ClientSide } from '../sides/client-side.ts';

/** Sends an answer that the gateway made itself. */
export function sendLocalResponse(client: ClientSide, record: ExchangeRecord, response: LocalResponse): void {
  const body = typeof response.body === 'string' ? Buffer.from(response.body, 'utf8') : response.body;
  const { requestId, trace } = record.identity;
  const mayHaveBody = response.status !== 204 && response.status !== 304;
  const hasBody = mayHaveBody && record.head?.method !== 'HEAD';
  record.status = response.status;
  client.sendHead({
    status: response.status,
    reasonPhrase: '',
    fields: [...response.headers, 'X-Request-Id', requestId, 'X-Trace-Id', trace.traceId],
    contentLength: mayHaveBody ? body.length : -1,
    hasBody,
  });
  if (hasBody) {
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
