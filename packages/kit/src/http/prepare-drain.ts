import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@flotilla/contracts';

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
  // Node counts a connection as idle only after its first request, so those before it are followed here.
  const silent = new Set<Socket>();
  let draining = false;
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', (request, response) => {
    silent.delete(request.socket);
    // A connection that was busy when the server closed becomes idle later; nobody else would close it then.
    response.once('close', () => (draining ? server.closeIdleConnections() : undefined));
  });
  return async (signal) => {
    if (!server.listening) return true;
    draining = true;
    const closed = Promise.withResolvers<boolean>();
    const giveUp = (): void => closed.resolve(false);
    server.close(() => closed.resolve(true)); // Also closes what is idle.
    const grace = clock.after(silentGraceMs, () => {
      for (const socket of silent) socket.destroy();
    });
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const drained = await closed.promise;
    signal.removeEventListener('abort', giveUp);
    grace.cancel();
    return drained;
  };
}
