import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@flotilla/contracts';

const elsewhere = 'Open the dashboard itself, or use a program such as curl.';

/**
 * Throws if a page of another origin has made a browser send the request. Stricter than the guard of every program, which lets pages
 * of this machine pass, whatever their port: none of them is to stop programs, or to read what the fleet does.
 *
 * @param otherwise what to do instead, for people
 */
export function requireSameOrigin(
  headers: IncomingHttpHeaders,
  allowed: readonly string[],
  otherwise: string = elsewhere,
): void {
  const site = headers['sec-fetch-site'];
  const { origin, host = '' } = headers;
  if (origin !== undefined && isAllowedOrigin(origin, allowed)) return;
  // Set by the browser; no page can change it. `none`: a person has typed the address.
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (origin === undefined || isOf(origin, host))) return;
  throw new AppError('FOREIGN_ORIGIN', {
    detail: `The page is from ${(origin ?? 'another site').slice(0, 100)}. ${otherwise}`,
  });
}

/** Whether `ALLOWED_ORIGINS` names the origin. */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => each === '*' || each.toLowerCase() === origin.toLowerCase());
}

/** Whether a page of this origin was served by this host. A default port may be written out. */
function isOf(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  return page !== null && page.host !== '' && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}
