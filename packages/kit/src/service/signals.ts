import { type Clock, isForeseen } from '@flotilla/contracts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import type { LevelSwitch, Logger } from '../logger/index.ts';
import { exitWhenWritten } from '../output/index.ts';

/**
 * A second signal means "now". But one Ctrl-C can arrive twice, from the terminal and through npm, and a supervisor may
 * send its own at the same moment: a signal that follows this soon counts as the first one.
 */
const repeatedSignalMs = 300;

/** Whether the program has been told to stop. */
export interface StopRequest {
  readonly made: boolean;
}

/** How programs differ. */
export interface StopRequestOptions {
  /** Whether SIGHUP means to stop. */
  readonly hangup: boolean;
  /** Called when the parent process is gone: calls `stop` when that should end the program. Default: at once. */
  readonly alone?: (stop: () => void) => void;
}

/**
 * Calls `stop` once, when the program is told to stop: by SIGTERM, SIGINT, or SIGHUP unless that means something else to it
 * (`hangup` false), or because its supervisor is gone.
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
      logger.warn({ reason: signal }, 'told to stop again; exiting at once');
      exitWhenWritten(host, exitCodes.crashed);
    }
  };
  const supervised = host.send !== undefined;
  host.on('SIGTERM', () => onSignal('SIGTERM'));
  // Also under a supervisor: some stop their programs this way, and one that shares its terminal with them puts them in a
  // process group of their own.
  host.on('SIGINT', () => onSignal('SIGINT'));
  // The terminal is gone; and if it means "reload your files", the program restarts with them.
  if (hangup) host.on('SIGHUP', () => onSignal('SIGHUP'));
  // The channel closes when the supervisor dies, however it dies.
  const goOnAlone = alone ?? ((end: () => void): void => end());
  if (supervised) host.on('disconnect', () => goOnAlone(() => make('the supervisor is gone')));
  return request;
}

/** Logs uncaught errors and exits: after one, the program's state is unknown. */
export function watchForCrashes(host: ProcessHost, logger: Logger): void {
  const crash =
    (message: string) =>
    (error: unknown): void => {
      logger.fatal({ err: withStack(error) }, message);
      exitWhenWritten(host, exitCodes.crashed);
    };
  host.on('uncaughtException', crash('uncaught exception'));
  host.on('unhandledRejection', crash('unhandled rejection'));
  // The reader of our output may go away first; that is no reason to crash.
  for (const stream of [host.stdout, host.stderr]) stream.on?.('error', () => undefined);
}

/** Nobody expected the error here: only its stack says where it comes from. */
function withStack(error: unknown): unknown {
  if (!(error instanceof Error) || !isForeseen(error)) return error;
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown }; // As Node's errors have one.
  return Object.assign(new Error(message, { cause }), { name, stack, code });
}

/** SIGUSR2 switches to debug and back, to inspect a running program without a restart. */
export function toggleDebugOnSignal(host: ProcessHost, levels: LevelSwitch): void {
  host.on('SIGUSR2', () => levels.toggleDebug());
}
