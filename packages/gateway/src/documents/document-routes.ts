import type { LocalRequest, LocalResponse } from '../engine/local-response.ts';
import type { LocalRoute } from '../local/local-routes.ts';
import type { GatewayDocuments, GatewayDocumentsOptions } from './gateway-documents.ts';

/**
 * Where the gateway describes what its routes expose. A route that takes such a path keeps it. What makes the documents is loaded
 * with the first request for one: a gateway that nobody asks spends nothing on them.
 */
export function documentRoutes(options: GatewayDocumentsOptions): readonly LocalRoute[] {
  let loading: Promise<GatewayDocuments> | undefined;
  const documents = (): Promise<GatewayDocuments> =>
    (loading ??= import('./gateway-documents.ts').then((loaded) => new loaded.GatewayDocuments(options)));
  const routes = [
    {
      path: '/openapi.json',
      respond: async (request: LocalRequest): Promise<LocalResponse> => (await documents()).json(request),
    },
    {
      path: '/docs',
      respond: async (request: LocalRequest): Promise<LocalResponse> => (await documents()).page(request),
    },
  ];
  return routes.filter(({ path }) => options.routes.table.match(path, 'GET').kind === 'none');
}
