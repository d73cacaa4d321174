import type { ProxyRoute } from '../config/proxy-route.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { CompiledRoute } from '../routes/compile-routes.ts';
import type { Match, TableEntry } from '../routes/route-table.ts';

type Entry = TableEntry<CompiledRoute>;

/** How the route was found, in a sentence. */
export function describeMatch(
  match: Match<CompiledRoute>,
  fitting: readonly Entry[],
  path: string,
  method: string,
): string {
  const names = fitting.map(named);
  switch (match.kind) {
    case 'none':
      return `no route fits ${path}`;
    case 'wrong-method':
      return `${counted(names)} ${path}, but ${names.length === 1 ? 'it does' : 'they do'} not have ${method}`;
    case 'found': {
      const { template } = match.entry.pattern;
      if (names.length === 1) return `${template} is the only route that fits ${path}`;
      return `${counted(names)} ${path}; ${template} is the most specific one that has ${method}`;
    }
    default:
      return match satisfies never;
  }
}

function counted(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]} fits` : `${names.length} routes (${names.join(', ')}) fit`;
}

function named({ methods, pattern }: Entry): string {
  return methods === undefined
    ? pattern.template
    : `${[...methods].filter((method) => method !== 'HEAD').join(' ')} ${pattern.template}`;
}

const repeated: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** What happens if an instance does not answer. */
export function retrySteps(
  head: RequestHead,
  { idempotencyKeys, maxAttempts, service, timeouts }: ProxyRoute,
): readonly string[] {
  const wait = `${service} must begin to answer within ${timeouts.firstByteMs} ms`;
  if (maxAttempts <= 1) return [wait, 'a failed attempt is not repeated: the route has maxAttempts 1'];
  const again = `up to ${maxAttempts} attempts`;
  if (repeated.has(head.method)) return [wait, `a failed attempt is repeated at another instance, ${again}`];
  if (idempotencyKeys && headerValue(head.headers, 'idempotency-key') !== undefined)
    return [wait, `a failed attempt is repeated at another instance, ${again}: the request has an Idempotency-Key`];
  const key = idempotencyKeys ? ' and has no Idempotency-Key' : '';
  return [
    wait,
    `a failed attempt is only repeated if no instance can have read it, since ${head.method} may change something${key}`,
  ];
}
