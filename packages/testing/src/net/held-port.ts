import type { Server, Socket } from 'node:net';

/**
 * Below the ports that systems hand out to outgoing connections (32768 and up on Linux): while a server refuses
 * connections, none of those can take its port.
 */
const lowestPort = 20_000;
const highestPort = 32_000;
const attempts = 100;

/** A port of 127.0.0.1 that a server can leave and come back to. */
export interface HeldPort {
  readonly port: number;
  /** Stops listening: who connects from now on is refused. Open connections go on. */
  leave(): void;
  /** Listens again. Rejects when another process has taken the port in the meantime. */
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
    try {
      await listen(server, port);
    } catch (error) {
      if (attempt === attempts) throw error;
      continue;
    }
    return {
      port,
      // close() reports back only when the open connections are gone too; listening ends at once.
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
