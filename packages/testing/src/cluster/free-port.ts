import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 on which nothing listens now. For what has to come back on the same port after a restart;
 * where that does not matter, listen on port 0 instead, which can not be taken by somebody else in between.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      server.close(() => resolve(port));
    });
  });
}
