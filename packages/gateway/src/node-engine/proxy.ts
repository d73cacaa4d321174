import type { IncomingMessage } from 'node:http';
import { AppError } from '@flotilla/contracts';
import { failureOf } from '../attempt/failure.ts';
import { responseOutcome } from '../attempt/outcome.ts';
import { decideRetry, isIdempotent } from '../attempt/retry-policy.ts';
import type { ProxyRoute } from '../config/proxy-route.ts';
import { headerValue } from '../headers/header-list.ts';
import { upstreamRequestFields } from '../headers/request-fields.ts';
import { clientResponseFields } from '../headers/response-fields.ts';
import type { Pick } from '../upstream/pick.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import { Attempt, type AttemptBody, type AttemptFailure } from './attempt.ts';
import { collectBody } from './collect-body.ts';
import { answerProblem, type Exchange, hasUnreadBody } from './exchange.ts';
import { readBody } from './read-body.ts';
import { relayBody } from './relay-body.ts';

/** Bodies up to this size are kept in memory, so that they can be sent again or held back until they are whole. */
const heldBodyBytes = 65_536;

interface ProxyTask {
  readonly route: ProxyRoute;
  readonly target: string;
  readonly pool: UpstreamPool;
}

/** Passes one request on, trying again as the retry policy allows, and answers the client. Never rejects. */
export async function proxyExchange(exchange: Exchange, task: ProxyTask): Promise<void> {
  const { record, options } = exchange;
  const { route, pool } = task;
  record.service = route.service;
  let body: AttemptBody;
  try {
    body = await takeBody(exchange, route);
  } catch (error) {
    answerProblem(exchange, error instanceof AppError ? error : new AppError('INTERNAL', { cause: error }));
    return;
  }
  const fields = upstreamRequestFields(exchange.head, exchange.identity, options.trusted);
  const totalMs = route.timeouts.totalMs;
  const deadlineMs = totalMs === 0 ? Number.POSITIVE_INFINITY : record.startedAtMs + totalMs;
  const tried: Upstream[] = [];
  let last: AttemptFailure | undefined;
  let pick: Pick | undefined = pool.pick(tried);
  while (pick !== undefined) {
    record.attempts++;
    record.upstream = pick.upstream;
    record.upstreamStartedAtMs = pick.startedAtMs;
    const { failure, bodyTaken } = await attemptOnce(exchange, task, pick, body, fields, deadlineMs);
    if (failure === undefined) return;
    last = failure;
    record.outcome = failure;
    tried.push(pick.upstream);
    const retry = decideRetry(failure, {
      method: exchange.head.method,
      attempts: record.attempts,
      maxAttempts: route.maxAttempts,
      answerStarted: exchange.response.headersSent,
      bodyReplayable: body.kind !== 'stream' || !bodyTaken,
    });
    if (retry === 'stop') break;
    pick = pool.pick(tried) ?? (retry === 'fresh' ? pool.pickAgain(pick.upstream) : undefined);
  }
  if (last?.kind === 'cancelled') return;
  if (exchange.response.headersSent) {
    record.ending = 'broken';
    // A clean end could pass for a whole answer; a reset can't.
    exchange.response.socket?.resetAndDestroy();
    return;
  }
  answerProblem(exchange, failureOf(last, route.unavailable));
}

/** What the request has for a body: small ones as a whole. */
async function takeBody(exchange: Exchange, route: ProxyRoute): Promise<AttemptBody> {
  const { head, request, options } = exchange;
  const length = headerValue(head.headers, 'content-length');
  const chunked = headerValue(head.headers, 'transfer-encoding') !== undefined;
  if (!chunked && (length === undefined || (length === '0' && isBodyless(head.method)))) return { kind: 'none' };
  const limitBytes = route.bodyLimitBytes;
  if (limitBytes > 0 && Number(length ?? 0) > limitBytes) {
    throw new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes } });
  }
  if (headerValue(head.headers, 'expect') !== undefined) exchange.response.writeContinue();
  request.on('data', (chunk: Buffer) => {
    exchange.record.requestBytes += chunk.length;
  });
  request.pause();
  if (length !== undefined && Number(length) <= heldBodyBytes) {
    const bytes = await readBody(request, heldBodyBytes, options.timeouts.bodyProgressMs, options.clock);
    return { kind: 'bytes', bytes };
  }
  return { kind: 'stream', source: request, length };
}

