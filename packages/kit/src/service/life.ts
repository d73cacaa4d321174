import { flushCompileCache } from 'node:module';
import { type ActiveRegistration, addressKind, type InstanceStatus, type Registration } from '@flotilla/contracts';
import { type CommonSettings, type ConfigOf, ConfigurationError, type Settings } from '../config/index.ts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import { exitWhenWritten } from '../output/index.ts';
import { waitForAnnouncedAddress } from './announced-address.ts';
import type { ProgramContext, ProgramDefinition, ProgramServer } from './definitions.ts';
import { explainListenFailure } from './listen-failure.ts';
import { livenessUrl } from './liveness-url.ts';
import { onStopRequest, toggleDebugOnSignal, watchForCrashes } from './signals.ts';
import type { Prepared } from './start-up.ts';
import { stop } from './stop.ts';

/** Where an instance can be reached. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** The parts of a life that differ between services and programs. */
export interface Life {
  readonly name: string;
  create(): Promise<ProgramServer>;
  /** Announces the instance; absent in a program that is not announced. */
  readonly register: ((where: Place) => ActiveRegistration) | undefined;
}

/** What the instance says of itself. */
export function registrationOf<S extends Settings>(
  definition: Pick<ProgramDefinition<S>, 'name' | 'registration'>,
  { config, instance }: ProgramContext<S>,
  { address, port }: Place,
): Registration {
  return {
    name: definition.name,
    id: instance,
    address,
    port,
    ...definition.registration,
    ...(config.LEASE_MS === undefined ? {} : { lease_ms: config.LEASE_MS }),
  };
}

/** Runs a prepared program; see {@link runProgram}. */
export async function runPrepared<S extends Settings>(
  prepared: Prepared<S>,
  host: ProcessHost,
  life: Life,
): Promise<void> {
  const { context, seat } = prepared;
  const { config, logger, health, clock } = context;
  watchForCrashes(host, logger);
  toggleDebugOnSignal(host, logger);

  let server: ProgramServer | undefined;
  let registration: ActiveRegistration | undefined;
  let ending = false;
  const hurry = new AbortController();
  const ended = new AbortController();
  const end = async (drainTimeoutMs: number, deregister: boolean, delayMs: number): Promise<void> => {
    ending = true;
    ended.abort();
    // Whoever takes over announces the instance under the same name.
    if (!deregister) registration?.handOver();
    const failures = await stop({
      ...prepared,
      ...context,
      server: server ?? noServer,
      registration: deregister ? registration : undefined,
      // Nobody sends anything to a program that has never been ready.
      delayMs: health.state === 'ready' ? delayMs : 0,
      drainTimeoutMs,
      hurry: hurry.signal,
    });
    logger.info({ failures }, 'stopped');
    await seat.leave();
    exitWhenWritten(host, exitCodes.stopped);
  };
  /** The primary is gone. */
  const alone = (abandoned: () => void): void => {
    // It has its orders, which may allow hours; now that nobody can end it sooner, those of a stop hold.
    if (ending) return abandoned();
    const takenOver = (): void => {
      if (ending) return;
      logger.info('others have taken over');
      void end(config.DRAIN_TIMEOUT_MS, false, 0);
    };
    void seat.outlive({ takenOver, abandoned }).then((goesOn) => {
      if (goesOn) logger.warn('the primary is gone: serving until another takes over');
    });
  };
  // The workers' primary reloads on SIGHUP, and they leave it alone.
  onStopRequest(host, clock, logger, { hangup: seat.worker === undefined, alone }, () => {
    const { DRAIN_TIMEOUT_MS: limitMs, SHUTDOWN_DELAY_MS: delayMs } = config;
    // A worker that has made room may have long left to finish; a stop of the whole program allows less.
    if (ending) clock.after(limitMs, () => hurry.abort(new Error('The time to drain is over')));
    else void end(limitMs, true, delayMs);
  });
  seat.onRetire(({ deregister, limitMs }) => {
    if (ending) return;
    logger.info('successors have taken over');
    // The successors listen on the same socket: there is nobody to wait for.
    void end(limitMs, deregister, 0);
  });

  try {
    server = await life.create();
    if (seat.acceptAfterMs > 0) await beReady(context, seat.acceptAfterMs);
    const { SERVER_HOST: address, SERVER_PORT: wanted } = config;
    const bound = await listen(server, life.name, address, wanted, host);
    if (bound === undefined) return;
    health.setState(ending ? 'draining' : 'ready');
    seat.listening();
    const url = shownUrl(config, bound.port);
    await logWhenReady(context, url);
    if (ending) return;
    let status: InstanceStatus = 'passing';
    health.watch({
      intervalMs: config.HEALTH_CHECK_INTERVAL_MS,
      tell(ready) {
        status = ready ? 'passing' : 'critical';
        registration?.report(status);
      },
    });
    seat.onLead(() => {
      if (ending || life.register === undefined) return;
      void whenAddressIsKnown(prepared, ended.signal, (address) => {
        registration = life.register?.({ address, port: bound.port });
        if (status !== 'passing') registration?.report(status);
        // Nobody may be waiting for it; whether it is announced is the registrar's to say.
        registration?.acknowledged.then(
          () => (host.connected === true ? host.send?.({ type: 'registered' }) : undefined),
          () => undefined,
        );
      });
    });
    const kept = seat.sockets === undefined ? {} : { sockets: seat.sockets() };
    host.send?.({ type: 'ready', url, instance: context.instance, live: livenessUrl(bound), ...kept });
    // Keeps what was compiled for the next start, also if this process is killed. Does nothing without a compile cache.
    flushCompileCache();
  } catch (error) {
    if (error instanceof ConfigurationError) {
      host.stderr.write(`${life.name} cannot start: ${error.message}\n`);
      exitWhenWritten(host, exitCodes.configuration);
      return;
    }
    logger.fatal({ err: error }, 'the start failed');
    exitWhenWritten(host, exitCodes.crashed);
  }
}

