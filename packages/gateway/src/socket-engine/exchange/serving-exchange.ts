import type { Decision } from '../../engine/engine.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { EngineParts } from './engine-parts.ts';
import { LocalExchange } from './local-exchange.ts';
import { ProxyExchange } from './proxy-exchange.ts';
import { RefusedExchange } from './refused-exchange.ts';

/** The exchange that does with a request what was decided. */
export function servingExchange(
  parts: EngineParts,
  client: ClientSide,
  incoming: IncomingRequest,
  decision: Decision,
  record: ExchangeRecord,
): RequestSink {
  switch (decision.kind) {
    case 'proxy':
      return new ProxyExchange(parts, client, incoming, decision, record);
    case 'local':
      return new LocalExchange(parts, client, incoming, decision, record);
    case 'reject':
      return new RefusedExchange(parts, client, record, decision.error);
    default:
      return decision satisfies never;
  }
}
