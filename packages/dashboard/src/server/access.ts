import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@flotilla/contracts';

/** Who may use the dashboard. Without a token, whoever reaches it: that is this machine alone. */
export class DashboardAccess {
  readonly #token: string | undefined;
  /** Ports of one host share their cookies, so each dashboard has one of its own. */
  readonly cookieName: string;

  constructor(token: string | undefined, port: number) {
    this.#token = token;
    this.cookieName = `flotilla_dashboard_${port}`;
  }

  /** Whether somebody has to show a token. */
  get isGuarded(): boolean {
    return this.#token !== undefined;
  }

  /** Whether the request shows the token, as `Authorization: Bearer` or by the cookie of the login page. */
  isAllowed({ authorization = '', cookie = '' }: IncomingHttpHeaders): boolean {
    if (this.#token === undefined) return true;
    const [, shown] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (shown !== undefined) return this.knows(shown);
    const own = cookie
      .split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${this.cookieName}=`));
    return own !== undefined && isSame(own.slice(this.cookieName.length + 1), this.#session(this.#token));
  }

  /** Whether it is the token. */
  knows(shown: string): boolean {
    return this.#token !== undefined && isSame(shown, this.#token);
  }

  /** The cookie that a login sets. It holds what only the token makes, not the token, and stays valid over restarts. */
  cookie(isSecure: boolean): string {
    return `${this.cookieName}=${this.#session(this.#token ?? '')}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000${isSecure ? '; Secure' : ''}`;
  }

  /** The cookie that a logout sets. */
  get noCookie(): string {
    return `${this.cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
  }

  /** Throws unless the request shows the token. */
  require(headers: IncomingHttpHeaders): void {
    if (this.isAllowed(headers)) return;
    throw new AppError('UNAUTHENTICATED', {
      detail:
        'Show the token of the dashboard (DASHBOARD_TOKEN) as "Authorization: Bearer <token>", or log in at /login.',
      challenges: ['Bearer realm="flotilla dashboard"'],
    });
  }

  #session(token: string): string {
    return createHmac('sha256', token).update('flotilla dashboard session').digest('base64url');
  }
}

/** Compares in a time that tells nothing of how much is equal. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
