import type { Server } from 'node:net';
import type { ProcessHost } from '../host/process-host.ts';
import { readMessage, type SupervisorMessage, socketsVariable } from './messages.ts';
import type { SocketHandle } from './worker-process.ts';
import { type Listen, type ListenAddress, socketKey, type WorkerSeat } from './worker-seat.ts';

/** How many connections may wait to be accepted. The system lowers it to its own limit. */
const listenBacklog = 4096;
/** How long connections that already wait keep waiting until the program is ready, at most. */
const inheritorAcceptMs = 5_000;

/** Listens on a socket of its own. */
export const listenAlone: Listen = (server, where) => startListening(server, where);

/**
 * The seat of a single-process program under a supervisor that keeps its sockets: they outlive the process, and connections
 * wait in them for the next one.
 */
export function keptSeat(host: ProcessHost): WorkerSeat {
  const order = host.env[socketsVariable];
  if (order === undefined || host.send === undefined) return loneSeat;
  const inherited = new Map<string, SocketHandle>();
  const keys: string[] = [];
  const complete = Promise.withResolvers<void>();
  if (order !== 'take') complete.resolve();
  host.on('message', (value, socket) => {
    const message = readMessage<SupervisorMessage>(value);
    // A handle that is not wrapped in a server arrives as it is, but Node has no type for it.
    if (message?.type === 'socket' && socket !== undefined) inherited.set(message.key, socket as SocketHandle);
    else if (message?.type === 'sockets-complete') complete.resolve();
  });
  return {
    ...loneSeat,
    acceptAfterMs: order === 'take' ? inheritorAcceptMs : 0,
    async listen(server, where) {
      const key = socketKey(where);
      // A whole start may happen in one turn of the event loop, and messages sent before are only read after it.
      await complete.promise;
      const handle = inherited.get(key);
      inherited.delete(key);
      const bound = await startListening(server, handle === undefined ? where : { handle });
      keys.push(key);
      if (host.connected === true) host.send?.({ type: 'socket', key }, handleOf(server));
      return bound;
    },
    sockets: () => keys,
    listening() {
      // Sockets that the settings no longer ask for.
      for (const socket of inherited.values()) socket.close();
      inherited.clear();
    },
  };
}

/** The seat of a single-process program. */
export const loneSeat: WorkerSeat = {
  worker: undefined,
  instanceSeed: undefined,
  workersOf: () => 1,
  acceptAfterMs: 0,
  configured: () => undefined,
  listen: listenAlone,
  listening: () => undefined,
  renderMetrics: (metrics, accept) => metrics.render(accept),
  collectMetrics: (metrics) => metrics.snapshot(),
  describe: () => undefined,
  gather: (own) => Promise.resolve([own()]),
  followLogLevel: () => undefined,
  changeLogLevel: (levels, { level, forMs }) => levels.change(level, forMs),
  configureLogLevel: (levels, level) => levels.configure(level),
  share: () => undefined,
  onLead: (run) => run(),
  onRetire: () => undefined,
  outlive(outliving) {
    outliving.abandoned();
    return Promise.resolve(false);
  },
  leave: () => Promise.resolve(),
};

/** Listens where `where` says, or on the socket behind `handle`. */
export function startListening(
  server: Server,
  where: (ListenAddress & { readonly reusePort?: boolean }) | { readonly handle: unknown },
): Promise<{ address: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Again as an argument: with a handle, Node reads the backlog only from there.
    server.listen({ ...where, backlog: listenBacklog }, listenBacklog, () => {
      server.off('error', reject);
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('The server has no address'));
      else resolve({ address: bound.address, port: bound.port });
    });
  });
}

/**
 * The handle of a listening server. It is sent by itself, not as a server: Node would make the receiver listen as well, and
 * the primary would accept connections that it cannot serve.
 */
export function handleOf(server: Server): never {
  // Node has no public name for it; its own cluster module sends the same handle in the same way.
  return (server as Server & { readonly _handle: never })._handle;
}
