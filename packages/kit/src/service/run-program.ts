import type { ActiveRegistration, Clock } from '@flotilla/contracts';
import { ConfigurationError, type Settings } from '../config/index.ts';
import type { Level, Logger } from '../logger/index.ts';
import type { ProgramContext, ProgramDefinition, ProgramServer } from './definitions.ts';
import { explainListenFailure } from './listen-failure.ts';
import { exitCodes, type ProcessHost } from './process-host.ts';
import { type Prepared, prepare } from './start-up.ts';
import { stop } from './stop.ts';

/** What tests replace. */
export interface RunOptions {
  readonly clock?: Clock;
}

/**
 * Runs a program from its start to its exit: config, create, listen, ready, register, and on SIGTERM, SIGINT or the
 * loss of the supervisor the same backwards. Settles when the program serves, or has asked the host to exit.
 */
export async function runProgram<const S extends Settings = Record<never, never>>(
  definition: ProgramDefinition<S>,
  host: ProcessHost,
  options: RunOptions = {},
): Promise<void> {
  const preparation = prepare(definition, host, options.clock);
  if (preparation.kind === 'exit') {
    host.exit(preparation.code);
    return;
  }
  const { context } = preparation.prepared;
  const registrar = definition.registrar;
  await runPrepared(preparation.prepared, host, {
    name: definition.name,
    create: () => definition.create(context),
    register: (port) => registrar?.(context).register(registrationOf(definition, context, port)),
  });
}

/** The parts of a life that differ between services and programs. */
export interface Life {
  readonly name: string;
  create(): Promise<ProgramServer>;
  register(port: number): ActiveRegistration | undefined;
}

/** What the instance says of itself. */
export function registrationOf<S extends Settings>(
  definition: Pick<ProgramDefinition<S>, 'name' | 'registration'>,
  { config, instance }: ProgramContext<S>,
  port: number,
): Parameters<NonNullable<ReturnType<NonNullable<ProgramDefinition['registrar']>>>['register']>[0] {
  return {
    name: definition.name,
    id: instance,
    address: config.ADVERTISE_ADDRESS,
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
  const { context } = prepared;
  const { config, logger, health, clock } = context;
  watchForCrashes(host, logger);
  toggleDebugOnSignal(host, logger);

  let server: ProgramServer | undefined;
  let registration: ActiveRegistration | undefined;
  let stopping = false;
  let toldMs = 0;
  const onSignal = (signal: string): void => {
    if (!stopping) {
      toldMs = clock.monotonicMs();
      requestStop(signal);
    } else if (clock.monotonicMs() - toldMs >= repeatedSignalMs) {
      logger.warn({ reason: signal }, 'told to stop again: exiting at once');
      host.exit(exitCodes.crashed);
    }
  };
  const requestStop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    const { drains, closes } = prepared;
    const drainTimeoutMs = config.DRAIN_TIMEOUT_MS;
    void stop({ health, logger, clock, server: server ?? noServer, registration, drains, closes, drainTimeoutMs }).then(
      (failures) => {
        logger.info({ failures }, 'stopped');
        host.exit(exitCodes.stopped);
      },
    );
  };
  const supervised = host.send !== undefined;
  host.on('SIGTERM', () => onSignal('SIGTERM'));
  // Ctrl-C reaches the whole process group; under a supervisor it is the supervisor's to say what stops and when.
  host.on('SIGINT', () => (supervised ? undefined : onSignal('SIGINT')));
  // The channel closes when the supervisor dies, however it dies.
  if (supervised) host.on('disconnect', () => requestStop('the supervisor is gone'));

  try {
    server = await life.create();
    const { SERVER_HOST: address, SERVER_PORT: wanted } = config;
    const bound = await listen(server, life.name, address, wanted, host);
    if (bound === undefined) return;
    health.setState(stopping ? 'draining' : 'ready');
    const url = `http://${config.ADVERTISE_ADDRESS.includes(':') ? `[${config.ADVERTISE_ADDRESS}]` : config.ADVERTISE_ADDRESS}:${bound.port}`;
    await logWhenReady(context, url);
    if (stopping) return;
    registration = life.register(bound.port);
    // Nobody may be waiting for it; whether it is announced is the registrar's to say.
    registration?.acknowledged.catch(() => undefined);
    host.send?.({ type: 'ready', url, instance: context.instance });
  } catch (error) {
    if (error instanceof ConfigurationError) {
      host.stderr.write(`${life.name} cannot start: ${error.message}\n`);
      host.exit(exitCodes.configuration);
      return;
    }
    logger.fatal({ err: error }, 'the start failed');
    host.exit(exitCodes.crashed);
  }
}

/**
 * A second signal means "now". But one Ctrl-C can arrive twice, from the terminal and through npm, and a supervisor may
 * send its own at the same moment: what comes this soon is still the first.
 */
const repeatedSignalMs = 300;

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
): Promise<{ readonly port: number } | undefined> {
  try {
    return await server.listen({ host: address, port });
  } catch (error) {
    const explanation = await explainListenFailure(error, name, address, port);
    if (explanation === undefined) throw error;
    host.stderr.write(explanation);
    host.exit(exitCodes.configuration);
    return undefined;
  }
}

/** How often a program that listens asks its own checks whether it may serve: callers wait for the answer. */
const readinessPollMs = 50;

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

function watchForCrashes(host: ProcessHost, logger: Logger): void {
  const crash =
    (message: string) =>
    (error: unknown): void => {
      logger.fatal({ err: error }, message);
      host.exit(exitCodes.crashed);
    };
  host.on('uncaughtException', crash('uncaught exception'));
  host.on('unhandledRejection', crash('unhandled rejection'));
  // Whoever read our lines may go away first; that is no reason to crash.
  for (const stream of [host.stdout, host.stderr]) stream.on?.('error', () => undefined);
}

/** SIGUSR2 switches to debug and back: a running program can be looked into without a restart. */
function toggleDebugOnSignal(host: ProcessHost, logger: Logger): void {
  const configured = logger.level;
  host.on('SIGUSR2', () => {
    const next: Level = logger.level === configured && configured !== 'debug' ? 'debug' : configured;
    logger.level = next;
    logger.info({ level: next }, 'log level changed');
  });
}
