import type { Server } from 'node:net';
import type { Listen, ListenAddress, WorkerSeat } from './worker-seat.ts';

/** Connections that may wait to be accepted. The system lowers it to its own limit. */
const listenBacklog = 4096;

/** Listens on a socket of its own. */
export const listenAlone: Listen = (server, where) => startListening(server, where);

/** The seat of a program that is one process. */
export const loneSeat: WorkerSeat = {
  worker: undefined,
  instanceSeed: undefined,
  acceptAfterMs: 0,
  configured: () => undefined,
  listen: listenAlone,
  listening: () => undefined,
  renderMetrics: (metrics, accept) => metrics.render(accept),
  share: () => undefined,
  onLead: (run) => run(),
  onRetire: () => undefined,
  leave: () => Promise.resolve(),
};

/** Listens where `where` says, or on the socket behind `handle`. */
export function startListening(
  server: Server,
  where: ListenAddress | { readonly handle: unknown },
): Promise<{ address: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Once more as an argument: beside a handle, Node takes the backlog from there alone.
    server.listen({ ...where, backlog: listenBacklog }, listenBacklog, () => {
      server.off('error', reject);
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('The listener has no address'));
      else resolve({ address: bound.address, port: bound.port });
    });
  });
}
