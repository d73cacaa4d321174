import { AppError, isAppError } from '@flotilla/contracts';

/**
 * The addresses of one registry. Work goes to the one that worked last; when it can't be reached the next is tried,
 * each once per call.
 */
export class RegistryAddresses {
  readonly #urls: readonly URL[];
  #current = 0;

  /** A path in front, as behind a proxy, is kept; query and fragment are not. */
  constructor(urls: readonly URL[]) {
    this.#urls = urls.map(({ origin, pathname }) => new URL(pathname.replace(/\/?$/, '/'), origin));
  }

  /**
   * Runs `work` with one base URL after the other until it does not fail with REGISTRY_UNAVAILABLE. Foreign errors are
   * taken for that: whatever the network says, it means that this registry could not be asked.
   */
  async tryInTurn<T>(signal: AbortSignal, work: (base: URL) => Promise<T>): Promise<T> {
    let last: unknown;
    let at = this.#current;
    for (let tried = 0; tried < this.#urls.length; tried += 1) {
      const base = this.#urls[at];
      if (base === undefined) break;
      try {
        return await work(base);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        last = asRegistryError(error, base);
        if (!isUnavailable(last)) throw last;
        const next = (at + 1) % this.#urls.length;
        // Only once for each address that fails, however many calls find out.
        if (this.#current === at) this.#current = next;
        at = next;
      }
    }
    throw last;
  }
}

/** Whether `error` says that the registry could not be asked, so that asking again later makes sense. */
export function isUnavailable(error: unknown): boolean {
  return isAppError(error, 'REGISTRY_UNAVAILABLE');
}

function asRegistryError(error: unknown, base: URL): AppError {
  if (isAppError(error)) return error;
  return new AppError('REGISTRY_UNAVAILABLE', { detail: `${base.origin}: ${explain(error)}`, cause: error });
}

/** What a network error means in words, with what to look at. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there. Is the registry running, and is the address correct?';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name has no address. Is it spelled correctly, and does DNS work?';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection was lost';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return 'the host is unreachable. Is the network up, and is there a firewall in between?';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
