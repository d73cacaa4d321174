import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import { answerOn } from './answer-on.ts';

/**
 * How long a connection that has not sent anything may still do so once the server closes. A request may be on its way
 * on a connection that was opened a moment before; one that was opened in advance would hold the stop up to its limit.
 */
const silentGraceMs = 250;

/**
 * Gets `server` ready to be drained; call it before the server listens. What it returns stops accepting connections and
 * waits until the requests in flight are answered, or until `signal` is aborted. Idle connections are closed at once,
 * busy ones when they become idle. It never rejects, and says whether everything was answered in time.
 */
export function prepareDrain(server: Server, clock: Clock): (signal: AbortSignal) => Promise<boolean> {
  // By connection and not by request: of those there are many, and they have nothing to pay for a stop that is to come.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async (signal) => {
    if (!server.listening) return true;
    // A connection that is busy when the server closes becomes idle later; nobody else would close it then.
    const closeAfter = (answer: ServerResponse): unknown => answer.once('close', () => server.closeIdleConnections());
    for (const answer of [...sockets].map(answerOn)) {
      if (answer === undefined) continue;
      // What is not told yet is told with the answer, so that nobody sends another request after it.
      answer.shouldKeepAlive = false;
      closeAfter(answer);
    }
    server.on('request', (_request, answer) => closeAfter(answer));
    const closed = Promise.withResolvers<boolean>();
    const giveUp = (): void => closed.resolve(false);
    server.close(() => closed.resolve(true)); // Also closes what is idle.
    const closeSilent = (): void => {
      // Node counts a connection as idle only after its first request.
      for (const socket of sockets) if (socket.bytesWritten === 0 && answerOn(socket) === undefined) socket.destroy();
    };
    // A process that was too busy finds its timer due before what has arrived: that is read within one turn.
    const grace = clock.after(silentGraceMs, () => setImmediate(() => setImmediate(closeSilent)));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const drained = await closed.promise;
    signal.removeEventListener('abort', giveUp);
    grace.cancel();
    return drained;
  };
}
