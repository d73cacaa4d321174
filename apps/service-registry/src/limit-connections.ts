import type { Server, Socket } from 'node:net';
import { AppError, clientNetwork, type Locale, toProblem } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';

/** Refuses connections of a client that has too many. It is told why, in the answer to whatever it asks. */
export function limitConnections(server: Server, most: number, logger: Pick<Logger, 'warn'>, locale: Locale): void {
  const counts = new Map<string, number>();
  /** Clients that were reported and have been over the limit since. */
  const reported = new Set<string>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return;
    const client = clientNetwork(remoteAddress);
    const count = (counts.get(client) ?? 0) + 1;
    counts.set(client, count);
    socket.once('close', () => {
      const left = (counts.get(client) ?? 1) - 1;
      if (left > 0) counts.set(client, left);
      else counts.delete(client);
      if (left < most) reported.delete(client);
    });
    if (count <= most) return;
    if (!reported.has(client)) logger.warn({ client, limit: most }, 'connections of a client refused: it has too many');
    reported.add(client);
    refuse(socket, most, locale);
  });
}

function refuse(socket: Socket, most: number, locale: Locale): void {
  const error = new AppError('OVERLOADED', {
    detail: `MAX_CONNECTIONS_PER_CLIENT allows ${most} connections from one client`,
    retryAfterMs: 1_000,
  });
  const body = JSON.stringify(toProblem(error, { locale }));
  const head = [
    'HTTP/1.1 503 Service Unavailable',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'retry-after: 1',
    'connection: close',
  ];
  socket.on('error', () => {});
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
