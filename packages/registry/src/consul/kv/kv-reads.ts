import type { Registry } from '../../registry.ts';
import type { Answer } from '../base/answer.ts';
import type { Read } from '../base/blocking-read.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { Refusal } from '../base/refusal.ts';
import { keyShape } from './key-shape.ts';

/** As Consul sends values: no browser is to take one for a page. */
const rawHeaders = {
  'content-type': 'text/plain',
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
} as const;

/** `GET /v1/kv/…`: one key, all that begin so (`recurse`), or their names (`keys`). */
export function kvReads(api: ConsulApi, { keys }: Pick<Registry, 'keys'>): void {
  api.read('/kv/*', ({ rest, parameters }): Read => {
    if (parameters.has('keys')) {
      const separator = parameters.get('separator') ?? '';
      return {
        topics: [keys.topicOfPrefix(rest)],
        show: () => listed([...namesOf(keys, rest, separator)]),
      };
    }
    if (parameters.has('recurse'))
      return {
        topics: [keys.topicOfPrefix(rest)],
        show: () => listed(Array.from(keys.under(rest), keyShape)),
      };
    if (rest === '') throw new Refusal(400, 'Missing key name');
    const show = (): Answer => {
      const entry = keys.get(rest);
      if (entry === undefined) return { status: 404 };
      if (!parameters.has('raw')) return { json: [keyShape(entry)] };
      return { bytes: Buffer.from(entry.value, 'base64'), headers: rawHeaders };
    };
    return { topics: [keys.topicOfKey(rest)], show };
  });
}

/** What there is none of is not found. */
function listed(found: readonly unknown[]): Answer {
  return found.length === 0 ? { status: 404 } : { json: found };
}

/** The names that begin with a prefix; each only up to the first separator after that, and once. */
function* namesOf(keys: Registry['keys'], prefix: string, separator: string): Generator<string, void, void> {
  let last: string | undefined;
  for (const { key } of keys.under(prefix)) {
    const end = separator === '' ? -1 : key.indexOf(separator, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + separator.length);
    if (name !== last) yield name;
    last = name;
  }
}
