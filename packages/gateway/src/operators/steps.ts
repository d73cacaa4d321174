import type { Translated } from '@flotilla/contracts';
import type { ProxyRoute } from '../config/proxy-route.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { CompiledRoute } from '../routes/compile-routes.ts';
import type { Match, TableEntry } from '../routes/route-table.ts';
import { both } from './both.ts';

type Entry = TableEntry<CompiledRoute>;

/** How the route was found, in a sentence. */
export function describeMatch(
  match: Match<CompiledRoute>,
  fitting: readonly Entry[],
  path: string,
  method: string,
): Translated {
  const names = fitting.map(named);
  switch (match.kind) {
    case 'none':
      return both(`no route fits ${path}`, `没有路由匹配 ${path}`);
    case 'wrong-method':
      return both(
        `${counted(names)} ${path}, but ${names.length === 1 ? 'it does' : 'they do'} not have ${method}`,
        `${countedInChinese(names)}匹配 ${path}，但不接受 ${method}`,
      );
    case 'found': {
      const { template } = match.entry.pattern;
      if (names.length === 1)
        return both(`${template} is the only route that fits ${path}`, `只有路由 ${template} 匹配 ${path}`);
      return both(
        `${counted(names)} ${path}; ${template} is the most specific one that has ${method}`,
        `${countedInChinese(names)}匹配 ${path}；其中接受 ${method} 的最具体的路由是 ${template}`,
      );
    }
    default:
      return match satisfies never;
  }
}

function counted(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]} fits` : `${names.length} routes (${names.join(', ')}) fit`;
}

function countedInChinese(names: readonly string[]): string {
  return names.length === 1 ? `路由 ${names[0]} ` : `${names.length} 条路由（${names.join('、')}）`;
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
): readonly Translated[] {
  const wait = both(
    `${service} must begin to answer within ${timeouts.firstByteMs} ms`,
    `${service} 必须在 ${timeouts.firstByteMs} ms 内开始应答`,
  );
  if (maxAttempts <= 1)
    return [
      wait,
      both(
        'a failed attempt is not repeated: the route has maxAttempts 1',
        '失败的尝试不会重试：该路由的 maxAttempts 为 1',
      ),
    ];
  const again = `a failed attempt is repeated at another instance, up to ${maxAttempts} attempts`;
  const againInChinese = `失败的尝试会换一个实例重试，最多 ${maxAttempts} 次`;
  if (repeated.has(head.method)) return [wait, both(again, againInChinese)];
  if (idempotencyKeys && headerValue(head.headers, 'idempotency-key') !== undefined)
    return [wait, both(`${again}: the request has an Idempotency-Key`, `${againInChinese}：请求带有 Idempotency-Key`)];
  const key = idempotencyKeys ? ' and has no Idempotency-Key' : '';
  const keyInChinese = idempotencyKeys ? '，又没有 Idempotency-Key' : '';
  return [
    wait,
    both(
      `a failed attempt is only repeated if no instance can have read it, since ${head.method} may change something${key}`,
      `只有确定没有实例读到过请求，失败的尝试才会重试，因为 ${head.method} 可能有副作用${keyInChinese}`,
    ),
  ];
}
