import { type Clock, systemClock } from '@flotilla/contracts/clock';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { type Logger, silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { letGo } from '../net/held-port.ts';
import { type Ask, asker } from './ask.ts';

/** An app that is listening. Dispose of it with `await using`, or close it. */
export interface ServedApp extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
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
 * Serves routes in this process, on a free loopback port, with the same checks, errors and health paths as a real program. For tests
 * of a single service.
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
  // After a failed test a request may still be waiting, and must not hold this up.
  const close = async (): Promise<void> => {
    const closed = app.close();
    app.server.closeAllConnections();
    await closed;
  };
  return { url, ask: asker(url), close, [Symbol.asyncDispose]: close };
}
