import type { Clock } from '@flotilla/contracts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import type { LevelSwitch, Logger } from '../logger/index.ts';
import { exitWhenWritten } from '../output/index.ts';

/**
 * A second signal means "now". But one Ctrl-C can arrive twice, from the terminal and through npm, and a supervisor may
 * send its own at the same moment: what comes this soon is still the first.
 */
const repeatedSignalMs = 300;

/** Whether the program has been told to stop. */
export interface StopRequest {
  readonly made: boolean;
}

/** What differs between programs. */
export interface StopRequestOptions {
  /** Whether SIGHUP means to stop. */
  readonly hangup: boolean;
  /** Whoever started the program is gone: calls `stop` when that is to end it. Default: at once. */
  readonly alone?: (stop: () => void) => void;
}

/**
 * Calls `stop` once, when the program is told to stop: by SIGTERM, by SIGINT, by SIGHUP unless that means something else to
 * it (`hangup` false), or because its supervisor is gone.
 */
export function onStopRequest(
  host: ProcessHost,
  clock: Clock,
  logger: Logger,
  { hangup, alone }: StopRequestOptions,
  stop: () => void,
): StopRequest {
  const request = { made: false };
  let toldMs = 0;
  const make = (reason: string): void => {
    if (request.made) return;
    request.made = true;
    toldMs = clock.monotonicMs();
    logger.info({ reason }, 'stopping');
    stop();
  };
  const onSignal = (signal: string): void => {
    if (!request.made) make(signal);
    else if (clock.monotonicMs() - toldMs >= repeatedSignalMs) {
      logger.warn({ reason: signal }, 'told to stop again: exiting at once');
      exitWhenWritten(host, exitCodes.crashed);
    }
  };
  const supervised = host.send !== undefined;
  host.on('SIGTERM', () => onSignal('SIGTERM'));
  // Also under a supervisor: some stop their programs so, and one that shares its terminal with them leads them in a
  // process group of their own.
  host.on('SIGINT', () => onSignal('SIGINT'));
  // The terminal is gone; and whoever means "read your files again" gets a program that is started anew with them.
  if (hangup) host.on('SIGHUP', () => onSignal('SIGHUP'));
  // The channel closes when the supervisor dies, however it dies.
  const goOnAlone = alone ?? ((end: () => void): void => end());
  if (supervised) host.on('disconnect', () => goOnAlone(() => make('the supervisor is gone')));
  return request;
}

/** Logs what nobody caught and exits: after that, nothing is known of the program's state. */
export function watchForCrashes(host: ProcessHost, logger: Logger): void {
  const crash =
    (message: string) =>
    (error: unknown): void => {
      logger.fatal({ err: error }, message);
      exitWhenWritten(host, exitCodes.crashed);
    };
  host.on('uncaughtException', crash('uncaught exception'));
  host.on('unhandledRejection', crash('unhandled rejection'));
  // Whoever read our lines may go away first; that is no reason to crash.
  for (const stream of [host.stdout, host.stderr]) stream.on?.('error', () => undefined);
}

/** SIGUSR2 switches to debug and back: a running program can be looked into without a restart. */
export function toggleDebugOnSignal(host: ProcessHost, levels: LevelSwitch): void {
  host.on('SIGUSR2', () => levels.toggleDebug());
}
