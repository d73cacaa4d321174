import path from 'node:path';
import type { LaunchOrSkip, ProxyKind } from './proxy-kind.ts';

/** Our gateway on its socket engine, with everything on that a gateway always does. */
export const flotilla: ProxyKind = {
  name: 'flotilla',
  title: 'Flotilla',
  prepare: () => ({ version: `Node ${process.versions.node}` }),
  launch({ port, upstreamPort, workers, tls }): LaunchOrSkip {
    if (tls !== undefined) return { skipped: 'it has no TLS listener yet' };
    if (workers > 1) return { skipped: 'it has no workers yet' };
    return {
      command: process.execPath,
      args: [path.join(import.meta.dirname, '../flotilla-proxy.ts'), String(port), String(upstreamPort)],
    };
  },
};
