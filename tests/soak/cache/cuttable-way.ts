import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on loopback that can be cut. */
export interface CuttableWay extends AsyncDisposable {
  readonly port: number;
  /** Closes every connection, and every new one at once. */
  cut(): void;
  /** Nothing passes any more, and nothing is closed, as behind a firewall. */
  block(): void;
  mend(): void;
}

/** Opens a way to a port. */
export async function cuttableWay(target: number): Promise<CuttableWay> {
  let state: 'open' | 'cut' | 'blocked' = 'open';
  const pairs = new Set<readonly [Socket, Socket]>();
  const server: Server = createServer((near) => {
    near.on('error', () => undefined);
    if (state === 'cut') return void near.destroy();
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    // Paused sockets keep what comes, which passes when they are resumed: late, as on a real network.
    if (state === 'blocked') for (const socket of pair) socket.pause();
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('data', (piece) => void other.write(piece));
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
    if (state === 'blocked') for (const socket of pair) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server on TCP has a port');
  return {
    port: address.port,
    cut() {
      state = 'cut';
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    block() {
      state = 'blocked';
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    mend() {
      state = 'open';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
