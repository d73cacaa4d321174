import { fieldNameId, fieldNameOf } from '@flotilla/http1';
import { formatTraceparent } from '@flotilla/kit/telemetry';
import { fieldActions, leaveOut, nominatedFields, passOn } from './hop-by-hop.ts';
import { maxForwards } from './max-forwards.ts';
import type { RequestHead, RequestIdentity } from './request-head.ts';
import { type TrustedProxies, withoutMapping } from './trusted-proxies.ts';

/** This gateway's name in `Via` (RFC 9110, 7.6.3). */
const pseudonym = 'flotilla';

const maxForwardsField = fieldNameId('max-forwards');

const actions = fieldActions([
  'host',
  'x-request-id',
  'traceparent',
  'tracestate',
  'x-forwarded-for',
  'forwarded',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'max-forwards',
]);

/**
 * The fields of a request as they go upstream. The client's end-to-end fields in their order and case, then ours:
 * who the client is (`X-Forwarded-*`, `Forwarded`), `Via`, the request id and the trace context.
 *
 * - What an untrusted peer says about where it comes from is dropped; what a trusted proxy says is continued.
 * - Names with an underscore are dropped: many servers can't tell them from the same name with a dash.
 * - Framing fields and `Expect` are left out; the engine adds them from what it parsed. `Host` is the first field.
 */
export function upstreamRequestFields(head: RequestHead, identity: RequestIdentity, trusted: TrustedProxies): string[] {
  const peer = withoutMapping(head.remoteAddress);
  const believed = trusted.trusts(peer);
  const nominated = nominatedFields(head.connection);
  const { fieldIds, headers } = head;
  const fields: string[] = ['Host', head.host];
  let forwardedFor = '';
  let forwarded = '';
  let proto = '';
  let host = '';
  for (let index = 0; index < fieldIds.length; index++) {
    const id = fieldIds[index] ?? 0;
    const action = actions[id] ?? leaveOut;
    if (action === leaveOut) continue;
    const name = headers[index * 2] ?? '';
    const value = headers[index * 2 + 1] ?? '';
    if (action === passOn) {
      if (id === 0 && name.includes('_')) continue;
      if (nominated.length > 0 && nominated.includes(name.toLowerCase())) continue;
      fields.push(name, value);
      continue;
    }
    if (id === maxForwardsField) {
      const left = maxForwards(head);
      fields.push(name, left === undefined ? value : String(left - 1));
      continue;
    }
    if (!believed) continue;
    switch (fieldNameOf(id)) {
      case 'x-forwarded-for':
        forwardedFor = forwardedFor === '' ? value : `${forwardedFor}, ${value}`;
        break;
      case 'forwarded':
        forwarded = forwarded === '' ? value : `${forwarded}, ${value}`;
        break;
      case 'x-forwarded-proto':
        if (proto === '') proto = value;
        break;
      case 'x-forwarded-host':
        if (host === '') host = value;
        break;
      case 'x-forwarded-port':
      case 'x-real-ip':
        fields.push(name, value);
        break;
      default:
      // `Host` and the ids are written anew, whoever sent them.
    }
  }
  fields.push(
    'X-Forwarded-For',
    forwardedFor === '' ? peer : `${forwardedFor}, ${peer}`,
    'X-Forwarded-Proto',
    proto === '' ? head.scheme : proto,
    'X-Forwarded-Host',
    host === '' ? head.host : host,
    'Forwarded',
    forwarded === '' ? forwardedElement(peer, head) : `${forwarded}, ${forwardedElement(peer, head)}`,
    'Via',
    `${head.httpVersion} ${pseudonym}`,
    'X-Request-Id',
    identity.requestId,
    'traceparent',
    formatTraceparent(identity.trace),
  );
  if (identity.trace.tracestate !== undefined) fields.push('tracestate', identity.trace.tracestate);
  return fields;
}

/** One element of RFC 7239. An IPv6 address goes in brackets and quotes, a host with a port in quotes. */
function forwardedElement(peer: string, head: RequestHead): string {
  const node = peer.includes(':') ? `"[${peer}]"` : peer;
  const host = head.host === '' ? '' : `;host="${head.host}"`;
  return `for=${node}${host};proto=${head.scheme}`;
}
