import path from 'node:path';
import type { LaunchOrSkip, ProxyKind } from './proxy-kind.ts';

const program = path.join(import.meta.dirname, '../flotilla-gateway.ts');

/** What `flotilla up` tells Node about memory. */
const nodeOptions = ['--max-semi-space-size=4', '--liftoff-only', '--no-sparkplug'];

/** Our gateway as users run it, with everything on that a gateway always does. */
export const flotilla: ProxyKind = {
  name: 'flotilla',
  title: 'Flotilla',
  prepare: () => ({ version: `on Node ${process.versions.node}` }),
  launch({ port, upstreamPort, workers, tls }): LaunchOrSkip {
    const secure = tls && { TLS_PORT: String(port), TLS_CERT_FILE: tls.certFile, TLS_KEY_FILE: tls.keyFile };
    return {
      command: process.execPath,
      args: [...nodeOptions, program],
      env: {
        SERVER_HOST: '127.0.0.1',
        // With TLS, that port is the one to use; HTTP is served beside.
        SERVER_PORT: tls === undefined ? String(port) : '0',
        MAX_WORKERS: String(workers),
        UPSTREAM_PORT: String(upstreamPort),
        LOG_LEVEL: 'warn',
        ...secure,
      },
    };
  },
};
