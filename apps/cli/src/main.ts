#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
// By its own file: the whole package brings a validator along.
import { systemClock } from '@flotilla/contracts/clock';
import { whenWritten } from '@flotilla/kit/output';
import { parseArguments } from './arguments/parse-arguments.ts';
import { usage } from './arguments/usage.ts';
import { up } from './up/up.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const usageExitCode = 64;

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
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader of our output, or the terminal, is gone. A full disk costs lines, and may have room again later.
      if (error.code === 'EPIPE' || error.code === 'EIO') onLoss();
    });
  }
}

async function main(words: readonly string[]): Promise<number> {
  const command = parseArguments(words);
  switch (command.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version': {
      // The project's own file: it has a version.
      const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
      process.stdout.write(`flotilla ${manifest.version} (Node ${process.version})\n`);
      return 0;
    }
    case 'mistake':
      process.stderr.write(`flotilla: ${command.message}\nflotilla up --help lists what there is.\n`);
      return usageExitCode;
    case 'up':
      return up(command.options, {
        env: process.env,
        stdout: process.stdout,
        stderr: process.stderr,
        clock: systemClock,
        random: Math.random,
        root,
        // Zero on the monotonic clock is when this process began.
        startedMs: 0,
        onStopRequest,
      });
    default:
      return command satisfies never;
  }
}

// While every process waits to be started again, only this keeps the supervisor alive.
const keepAlive = setInterval(() => undefined, 2 ** 30);
process.exitCode = await main(process.argv.slice(2));
clearInterval(keepAlive);
// Listening for signals and for the end of the IPC channel would keep a finished supervisor alive.
whenWritten([process.stdout, process.stderr], () => process.exit());