/** Calls back with the address to announce: at once if it is known, and not at all if the program ends before. */
async function whenAddressIsKnown<S extends Settings>(
  { context: { config, clock, logger }, findAddress }: Prepared<S>,
  signal: AbortSignal,
  announce: (address: string) => void,
): Promise<void> {
  const { ADVERTISE_ADDRESS: known }: ConfigOf<CommonSettings> = config;
  if (known !== undefined) return announce(known);
  const address = await waitForAnnouncedAddress(findAddress, { clock, logger, signal });
  if (address !== undefined && !signal.aborted) announce(address);
}

/** Where a person finds the program. */
function shownUrl({ ADVERTISE_ADDRESS, SERVER_HOST }: ConfigOf<CommonSettings>, port: number): string {
  const address = ADVERTISE_ADDRESS ?? (addressKind(SERVER_HOST) === 'unspecified' ? '127.0.0.1' : SERVER_HOST);
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

const noServer: ProgramServer = {
  listen: () => Promise.reject(new Error('There is no server')),
  drain: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Listens; `undefined` if that can't work and the person has been told why. */
async function listen(
  server: ProgramServer,
  name: string,
  address: string,
  port: number,
  host: ProcessHost,
): Promise<{ readonly address: string; readonly port: number } | undefined> {
  try {
    return await server.listen({ host: address, port });
  } catch (error) {
    const explanation = await explainListenFailure(error, name, address, port);
    if (explanation === undefined) throw error;
    host.stderr.write(explanation);
    exitWhenWritten(host, exitCodes.configuration);
    return undefined;
  }
}

/** How often a program that listens asks its own checks whether it may serve: callers wait for the answer. */
const readinessPollMs = 50;

/** Waits, for at most `limitMs`, until the program may serve: while others do, it can only do worse. */
async function beReady<S extends Settings>({ health, clock }: ProgramContext<S>, limitMs: number): Promise<void> {
  const endMs = clock.monotonicMs() + limitMs;
  health.setState('ready');
  while (health.state === 'ready' && clock.monotonicMs() < endMs && !(await health.readiness()).ready)
    await new Promise<void>((resolve) => void clock.after(readinessPollMs, resolve));
}

/** Says that the program listens; waits for its checks, so that nobody is announced before it can serve. */
async function logWhenReady<S extends Settings>(
  { health, logger, clock }: ProgramContext<S>,
  url: string,
): Promise<void> {
  let { ready, body } = await health.readiness();
  logger.info({ url, ...(ready ? {} : { waitingFor: body.failing }) }, 'listening');
  while (!ready && health.state === 'ready') {
    await new Promise<void>((resolve) => void clock.after(readinessPollMs, resolve));
    ({ ready, body } = await health.readiness());
    if (ready) logger.info('ready');
  }
}
