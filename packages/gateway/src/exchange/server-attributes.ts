import { isHostWithPort } from '@flotilla/http1';
import type { Attributes } from '@flotilla/kit/telemetry';
import { describeOutcome } from '../attempt/describe-outcome.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';
import { clientAddress, type TrustedProxies, withoutMapping } from '../headers/trusted-proxies.ts';
import type { Ending, ExchangeRecord } from './exchange-record.ts';
import { cutTypes } from './gateway-metrics.ts';
import { shownMethod } from './shown-method.ts';
import { shownPath, shownQueryOf } from './shown-target.ts';

/** Clients choose it. */
const longestAgent = 200;

/** Whether an operator should look into it: not what clients do. */
export function isFault(ending: Ending): boolean {
  return ending === 'broken' || ending === 'timed-out' || ending === 'shut-down';
}

/** Whether the request counts as an error of the gateway or of what is behind it. */
export function isFailure({ ending, status }: ExchangeRecord): boolean {
  return (ending !== 'client-gone' && status >= 500) || isFault(ending);
}

/** `GET /users/{id}`: of few values, whatever clients ask for. */
export function serverName({ head, route }: ExchangeRecord): string {
  const method = (head === undefined ? undefined : shownMethod(head.method)) ?? 'HTTP';
  return route === undefined ? method : `${method} ${route.template}`;
}

/** What went wrong, stable: the code of the answer, the way in which it was cut, or a status. */
export function serverErrorType({ ending, error, status }: ExchangeRecord): string | undefined {
  if (ending === 'client-gone') return 'client_gone';
  return error?.code ?? cutTypes[ending] ?? (status >= 500 ? String(status) : undefined);
}

/** What the gateway's span says beside what all answers of its route say, by OpenTelemetry's conventions for servers. */
export function serverAttributes(record: ExchangeRecord, trusted: TrustedProxies): Attributes {
  const { attempts, head, identity, outcome, policy, requestBytes, responseBytes, service } = record;
  return {
    ...(head === undefined ? undefined : requestAttributes(head, trusted)),
    'error.type': serverErrorType(record),
    // Said where it tells something: each attribute costs as much as making the span.
    'http.request.body.size': requestBytes === 0 ? undefined : requestBytes,
    'http.response.body.size': responseBytes === 0 ? undefined : responseBytes,
    'flotilla.service': service,
    'flotilla.attempts': attempts < 2 ? undefined : attempts,
    'flotilla.failure': outcome === undefined ? undefined : describeOutcome(outcome),
    'flotilla.policy': policy,
    'flotilla.request_id': identity.requestId === identity.trace.traceId ? undefined : identity.requestId,
  };
}

function requestAttributes(head: RequestHead, trusted: TrustedProxies): Attributes {
  const { address, port } = authorityParts(head.host);
  const client = clientAddress(head, trusted);
  const peer = withoutMapping(head.remoteAddress);
  return {
    'http.request.method_original': shownMethod(head.method) === undefined ? head.method : undefined,
    'url.path': shownPath(head.target),
    'url.query': shownQueryOf(head.target),
    'server.address': address,
    'server.port': port,
    'client.address': client,
    'network.peer.address': peer === client ? undefined : peer,
    'user_agent.original': headerValue(head.headers, 'user-agent')?.slice(0, longestAgent),
  };
}

/** `host:port`, as clients say it; no port if none was said. */
function authorityParts(authority: string): {
  readonly address: string | undefined;
  readonly port: number | undefined;
} {
  if (!isHostWithPort(authority)) return { address: authority || undefined, port: undefined };
  const colon = authority.lastIndexOf(':');
  return { address: authority.slice(0, colon), port: Number(authority.slice(colon + 1)) };
}
