import { AppError } from '@flotilla/contracts';
import { createOwnHosts, isLoopbackHost, type OwnHostOptions } from './own-hosts.ts';

/** The fields the guard may ask for. */
export type GuardField = 'origin' | 'sec-fetch-site' | 'via' | 'x-forwarded-host';

/**
 * Returns why a request is refused, if a foreign page could have made a browser send it; `request` is passed to the function
 * that reads its fields. Called for every request, so it allocates nothing unless it refuses.
 */
export interface RequestGuard<Request> {
  refusal(method: string, upgrades: boolean, host: string, request: Request): AppError | undefined;
}

/** What {@link createRequestGuard} needs. */
export interface RequestGuardOptions<Request> extends OwnHostOptions {
  /**
   * Origins of other pages that may change something: `https://app.example.com`; `*` for all. `none`: no setting allows any.
   */
  readonly allowedOrigins: readonly string[] | 'none';
  /** Whether to check origins. Default true. A public gateway leaves that to the services behind it. */
  readonly checkOrigins?: boolean;
  /** Reads a header field of a request; several of one name are joined. */
  readonly field: (request: Request, name: GuardField) => string | undefined;
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Refuses requests for a name that is not this program's, and requests from a page of another origin that change something
 * or open a WebSocket. A client that is not a browser sends no `Origin` and an honest `Host`.
 */
export function createRequestGuard<Request>(options: RequestGuardOptions<Request>): RequestGuard<Request> {
  const { field } = options;
  const isOwnHost = createOwnHosts(options);
  const isSetting = options.allowedOrigins !== 'none';
  const allowed = new Set(isSetting ? options.allowedOrigins.map((origin) => origin.toLowerCase()) : []);
  const checkOrigins = (options.checkOrigins ?? true) && !allowed.has('*');
  // Almost every request names the same host as the previous one.
  let lastOwnHost = '';

  function isForeignOrigin(host: string, request: Request): boolean {
    const site = field(request, 'sec-fetch-site');
    // Set by the browser; no page can change it.
    if (site === 'same-origin' || site === 'none') return false;
    const origin = field(request, 'origin')?.toLowerCase();
    if (origin === undefined) return site !== undefined;
    if (allowed.has(origin)) return false;
    const page = URL.canParse(origin) ? new URL(origin).host : '';
    if (page === '') return true;
    // Pages of this machine, whatever their port, such as a development server next to the fleet.
    if (isLoopbackHost(page) && isLoopbackHost(host)) return false;
    // A proxy in front may have set Host to its own name for the service.
    const asked = [host, ...(field(request, 'x-forwarded-host') ?? '').split(',')];
    return !asked.some((name) => isSameHost(page, name.trim().toLowerCase(), origin));
  }

  return {
    refusal(method, upgrades, host, request) {
      if (host !== lastOwnHost) {
        // A request from a proxy has the name of the proxy, which has already decided about it. A browser lets no page set
        // `Via` (Fetch Standard, forbidden request-headers), so no page can pretend to be a proxy.
        if (isOwnHost(host)) lastOwnHost = host;
        else if (field(request, 'via') === undefined) return foreignHost(host);
      }
      if (!checkOrigins || (safeMethods.has(method) && !upgrades)) return undefined;
      return isForeignOrigin(host, request) ? foreignOrigin(field(request, 'origin'), isSetting) : undefined;
    },
  };
}

/** Whether the host of a page's origin is the one that was asked for. A default port may be written out. */
function isSameHost(page: string, asked: string, origin: string): boolean {
  if (asked === '') return false;
  if (page === asked) return true;
  const scheme = origin.slice(0, origin.indexOf(':') + 1);
  return URL.canParse(`${scheme}//${asked}/`) && new URL(`${scheme}//${asked}/`).host === page;
}

function foreignHost(host: string): AppError {
  const shown = host.slice(0, 100);
  return new AppError('FOREIGN_HOST', {
    detail: `The request is for "${shown}". If this program has that name, add it to ALLOWED_HOSTS.`,
  });
}

function foreignOrigin(origin = 'elsewhere', isSetting: boolean): AppError {
  const advice = isSetting
    ? 'If it may change something here, add its origin to ALLOWED_ORIGINS.'
    : "Pages can never change anything on the operators' port: use a program such as curl.";
  return new AppError('FOREIGN_ORIGIN', { detail: `The page is from ${origin.slice(0, 100)}. ${advice}` });
}
