#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
// By its own file: the whole package brings a validator along.
import { systemClock } from '@flotilla/contracts/clock';
import { whenWritten } from '@flotilla/kit/output';
import { watchParent } from './parent-watch.ts';
import { dispatch } from './verbs/dispatch.ts';
import { verbTable } from './verbs/verb-table.ts';

/** One Ctrl-C may arrive twice, from the terminal and through whatever started us: what comes this soon is still the first. */
const repeatedSignalMs = 300;

/** Asks the fleet to stop when a signal comes, when the process that started us is gone, or when nobody reads on. */
function onStopRequest(stop: (hurry: boolean) => void): void {
  let toldMs: number | undefined;
  const onSignal = (): void => {
    const nowMs = systemClock.monotonicMs();
    if (toldMs === undefined || nowMs - toldMs >= repeatedSignalMs) stop(toldMs !== undefined);
    toldMs ??= nowMs;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // Told several times for one loss, and beside a signal when a terminal closes. Only a person who asks twice is in a hurry.
  const onLoss = (): void => {
    if (toldMs === undefined) stop(false);
    toldMs ??= systemClock.monotonicMs();
  };
  process.on('disconnect', onLoss);
  watchParent({ env: process.env, clock: systemClock, parent: () => process.ppid, onGone: onLoss });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader of our output, or the terminal, is gone. A full disk costs lines, and may have room again later.
      if (error.code === 'EPIPE' || error.code === 'EIO') onLoss();
    });
  }
}

function ownVersion(): string {
  // Our own file: it has a version.
  const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

// While every process waits to be started again, only this keeps the supervisor alive.
const keepAlive = setInterval(() => undefined, 2 ** 30);
process.exitCode = await dispatch(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  random: Math.random,
  cwd: process.cwd(),
  // Zero on the monotonic clock is when this process began.
  startedMs: 0,
  version: ownVersion(),
  verbs: verbTable,
  onStopRequest,
});
clearInterval(keepAlive);
// Listening for signals and for the end of the IPC channel would keep a finished supervisor alive.
whenWritten([process.stdout, process.stderr], () => process.exit());
