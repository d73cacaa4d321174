import { formatTraceparent } from '@flotilla/kit/telemetry';
import { isHopByHop, nominatedFields } from './hop-by-hop.ts';
import type { RequestHead, RequestIdentity } from './request-head.ts';
import { type TrustedProxies, withoutMapping } from './trusted-proxies.ts';

/** This gateway's name in `Via` (RFC 9110, 7.6.3). */
const pseudonym = 'flotilla';

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
  const nominated = nominatedFields(head.headers);
  const fields: string[] = ['Host', head.host];
  let forwardedFor = '';
  let forwarded = '';
  let proto = '';
  let host = '';
  for (let at = 0; at < head.headers.length; at += 2) {
    const name = head.headers[at] ?? '';
    const value = head.headers[at + 1] ?? '';
    const lower = name.toLowerCase();
    switch (lower) {
      case 'host':
      case 'x-request-id':
      case 'traceparent':
      case 'tracestate':
        continue;
      case 'x-forwarded-for':
        if (believed) forwardedFor = forwardedFor === '' ? value : `${forwardedFor}, ${value}`;
        continue;
      case 'forwarded':
        if (believed) forwarded = forwarded === '' ? value : `${forwarded}, ${value}`;
        continue;
      case 'x-forwarded-proto':
        if (believed && proto === '') proto = value;
        continue;
      case 'x-forwarded-host':
        if (believed && host === '') host = value;
        continue;
      case 'x-forwarded-port':
      case 'x-real-ip':
        if (!believed) continue;
        break;
      default:
        if (isHopByHop(lower, nominated) || lower.includes('_')) continue;
    }
    fields.push(name, value);
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
