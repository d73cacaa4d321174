import type { Logger } from '@flotilla/kit/logger';
import { describeOutcome } from '../attempt/describe-outcome.ts';
import { clientAddress, type TrustedProxies } from '../headers/trusted-proxies.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import { reportedStatus } from './gateway-metrics.ts';
import { isFault } from './server-attributes.ts';

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
    // Probes and scrapes, every few seconds, would hide the rest.
    const level = failed ? 'error' : record.route?.kind === 'own' && status < 400 ? 'debug' : 'info';
    if (this.#logger.isEnabled(level)) this.#logger[level](this.#fieldsOf(record, status), 'request');
  }

  #fieldsOf(record: ExchangeRecord, status: number): Record<string, unknown> {
    const { head, identity, upstream, error } = record;
    const fields: Record<string, unknown> = {
      requestId: identity.requestId,
      traceId: identity.trace.traceId,
      // Without tracing there is no such span to be found.
      spanId: record.spans === undefined ? undefined : identity.trace.spanId,
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
    if (record.outcome !== undefined) fields['failure'] = describeOutcome(record.outcome);
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

/** Microseconds are enough. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
