import type { ConsulApi } from '../base/consul-api.ts';
import { type OwnNode, placeOf } from '../shapes/own-node.ts';

/** `/v1/status/…`: this registry is its own leader and only peer. */
export function statusRoutes(api: ConsulApi, own: OwnNode): void {
  const place = placeOf(own);
  api.get('/status/leader', () => ({ json: place }));
  api.get('/status/peers', () => ({ json: [place] }));
}
