import { fieldNameId, fieldNameOf } from '@flotilla/http1';
import { formatTraceparent } from '@flotilla/kit/telemetry';
import { type HeaderList, headerValue } from './header-list.ts';
import { fieldActions, leaveOut, nominatedFields, passOn } from './hop-by-hop.ts';
import { hasAlias, tellsOrigin } from './origin-fields.ts';
import type { RequestHead, RequestIdentity } from './request-head.ts';
import { type TrustedProxies, withoutMapping } from './trusted-proxies.ts';

/** What a request that is passed on says of this gateway, and whom it believes. */
export interface ForwardingRules {
  /** Whose word about what is behind them is believed. */
  readonly trusted: TrustedProxies;
  /** This gateway's name in `Via` (RFC 9110, 7.6.3): its own, the same in all its workers, so that it knows it again. */
  readonly via: string;
}

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
 * - What an untrusted peer says about where it comes from is dropped, by whatever field proxies say it; what a trusted
 *   proxy says is continued.
 * - Names with an underscore are dropped: many servers can't tell them from the same name with a dash. So are other
 *   spellings of what tells an origin.
 * - Framing fields and `Expect` are left out; the engine adds them from what it parsed. `Host` is the first field.
 */
export function upstreamRequestFields(head: RequestHead, identity: RequestIdentity, rules: ForwardingRules): string[] {
  const peer = withoutMapping(head.remoteAddress);
  const believed = rules.trusted.trusts(peer);
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
      if (id === 0 && !mayPass(name, believed)) continue;
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
    `${head.httpVersion} ${rules.via}`,
    'X-Request-Id',
    identity.requestId,
    'traceparent',
    formatTraceparent(identity.trace),
  );
  if (identity.trace.tracestate !== undefined) fields.push('tracestate', identity.trace.tracestate);
  return fields;
}

/** A request's trailers as they go upstream: nobody tells an origin so late, and some servers add them to the head. */
export function upstreamTrailers(trailers: HeaderList): string[] {
  const kept: string[] = [];
  for (let at = 0; at < trailers.length; at += 2) {
    const name = trailers[at] ?? '';
    if (mayPass(name, false)) kept.push(name, trailers[at + 1] ?? '');
  }
  return kept;
}

/** Whether a field with an unusual name goes upstream. */
function mayPass(name: string, believed: boolean): boolean {
  if (name.includes('_')) return false;
  return !tellsOrigin(name) || (believed && !hasAlias(name));
}

/** One element of RFC 7239. An IPv6 address goes in brackets and quotes, a host with a port in quotes. */
function forwardedElement(peer: string, head: RequestHead): string {
  const node = peer.includes(':') ? `"[${peer}]"` : peer;
  const host = head.host === '' ? '' : `;host="${head.host}"`;
  return `for=${node}${host};proto=${head.scheme}`;
}

const viaField = fieldNameId('via');

/**
 * Whether a request has already passed the gateway of this name: `Via` (RFC 9110, 7.6.3) then names it. Passing it on
 * once more would make it go round until its head is too large.
 *
 * @param name compared without regard to case: a proxy on the way may have changed it
 */
export function hasPassed(head: RequestHead, name: string): boolean {
  const { fieldIds, headers } = head;
  // Nearly every request has none.
  let at = fieldIds.indexOf(viaField);
  const lower = name.toLowerCase();
  for (; at >= 0; at = fieldIds.indexOf(viaField, at + 1)) {
    const value = headers[at * 2 + 1] ?? '';
    for (const element of value.split(',')) {
      // `1.1 name`, `HTTP/2 name:80 (comment)`: the second word.
      if (/^\s*\S+\s+([^\s()]+)/.exec(element)?.[1]?.toLowerCase() === lower) return true;
    }
  }
  return false;
}

const number = /^\d{1,9}$/;

/**
 * How often an OPTIONS request may still be passed on (RFC 9110, 7.6.2): 0 = not at all, so that whoever has it answers.
 * Undefined when nothing is said, or of other methods, for which the field may be ignored.
 */
export function maxForwards(head: RequestHead): number | undefined {
  if (head.method !== 'OPTIONS') return undefined;
  const value = headerValue(head.headers, 'max-forwards');
  return value === undefined || !number.test(value) ? undefined : Number(value);
}
