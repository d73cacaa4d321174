import type { Logger } from '@flotilla/kit/logger';
import type { Outcome } from '../attempt/outcome.ts';
import { clientAddress, type TrustedProxies } from '../headers/trusted-proxies.ts';
import type { Ending, ExchangeRecord } from './exchange-record.ts';
import { reportedStatus } from './gateway-metrics.ts';

/** Clients choose the path; this much of it tells which one it was. */
const longestPath = 500;

/** Writes one line per request. The query is left out: it may hold what must not be kept. */
export class AccessLog {
  readonly #logger: Logger;
  readonly #trusted: TrustedProxies;

  constructor(logger: Logger, trusted: TrustedProxies) {
    this.#logger = logger;
    this.#trusted = trusted;
  }

  record(record: ExchangeRecord): void {
    const status = reportedStatus(record);
    const failed = status >= 500 || isFault(record.ending);
    if (!this.#logger.isEnabled(failed ? 'error' : 'info')) return;
    const fields = this.#fieldsOf(record, status);
    if (failed) this.#logger.error(fields, 'request');
    else this.#logger.info(fields, 'request');
  }

  #fieldsOf(record: ExchangeRecord, status: number): Record<string, unknown> {
    const { head, identity, upstream, error } = record;
    const fields: Record<string, unknown> = {
      requestId: identity.requestId,
      traceId: identity.trace.traceId,
      method: head?.method,
      path: head?.target.split('?', 1)[0]?.slice(0, longestPath),
      route: record.route?.template,
      // Nothing was sent: there is none to tell.
      status: status === 0 ? undefined : status,
      durationMs: rounded(record.endedAtMs - record.startedAtMs),
      requestBytes: record.requestBytes,
      responseBytes: record.responseBytes,
    };
    if (head !== undefined) fields['client'] = clientAddress(head, this.#trusted);
    if (record.attempts > 0) {
      fields['upstreamService'] = record.service;
      fields['upstream'] = upstream?.authority;
      fields['upstreamId'] = upstream?.id;
      fields['attempts'] = record.attempts;
      if (record.upstreamFirstByteAtMs >= 0) {
        fields['firstByteMs'] = rounded(record.upstreamFirstByteAtMs - record.upstreamStartedAtMs);
      }
    }
    if (record.outcome !== undefined) fields['failure'] = describeFailure(record.outcome);
    if (record.policy !== undefined) fields['policy'] = record.policy;
    if (record.ending !== 'complete') fields['ending'] = record.ending;
    if (error !== undefined) {
      fields['code'] = error.code;
      if (error.detail !== undefined) fields['detail'] = error.detail;
      if (error.cause !== undefined) fields['err'] = error;
    }
    return fields;
  }
}

/** Whether an operator should look into it: not what clients do. */
function isFault(ending: Ending): boolean {
  return ending === 'broken' || ending === 'timed-out' || ending === 'shut-down';
}

/** One phrase for what went wrong with the last attempt that failed: `refused (ECONNREFUSED)`, `timeout: connect`. */
function describeFailure(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'response':
      return `response ${outcome.status}`;
    case 'refused':
    case 'reset':
    case 'exhausted':
      return `${outcome.kind}${causeOf(outcome.cause)}`;
    case 'timeout':
      return `timeout: ${outcome.phase}`;
    case 'invalid':
      return `invalid: ${outcome.reason}`;
    case 'limited':
      return `limited: ${outcome.limit}`;
    case 'cancelled':
      return 'cancelled';
    default:
      return outcome satisfies never;
  }
}

function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return ` (${'code' in cause ? String(cause.code) : cause.message})`;
}

/** Microseconds are enough. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
