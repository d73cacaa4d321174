import type { Logger } from '@flotilla/kit/logger';
import type { SetAsideReason } from '../health/instance-health.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { UpstreamObserver } from '../upstream/upstream-set.ts';

/** Says why an instance gets no requests, and when it does again. */
export class UpstreamLog implements UpstreamObserver {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  upstreamSetAside(upstream: Upstream, reason: SetAsideReason): void {
    this.#logger.warn({ ...named(upstream), reason }, 'instance set aside until a probe passes');
  }

  upstreamReturned(upstream: Upstream): void {
    this.#logger.info(named(upstream), 'instance back in use');
  }
}

function named({ service, id, authority }: Upstream): Readonly<Record<string, unknown>> {
  return { upstreamService: service, upstreamId: id, upstream: authority };
}
