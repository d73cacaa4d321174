import { createServer, type Server } from 'node:net';
import { FakeConnection } from './fake-connection.ts';

/** What one connection does, from its first byte to its last. Called once per accepted connection, counted from 0. */
export type ConnectionScript = (connection: FakeConnection, index: number) => Promise<void> | void;

/** A TCP server under a test's control. Dispose it with `await using`. */
export interface RawUpstream extends AsyncDisposable {
  /** Always 127.0.0.1. */
  readonly address: string;
  readonly port: number;
  /** Every connection accepted so far, the closed ones too. */
  readonly connections: readonly FakeConnection[];
  /** What connections accepted from now on do. */
  setScript(script: ConnectionScript): void;
  /** Stops listening, so that new connections are refused, and leaves the open ones alone. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
}

/**
 * Starts a server that plays any peer, broken ones included: it works on bytes, so it can answer what no HTTP library
 * would send. Without a script it records and never answers. A script that fails resets its connection.
 *
 * ```ts
 * await using upstream = await rawUpstream(async (connection) => {
 *   await connection.request();
 *   connection.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal');
 *   connection.reset();
 * });
 * ```
 */
export async function rawUpstream(script: ConnectionScript = () => {}): Promise<RawUpstream> {
  const connections: FakeConnection[] = [];
  let current = script;
  // allowHalfOpen: a script decides when its own side ends.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new FakeConnection(socket);
    const index = connections.push(connection) - 1;
    void runScript(current, connection, index);
  });
  const port = await listen(server, 0);
  return {
    address: '127.0.0.1',
    port,
    connections,
    setScript: (next) => {
      current = next;
    },
    refuse: () => stopListening(server),
    accept: async () => void (await listen(server, port)),
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy();
      await stopListening(server);
    },
  };
}

/** A script that answers every request on the connection with the same bytes, until the client goes. */
export function answerEach(response: string | Buffer): ConnectionScript {
  return async (connection) => {
    for (let request = await connection.request(); request !== undefined; request = await connection.request())
      connection.send(response);
    connection.end();
  };
}

async function runScript(script: ConnectionScript, connection: FakeConnection, index: number): Promise<void> {
  try {
    await script(connection, index);
  } catch {
    connection.reset();
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    // close() reports back only when the open connections are gone too; listening ends at once.
    server.close();
    resolve();
  });
}
