import { type HeaderList, headerValues } from './header-list.ts';
import { isOfThisHop, nominatedFields } from './hop-by-hop.ts';
import { tellsOrigin } from './origin-fields.ts';

/** What goes along in each call, beside what tells the origin: what the gateway says itself, and the context of the trace. */
const always: ReadonlySet<string> = new Set(['via', 'x-request-id', 'traceparent', 'tracestate', 'baggage']);

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
    if (passedOn.has(lower) || always.has(lower) || tellsOrigin(lower)) kept.push(name, fields[at + 1] ?? '');
  }
  return kept;
}

/** Made anew for each answer. */
const ids: ReadonlySet<string> = new Set(['x-request-id', 'x-trace-id']);

/** Of an answer to a call of the gateway's own, the fields that can be a client's: end to end, without the ids. */
export function relayedFields(fields: HeaderList): string[] {
  const options = headerValues(fields, 'connection').flatMap((value) => value.toLowerCase().split(','));
  const nominated = nominatedFields(options.map((option) => option.trim()));
  const kept: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const lower = name.toLowerCase();
    if (isOfThisHop(lower) || ids.has(lower) || nominated.includes(lower)) continue;
    kept.push(name, fields[at + 1] ?? '');
  }
  return kept;
}
