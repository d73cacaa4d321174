import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@flotilla/contracts';

/**
 * Throws if a page of another origin has made a browser send the request. Stricter than the guard of every program, which lets pages
 * of this machine pass, whatever their port: none of them is to stop programs, or to read what the fleet does.
 */
export function requireSameOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): void {
  const site = headers['sec-fetch-site'];
  const { origin, host = '' } = headers;
  if (origin !== undefined && allowed.some((each) => each === '*' || each.toLowerCase() === origin.toLowerCase()))
    return;
  // Set by the browser; no page can change it. `none`: a person has typed the address.
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (origin === undefined || isOf(origin, host))) return;
  throw new AppError('FOREIGN_ORIGIN', {
    detail: `The page is from ${(origin ?? 'another site').slice(0, 100)}. Open the dashboard itself, or use a program such as curl.`,
  });
}

/** Whether a page of this origin was served by this host. A default port may be written out. */
function isOf(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  return page !== null && page.host !== '' && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}
