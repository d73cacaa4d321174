import { AppError, chooseLocale, type Locale } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import type { OperatorsPage } from '@flotilla/kit/service';
import type { LocalRequest } from '../engine/local-response.ts';
import { headerValue } from '../headers/header-list.ts';
import { tellsOrigin } from '../headers/origin-fields.ts';
import type { RequestHead } from '../headers/request-head.ts';
import { withoutMapping } from '../headers/trusted-proxies.ts';
import type { LocalRoute } from '../local/local-routes.ts';

/** A question is as large as the head that it is about. */
const bodyLimitBytes = 65_536;

/**
 * The pages for operators on the main port, where they have no port of their own: for callers on this machine alone. To
 * everybody else there is nothing.
 */
export function localPages(pages: readonly OperatorsPage[], defaultLocale: Locale): readonly LocalRoute[] {
  return pages.map(({ method, path, answer }) => ({
    path,
    ...(method === 'POST' ? { methods: ['POST'], bodyLimitBytes } : {}),
    async respond({ body, head }: LocalRequest) {
      if (!isOfThisMachine(head)) throw new AppError('ROUTE_NOT_FOUND');
      const locale = chooseLocale(headerValue(head.headers, 'accept-language'), defaultLocale);
      const value = await answer(method === 'POST' ? parsed(body) : undefined, locale);
      const headers = ['Content-Type', 'application/json; charset=utf-8', 'Cache-Control', 'no-store'];
      return { status: 200, headers, body: JSON.stringify(value) };
    },
  }));
}

function parsed(body: Buffer): unknown {
  const read = readJson(body);
  if (read.ok) return read.value;
  throw new AppError('INVALID_JSON');
}

/**
 * Whether nobody but a process of this machine can have sent it: not a proxy here for somebody elsewhere, nor a page whose
 * name leads to this machine.
 */
function isOfThisMachine({ headers, host, remoteAddress }: RequestHead): boolean {
  const peer = withoutMapping(remoteAddress);
  if (peer !== '::1' && !peer.startsWith('127.')) return false;
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)) return false;
  return !headers.some((name, at) => at % 2 === 0 && (tellsOrigin(name) || name.toLowerCase() === 'via'));
}
