import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventually } from './eventually.ts';

/** The project's folder. */
const root: string = path.resolve(import.meta.dirname, '../../..');

/** A process under test with what it has said so far. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when it has ended and all it said has arrived. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Waits until stdout or stderr matches; fails with all it said if it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Settings of the surrounding shell that would change what is tested. */
const dropped =
  /^(SERVER_|GRPC_PORT|DATABASE_URL|REDIS_URL|REGISTRY_URL|LOG_|INSTANCE_ID|NODE_TEST_CONTEXT|NO_COLOR|FORCE_COLOR|npm_)/;

/** The environment of a process under test. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !dropped.test(entry[0]),
  );
  // Services that are started by hand, side by side, would meet at its default.
  return { ...Object.fromEntries(kept), GRPC_PORT: '0', ...extra };
}

/** Far longer than any test needs a process. */
const longestLifeMs = 180_000;

/** Starts a command in the project's folder. */
export function spawnCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Spawned {
  const child = spawn(command, args, { cwd: root, env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let over = false;
  // So that a test that fails leaves nothing running, and one that waits for an end gets one.
  const watchdog = setTimeout(() => child.kill('SIGKILL'), longestLifeMs);
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    clearTimeout(watchdog);
    // What Node's documentation says of `close`.
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  return {
    child,
    pid: child.pid ?? Number.NaN,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async says(pattern) {
      const found = (): RegExpExecArray | null => pattern.exec(stdout) ?? pattern.exec(stderr);
      await eventually(`${command} ${args.join(' ')} says ${pattern}`, () => over || found() !== null);
      return found() ?? fail(`it ended without saying ${pattern}:\n${stdout}\n${stderr}`);
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}
