import { ForeseenError } from '@flotilla/contracts';
import type { HttpApp } from '../http/index.ts';
import type { Listen } from '../workers/worker-seat.ts';
import type { ProgramServer } from './definitions.ts';

/** `app` as a server of a program; `drain` was made by `prepareDrain`. */
export function appServer(
  app: HttpApp,
  listenOn: Listen,
  drain: (signal: AbortSignal) => Promise<boolean>,
): ProgramServer {
  return {
    async listen(where) {
      await app.ready();
      // Not through Fastify, which would log a line for each address; the lifecycle logs one for all.
      return listenOn(app.server, where);
    },
    async drain(signal) {
      if (!(await drain(signal))) throw new ForeseenError('Requests were still in progress', { cause: signal.reason });
    },
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
