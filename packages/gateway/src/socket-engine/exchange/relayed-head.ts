import type { Decision } from '../../engine/engine.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import { namesPlace, relocateFields } from '../../headers/location-fields.ts';
import { clientResponseFields } from '../../headers/response-fields.ts';
import type { AnswerHead } from '../sides/client-side.ts';
import type { ReceivedHead } from '../sides/response-sink.ts';

/** An upstream's answer as it begins for the client. */
export function relayedHead(
  head: ReceivedHead,
  record: ExchangeRecord,
  { route, pool }: Extract<Decision, { kind: 'proxy' }>,
): AnswerHead {
  const fields = clientResponseFields(head, record.identity);
  const { relocation } = route;
  if (relocation !== undefined && namesPlace(head.ids)) {
    relocateFields(fields, { relocation, publicHost: record.head?.host ?? '', places: pool.set.all });
  }
  return {
    status: head.status,
    reasonPhrase: head.reasonPhrase,
    fields,
    contentLength: head.contentLength,
    hasBody: head.hasBody,
  };
}
