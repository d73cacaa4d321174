import type { Server } from 'node:http';

/**
 * Stops accepting connections and waits until the requests in flight are answered, or until `signal` is aborted.
 * Idle connections are closed at once; busy ones when they become idle. Never rejects.
 *
 * @returns whether everything was answered in time
 */
export async function drainServer(server: Server, signal: AbortSignal): Promise<boolean> {
  if (!server.listening) return true;
  const closed = Promise.withResolvers<boolean>();
  const giveUp = (): void => closed.resolve(false);
  server.close(() => closed.resolve(true));
  // A connection that was busy when the server closed becomes idle later; nobody else would close it then.
  server.on('request', (_request, response) => response.once('close', () => server.closeIdleConnections()));
  server.closeIdleConnections();
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  const drained = await closed.promise;
  signal.removeEventListener('abort', giveUp);
  return drained;
}
