import type { ConsulApi } from '../base/consul-api.ts';
import type { OwnNode } from '../shapes/own-node.ts';

/** `/v1/status/…`: this registry is its own leader and only peer. */
export function statusRoutes(api: ConsulApi, { address, port }: OwnNode): void {
  const place = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  api.get('/status/leader', () => ({ json: place }));
  api.get('/status/peers', () => ({ json: [place] }));
}
