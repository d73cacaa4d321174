import { connect, createServer, type Server, type Socket } from 'node:net';

/** An address in front of a server that can go away and come back, while the server itself goes on. */
export interface Front extends AsyncDisposable {
  readonly port: number;
  /** Cuts every connection, and refuses new ones. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Puts a {@link Front} before the server at `port` of this machine: it passes bytes on, and starts much faster than the server. */
export async function frontOf(port: number): Promise<Front> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let own = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const relay = (client: Socket): void => {
    const upstream = connect({ port, host: '127.0.0.1' });
    for (const socket of [client, upstream]) keep(socket);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  };
  const start = async (): Promise<void> => {
    const next = createServer(relay);
    await new Promise<void>((resolve) => next.listen(own, '127.0.0.1', resolve));
    const bound = next.address();
    if (typeof bound === 'object' && bound !== null) own = bound.port;
    server = next;
  };
  const stop = async (): Promise<void> => {
    const last = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (last !== undefined) await new Promise((resolve) => last.close(resolve));
  };
  await start();
  return {
    get port() {
      return own;
    },
    stop,
    start,
    [Symbol.asyncDispose]: stop,
  };
}
