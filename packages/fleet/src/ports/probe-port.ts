import { createServer } from 'node:net';
import { isWrongHost } from '@flotilla/kit/wrong-host';

/** What trying to listen on a port says. */
export type PortState =
  | { readonly kind: 'free' }
  | { readonly kind: 'in-use' }
  /** The port has nothing to do with it: no such address on this machine, or no such name. */
  | { readonly kind: 'wrong-host'; readonly code: string }
  /** Ports below 1024, on most systems. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Tries to listen on the port for a moment. `host` undefined means every address of the machine. */
export function probePort(port: number, host: string | undefined): Promise<PortState> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => resolve(stateOf(error)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve({ kind: 'free' })));
  });
}

function stateOf({ code = '', message }: NodeJS.ErrnoException): PortState {
  switch (code) {
    case 'EADDRINUSE':
      return { kind: 'in-use' };
    case 'EACCES':
      return { kind: 'forbidden' };
    default:
      return isWrongHost(code) ? { kind: 'wrong-host', code } : { kind: 'unusable', reason: message };
  }
}
