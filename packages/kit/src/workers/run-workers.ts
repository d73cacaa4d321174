import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { availableParallelism } from 'node:os';
import { systemClock } from '@flotilla/contracts/clock';
import { wantsColour } from '../host/colour.ts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import { createLogger } from '../logger/index.ts';
import { exitWhenWritten } from '../output/index.ts';
import { handoverFolder, hasHandovers } from './handover.ts';
import { readMessage, type SupervisorMessage } from './messages.ts';
import { Primary } from './primary.ts';
import { WorkerLink } from './worker-link.ts';
import { forkWorkers, type SocketHandle, workerVariable } from './worker-process.ts';
import type { WorkerSeat } from './worker-seat.ts';

/** Loads the program's code and returns the function that runs it. Called only in workers: the primary stays light. */
export type LoadProgram = () => Promise<(seat: WorkerSeat) => Promise<void>>;

/**
 * Runs a program on all cores: this process becomes the primary, which starts the same file as workers, or it is one of
 * these workers. The program runs in the workers, as many as `MAX_WORKERS` and the cores allow. SIGHUP, or the message
 * `{ type: 'reload' }` from a supervisor, reloads: workers with the current files replace the running ones.
 */
export async function runWorkers(host: ProcessHost, load: LoadProgram): Promise<void> {
  const [, number, seed] = /^(\d+):(\w+)$/.exec(host.env[workerVariable] ?? '') ?? [];
  if (number === undefined || seed === undefined || host.send === undefined) return runPrimary(host);
  const link = new WorkerLink(Number(number), seed, host, systemClock, availableParallelism());
  const run = await load();
  await link.turn;
  await run(link);
}

function runPrimary(host: ProcessHost): void {
  const [, file = '', ...args] = host.argv;
  const primary = new Primary({
    host,
    spawn: forkWorkers({ file, args, env: host.env, instanceSeed: randomBytes(6).toString('hex') }),
    clock: systemClock,
    cores: availableParallelism(),
    takesOver: hasHandovers(handoverFolder()),
    createLogger: ({ service, instance, logLevel, logFormat, logProfile = 'native' }) =>
      createLogger({
        service,
        instance,
        level: logLevel,
        format: logFormat,
        profile: logProfile,
        colour: wantsColour(host.env, host.stdout),
        stdout: host.stdout,
        stderr: host.stderr,
      }).child({ worker: 'primary' }),
  });
  onSignals(host, primary);
  primary.start();
  // While every worker waits for its restart, only this keeps the primary alive.
  setInterval(() => undefined, 2 ** 30);
  // Saves compiled code for the next start, even if this process is killed.
  flushCompileCache();
}

/** Ctrl-C reaches every process of a terminal, and npm may send it again: a signal this soon counts as the first one. */
const repeatedSignalMs = 300;

function onSignals(host: ProcessHost, primary: Primary): void {
  let toldMs: number | undefined;
  const stop = (reason: string): void => {
    const nowMs = systemClock.monotonicMs();
    if (toldMs === undefined) primary.stop(reason);
    else if (nowMs - toldMs >= repeatedSignalMs) primary.kill();
    toldMs ??= nowMs;
  };
  host.on('SIGTERM', () => stop('SIGTERM'));
  host.on('SIGINT', () => stop('SIGINT'));
  // On a terminal it means that the terminal is gone.
  host.on('SIGHUP', () => (host.stdout.isTTY === true ? stop('SIGHUP') : primary.reload('SIGHUP')));
  host.on('SIGUSR2', () => primary.toggleDebug());
  // The channel closes when the supervisor dies, however it dies. That happens once, so it is never a second signal.
  if (host.send !== undefined) host.on('disconnect', () => primary.stop('the supervisor is gone'));
  host.on('message', (value, socket) => {
    const message = readMessage<SupervisorMessage>(value);
    if (message?.type === 'reload') primary.reload('the supervisor');
    // A handle that is not wrapped in a server arrives as it is, but Node has no type for it.
    else if (message?.type === 'socket' && socket !== undefined) primary.takeOver(message.key, socket as SocketHandle);
  });
  host.on('uncaughtException', (error) => {
    host.stderr.write(`The primary failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    // The workers notice that their channel is closed, and finish their work.
    exitWhenWritten(host, exitCodes.crashed);
  });
  for (const stream of [host.stdout, host.stderr]) stream.on?.('error', () => undefined);
}
