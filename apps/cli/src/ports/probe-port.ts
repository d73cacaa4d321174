import { createServer } from 'node:net';

/** What trying to listen on a port says. */
export type PortState =
  | { readonly kind: 'free' }
  | { readonly kind: 'in-use' }
  /** Not allowed (ports below 1024), or the address is not of this machine. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Tries to listen on the port for a moment. `host` undefined means every address of the machine. */
export function probePort(port: number, host: string | undefined): Promise<PortState> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRINUSE' ? { kind: 'in-use' } : { kind: 'unusable', reason: error.message });
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve({ kind: 'free' })));
  });
}
