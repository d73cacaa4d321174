import { type Clock, systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { type Logger, silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { letGo } from '../net/held-port.ts';
import { type Ask, asker } from './ask.ts';

/** An app that really listens. Dispose it with `await using`, or close it. */
export interface ServedApp extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly ask: Ask;
  close(): Promise<void>;
}

/** What {@link serveApp} may be told. */
export interface ServeAppOptions {
  /** Default the system's. */
  readonly clock?: Clock;
  /** Where the app logs. Default nowhere. */
  readonly logger?: Logger;
}

/**
 * Serves routes as a program would, on a free loopback port, in this process: validation, errors in two languages and
 * health are those of the real one. For tests of one service that need no other.
 *
 * ```ts
 * await using app = await serveApp((app) => addGreetingRoutes(app));
 * const { status, body } = await app.ask('GET', '/greetings/Ada');
 * ```
 */
export async function serveApp(
  addRoutes: (app: HttpApp) => void,
  { clock = systemClock, logger = silentLogger() }: ServeAppOptions = {},
): Promise<ServedApp> {
  const health = createHealth({ clock });
  const { app } = await createHttpApp({ logger, health, metrics: createMetrics(), defaultLocale: 'en', clock });
  addRoutes(app);
  letGo(app.server);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  // Whoever still waits for an answer would hold it open: a test that has failed must not hang.
  const close = async (): Promise<void> => {
    const closed = app.close();
    app.server.closeAllConnections();
    await closed;
  };
  return { url, ask: asker(url), close, [Symbol.asyncDispose]: close };
}
