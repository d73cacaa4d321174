import type { HeaderList } from './header-list.ts';
import { headerValues } from './header-list.ts';
import { isOfThisHop, nominatedFields } from './hop-by-hop.ts';

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
