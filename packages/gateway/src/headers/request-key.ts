import { hashOf } from '../balance/hash.ts';
import type { KeySource } from '../balance/key-source.ts';
import { headerValues } from './header-list.ts';
import type { RequestHead } from './request-head.ts';
import { countedClient, type TrustedProxies } from './trusted-proxies.ts';

/** Reads the key of a request, for a balancer that asks for one; undefined when the request has none. */
export type KeyReader = (
  head: RequestHead,
  parameters: ReadonlyMap<string, string>,
  trusted: TrustedProxies,
) => number | undefined;

/** Makes the reader for what the routes file names. */
export function compileKeyReader({ from, name = '' }: KeySource): KeyReader {
  const lowerName = name.toLowerCase();
  switch (from) {
    case 'header':
      // What the client asked for, also when it says so in the target or as `:authority`.
      if (lowerName === 'host') return (head) => keyOf(head.host.toLowerCase());
      return (head) => keyOf(headerValues(head.headers, lowerName).join(','));
    case 'cookie':
      return (head) => keyOf(cookieValue(head, name));
    case 'parameter':
      return (_head, parameters) => keyOf(parameters.get(name));
    case 'client':
      return (head, _parameters, trusted) => keyOf(countedClient(head, trusted));
    default:
      return from satisfies never;
  }
}

/** An empty value says nothing about whom the request belongs with. */
function keyOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : hashOf(text);
}

/** The first cookie of that name, as it came. HTTP/2 may split the field between cookies (RFC 9113, 8.2.3). */
function cookieValue(head: RequestHead, name: string): string | undefined {
  for (const field of headerValues(head.headers, 'cookie')) {
    for (const pair of field.split(';')) {
      const equals = pair.indexOf('=');
      if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
    }
  }
  return undefined;
}
