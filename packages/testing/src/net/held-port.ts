import type { Server, Socket } from 'node:net';
import { reservePort } from './reserve-port.ts';

/**
 * Below the ports that systems use for outgoing connections (32768 and up on Linux), so that none of those can take the port of a
 * server that refuses connections for a while.
 */
const lowestPort = 20_000;
const highestPort = 32_000;
const attempts = 100;

/** A port on 127.0.0.1 that a server can give up and take again. */
export interface HeldPort {
  readonly port: number;
  /** Stops listening: new connections are refused, open ones go on. */
  leave(): void;
  /** Listens again. Rejects if another process has taken the port. */
  comeBack(): Promise<void>;
}

/**
 * Makes `server` listen on a port of 127.0.0.1 that nobody else uses. Neither it nor its connections keep this process alive:
 * a test that has forgotten to close it ends all the same.
 */
export async function holdPort(server: Server): Promise<HeldPort> {
  letGo(server);
  for (let attempt = 1; ; attempt += 1) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (!reservePort(port) && attempt < attempts) continue;
    try {
      await listen(server, port);
    } catch (error) {
      if (attempt === attempts) throw error;
      continue;
    }
    return {
      port,
      // close() waits for open connections; listening ends at once.
      leave: () => void (server.listening && server.close()),
      comeBack: async () => {
        if (!server.listening) await listen(server, port);
      },
    };
  }
}

/** Lets this process end although `server` listens and has connections. */
export function letGo(server: Server): void {
  server.unref();
  server.on('connection', (socket: Socket) => socket.unref());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
