import type { Decision, RequestHandler } from '../../engine/engine.ts';
import type { PolicyRequest } from '../../engine/policy-step.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import { FieldEdits } from '../../headers/field-edits.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { EngineParts } from './engine-parts.ts';
import { PolicedClient } from './policed-client.ts';
import { PolicyExchange } from './policy-exchange.ts';

/** Makes the exchange that does with a request what was decided. */
export type Serve = (
  parts: EngineParts,
  client: ClientSide,
  incoming: IncomingRequest,
  decision: Decision,
  record: ExchangeRecord,
) => RequestSink;

/** The exchange of a request that passes policies on its way up, on its way down, or both. */
export function policedExchange(
  parts: EngineParts,
  client: ClientSide,
  incoming: IncomingRequest,
  decision: Decision,
  record: ExchangeRecord,
  serve: Serve,
): RequestSink {
  const { policies, route } = decision;
  const { identity, spans } = record;
  const down = new FieldEdits('answer');
  const about = { head: incoming.head, identity, spans, route, client: incoming.connection, down };
  if (route === undefined || decision.kind === 'reject' || (decision.kind === 'local' && !decision.asked)) {
    const policed = new PolicedClient(client, policies, about, record, parts.handler);
    return serve(parts, policed, incoming, decision, record);
  }
  const up = new FieldEdits('request');
  const request: PolicyRequest = { ...about, route, up };
  const policed = new PolicedClient(client, policies, request, record, parts.handler);
  incoming.edits = up;
  return new PolicyExchange(parts, policed, policies, request, record, () =>
    serve(parts, policed, incoming, decision, record),
  );
}

/** The client of a message that is no request. */
export function policedStranger(client: ClientSide, record: ExchangeRecord, handler: RequestHandler): ClientSide {
  const down = new FieldEdits('answer');
  const { identity, spans } = record;
  const about = { head: undefined, identity, spans, route: undefined, client: undefined, down };
  return new PolicedClient(client, handler.unrouted, about, record, handler);
}
