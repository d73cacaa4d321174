import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppError } from '@flotilla/contracts';
import type { EngineOptions, LocalResponse } from '../engine/engine.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';
import type { UpstreamAgents } from './upstream-agent.ts';

/** One request and its answer on their way through the engine. */
export interface Exchange {
  readonly head: RequestHead;
  readonly identity: RequestIdentity;
  readonly record: ExchangeRecord;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: EngineOptions;
  readonly agents: UpstreamAgents;
  /** Aborts when the client leaves before its answer is complete. */
  readonly clientGone: AbortSignal;
  /** Whether the client's connection must not be used again: draining, or an unread body is in the way. */
  closeAfter: boolean;
}

/** Tells the client of an error. */
export function answerProblem(exchange: Exchange, error: AppError): void {
  exchange.record.error = error;
  if (hasUnreadBody(exchange)) exchange.closeAfter = true;
  answerLocally(exchange, exchange.options.handler.problem(error, exchange.head, exchange.identity));
}

/** Whether the rest of a body would stand before the next request on the connection. */
export function hasUnreadBody({ request, head }: Exchange): boolean {
  if (request.complete) return false;
  if (headerValue(head.headers, 'transfer-encoding') !== undefined) return true;
  return Number(headerValue(head.headers, 'content-length') ?? 0) > 0;
}

/** Sends an answer that the gateway made itself. */
export function answerLocally(exchange: Exchange, answer: LocalResponse): void {
  const { response, identity, record, head } = exchange;
  if (response.headersSent || exchange.clientGone.aborted) return;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const fields = [...answer.headers, 'X-Request-Id', identity.requestId, 'X-Trace-Id', identity.trace.traceId];
  if (answer.status !== 204 && answer.status !== 304) fields.push('Content-Length', String(body.length));
  if (exchange.closeAfter) fields.push('Connection', 'close');
  record.status = answer.status;
  response.writeHead(answer.status, fields);
  if (head.method === 'HEAD' || answer.status === 204 || answer.status === 304) {
    response.end();
    return;
  }
  record.responseBytes = body.length;
  response.end(body);
}
