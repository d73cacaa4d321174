import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Cell, Screen } from './screen.ts';

/** A command that runs in a terminal of its own. */
export interface Terminal {
  /** The process that all others of the command descend from. */
  readonly pid: number;
  /** Resolves when the screen shows `pattern`. Rejects, with what it shows, after a minute or when the command ends before. */
  shows(pattern: RegExp): Promise<void>;
  text(): string;
  rows(): readonly (readonly Cell[])[];
  /** Presses Ctrl-C and waits until the command has ended. */
  close(): Promise<void>;
}

/** How long something may take to appear: a first start installs the dependencies. */
const patienceMs = 60_000;

/** Opens a terminal by `script` of util-linux, which is on every Linux, and runs a command in it. */
export function openTerminal(options: {
  readonly command: string;
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
}): Terminal {
  const { command, cwd, columns, rows } = options;
  const screen = new Screen();
  screen.write(`\x1b[1m$ ${command}\x1b[0m\r\n`);
  const inside = `stty cols ${columns} rows ${rows}; exec ${command}`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', inside, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm-256color', npm_config_update_notifier: 'false' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  child.stdout.setEncoding('utf8').on('data', (text: string) => screen.write(text));
  return {
    pid: child.pid ?? 0,
    async shows(pattern) {
      const endMs = performance.now() + patienceMs;
      while (!pattern.test(screen.text())) {
        if (child.exitCode !== null || performance.now() > endMs)
          throw new Error(`The terminal does not show ${String(pattern)}, but:\n${screen.text()}`);
        await Promise.race([ended, once(child.stdout, 'data')]);
      }
    },
    text: () => screen.text(),
    rows: () => screen.rows(),
    async close() {
      if (child.exitCode !== null) return;
      child.stdin.write('\x03');
      await ended;
    },
  };
}
