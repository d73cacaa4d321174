import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import { answerOn } from './answer-on.ts';

/**
 * How long a connection without any request may still send one once the server closes. A request may be on its way on a
 * connection that was just opened; one that was opened in advance would delay the stop up to its limit.
 */
const silentGraceMs = 250;

/**
 * Prepares `server` for draining; call it before the server listens. The returned function stops accepting connections and
 * waits until the requests in progress are answered, or until `signal` is aborted. Idle connections are closed at once, busy
 * ones when they become idle. It never rejects, and returns whether everything was answered in time.
 */
export function prepareDrain(server: Server, clock: Clock): (signal: AbortSignal) => Promise<boolean> {
  // Per connection rather than per request: there are many requests, and they should not pay for a later stop.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async (signal) => {
    if (!server.listening) return true;
    // A connection that is busy when the server closes becomes idle later; nothing else would close it then.
    const closeAfter = (answer: ServerResponse): unknown => answer.once('close', () => server.closeIdleConnections());
    for (const answer of [...sockets].map(answerOn)) {
      if (answer === undefined) continue;
      // Sent with the answer if it has not begun, so that nobody sends another request after it.
      answer.shouldKeepAlive = false;
      closeAfter(answer);
    }
    server.on('request', (_request, answer) => closeAfter(answer));
    const closed = Promise.withResolvers<boolean>();
    const giveUp = (): void => closed.resolve(false);
    server.close(() => closed.resolve(true)); // Also closes idle connections.
    const closeSilent = (): void => {
      // Node counts a connection as idle only after its first request.
      for (const socket of sockets) if (socket.bytesWritten === 0 && answerOn(socket) === undefined) socket.destroy();
    };
    // In a busy process, the timer may be due before requests that have arrived are read, which takes one turn.
    const grace = clock.after(silentGraceMs, () => setImmediate(() => setImmediate(closeSilent)));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const drained = await closed.promise;
    signal.removeEventListener('abort', giveUp);
    grace.cancel();
    return drained;
  };
}
