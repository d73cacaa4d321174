import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BootstrapFailure } from './bootstrap-failure.mjs';

/** Ctrl-C reaches us from the terminal and again from npm: within this time, both count as one. */
const sameSignalMs = 400;
const parentPollMs = 250;
/** How long a command without a stop of its own may take to end after npm died. */
const stopLimitMs = 3_000;

/**
 * Runs the command and resolves with its exit code. Signals are passed on. The command leads a process group of its
 * own, so that one Ctrl-C reaches it once, through us, and a second one means "now". It also gets an IPC channel: if we are
 * killed outright, the channel closes, which tells it to stop. A command that `stopsByItself` limits its stop by its own
 * settings, and is not killed.
 */
export function runChild({ command, arguments: args, cwd, env, stopsByItself }) {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(command, args, {
    cwd,
    env,
    detached: ownGroup,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const send = (signal) => {
    try {
      if (ownGroup) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error; // It has ended already.
    }
  };

  let lastSignalAt = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - lastSignalAt < sameSignalMs) return;
      lastSignalAt = now;
      send(signal);
    });
  }

  whenParentDies(() => {
    send('SIGTERM');
    if (!stopsByItself) setTimeout(() => send('SIGKILL'), stopLimitMs).unref();
  });

  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      const advice = 'Delete the folder .flotilla and repeat the command, which downloads it again';
      const own = command.includes(`${path.sep}.flotilla${path.sep}`) ? `. ${advice}.` : '.';
      reject(new BootstrapFailure(`cannot start ${command} (${error.code ?? error.message})${own}`));
    });
    // 128 + number is how shells report a death by signal.
    child.on('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}

/**
 * Calls `stop` if the npm that started us is gone without a signal to us (SIGKILL). Only under npm: for a command started by
 * hand in the background, losing the parent is normal. npm puts a shell between itself and us, so we also watch the
 * grandparent, where /proc shows it.
 */
function whenParentDies(stop) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    stop();
  }, parentPollMs);
  timer.unref();
}

function parentOf(pid) {
  try {
    // "pid (name) state ppid": the name may contain anything, so count from its closing bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // Without /proc, only the direct parent is watched.
  }
}
