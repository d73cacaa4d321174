import type { HeaderList } from './header-list.ts';
import { isHopByHop, nominatedFields } from './hop-by-hop.ts';
import type { RequestIdentity } from './request-head.ts';

/**
 * The fields of an upstream's response as they go to the client: its end-to-end fields in their order and case, and
 * the ids of this request. Framing fields are left out; the engine adds them from what it parsed.
 */
export function clientResponseFields(headers: HeaderList, identity: RequestIdentity): string[] {
  const nominated = nominatedFields(headers);
  const fields: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'x-request-id' || lower === 'x-trace-id' || isHopByHop(lower, nominated)) continue;
    fields.push(name, headers[at + 1] ?? '');
  }
  fields.push('X-Request-Id', identity.requestId, 'X-Trace-Id', identity.trace.traceId);
  return fields;
}
