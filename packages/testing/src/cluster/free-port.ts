import { createServer } from 'node:net';
import { holdPort } from '../net/held-port.ts';

/**
 * A TCP port of 127.0.0.1 on which nothing listens now, below those of outgoing connections. For what has to come back on
 * the same port after a restart; where that does not matter, listen on port 0 instead, which cannot be taken by somebody
 * else in between.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { port, leave } = await holdPort(server);
  leave();
  return port;
}