function isBodyless(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** One attempt, relayed to the client if it gets a response. Undefined = the client has its whole answer. */
async function attemptOnce(
  exchange: Exchange,
  task: ProxyTask,
  pick: Pick,
  body: AttemptBody,
  fields: readonly string[],
  deadlineMs: number,
): Promise<{ readonly failure: AttemptFailure | undefined; readonly bodyTaken: boolean }> {
  const { options, clientGone, record, request } = exchange;
  const { clock } = options;
  const attempt = new Attempt({
    upstream: pick.upstream,
    agent: exchange.agents.of(pick.upstream),
    method: exchange.head.method,
    target: task.target,
    fields,
    body,
    timeouts: task.route.timeouts,
    maxHeaderBytes: options.limits.headBytes,
    clock,
  });
  let tooLarge: AppError | undefined;
  const limitBytes = task.route.bodyLimitBytes;
  const watchSize = (): void => {
    if (limitBytes === 0 || record.requestBytes <= limitBytes) return;
    tooLarge = new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes } });
    attempt.cancel();
  };
  if (body.kind === 'stream') request.on('data', watchSize);
  const cancel = (): void => attempt.cancel();
  clientGone.addEventListener('abort', cancel, { once: true });
  if (clientGone.aborted) cancel();
  const deadline = Number.isFinite(deadlineMs)
    ? clock.after(deadlineMs - clock.monotonicMs(), () => attempt.fail({ kind: 'timeout', phase: 'total' }))
    : undefined;
  let failure: AttemptFailure | undefined;
  try {
    const head = await attempt.head;
    if (head.kind === 'head') record.upstreamFirstByteAtMs = clock.monotonicMs();
    failure = head.kind === 'failed' ? head.outcome : await relay(exchange, attempt, head.response);
    pick.done(failure ?? responseOutcome(record.status));
  } finally {
    deadline?.cancel();
    clientGone.removeEventListener('abort', cancel);
    request.removeListener('data', watchSize);
  }
  if (tooLarge !== undefined && !exchange.response.headersSent) answerProblem(exchange, tooLarge);
  return { failure, bodyTaken: attempt.bodyTaken };
}

/** Hands the response to the client. Small ones are held back until they are whole: if they break, another may answer. */
async function relay(
  exchange: Exchange,
  attempt: Attempt,
  upstream: IncomingMessage,
): Promise<AttemptFailure | undefined> {
  const { head, identity, record, response, options } = exchange;
  const length = headerValue(upstream.rawHeaders, 'content-length');
  if (upstream.rawHeaders.length / 2 > options.limits.headFields) {
    attempt.fail({ kind: 'invalid', reason: 'too many header fields' });
  }
  const fields = clientResponseFields(upstream.rawHeaders, identity);
  if (length !== undefined) fields.push('Content-Length', length);
  const hasBody = head.method !== 'HEAD' && upstream.statusCode !== 204 && upstream.statusCode !== 304;
  if (!hasBody || (isIdempotent(head.method) && length !== undefined && Number(length) <= heldBodyBytes)) {
    const collected = await collectBody(attempt, upstream, heldBodyBytes);
    if (collected.kind === 'failed') return collected.outcome;
    writeHead(exchange, upstream, fields);
    record.responseBytes = collected.bytes.length;
    response.end(collected.bytes);
    return undefined;
  }
  writeHead(exchange, upstream, fields);
  return relayBody(exchange, attempt, upstream);
}

function writeHead(exchange: Exchange, upstream: IncomingMessage, fields: string[]): void {
  const { record, response } = exchange;
  if (hasUnreadBody(exchange)) exchange.closeAfter = true;
  if (exchange.closeAfter) fields.push('Connection', 'close');
  record.status = upstream.statusCode ?? 502;
  response.writeHead(record.status, upstream.statusMessage ?? '', fields);
}
