import type { HeaderList } from './header-list.ts';
import { tellsOrigin } from './origin-fields.ts';

/** What the gateway says itself in each call, beside what tells the origin. */
const ours: ReadonlySet<string> = new Set(['via', 'x-request-id', 'traceparent', 'tracestate']);

/**
 * Of a request's fields as they would go upstream, those for a call that the gateway makes on the request's behalf.
 *
 * @param passedOn which of the client's own, in lower case
 */
export function ownCallFields(fields: HeaderList, passedOn: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const lower = name.toLowerCase();
    if (passedOn.has(lower) || ours.has(lower) || tellsOrigin(lower)) kept.push(name, fields[at + 1] ?? '');
  }
  return kept;
}
