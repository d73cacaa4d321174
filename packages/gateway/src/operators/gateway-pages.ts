import { AppError, type Locale } from '@flotilla/contracts';
import type { OperatorsPage } from '@flotilla/kit/service';
import type { OperatorsPath } from '../config/own-paths.ts';
import type { RouteExplanation, RouteView, UpstreamView } from './views.ts';

/** What a gateway tells of itself. */
export interface GatewayInside {
  /** In the order of the file. */
  readonly routes: readonly RouteView[];
  /** As all its processes together see them. */
  upstreams(locale: Locale): Promise<readonly UpstreamView[]>;
  /**
   * What it would do with a request, without doing it.
   *
   * @param question see `readQuestion`
   */
  explain(question: unknown, locale: Locale): RouteExplanation;
}

/**
 * The pages on which a gateway tells of itself.
 *
 * @param inside undefined while it still starts
 */
export function gatewayPages(inside: () => GatewayInside | undefined): readonly OperatorsPage[] {
  const built = (): GatewayInside => {
    const found = inside();
    if (found !== undefined) return found;
    throw new AppError('SERVICE_UNAVAILABLE', { parameters: { service: 'gateway' }, retryAfterMs: 1_000 });
  };
  const pages: readonly (OperatorsPage & { readonly path: OperatorsPath })[] = [
    { method: 'GET', path: '/flotilla/routes', answer: () => ({ routes: built().routes }) },
    {
      method: 'GET',
      path: '/flotilla/upstreams',
      answer: async (_body, locale) => ({ services: await built().upstreams(locale) }),
    },
    { method: 'POST', path: '/flotilla/explain', answer: (body, locale) => built().explain(body, locale) },
  ];
  return pages;
}
