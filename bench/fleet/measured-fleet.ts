import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A fleet that takes longer does not start at all. */
const readyLimitMs = 60_000;

const root = path.resolve(import.meta.dirname, '../..');

/** One process of a fleet. */
export interface FleetProcess {
  readonly pid: number;
  readonly program: string;
  /** The program, or "gateway worker" for a process that the program started itself. */
  readonly name: string;
  /** Resident memory in MiB, as `ps` tells it. */
  readonly residentMiB: number;
}

/** A fleet under measurement, started by `npm start` on free ports. */
export interface MeasuredFleet {
  /** From the call of npm to the banner that says "ready", in milliseconds. */
  readonly readyMs: number;
  url(program: string): string;
  processes(): readonly FleetProcess[];
  /** All that it has said. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts a fleet and waits until it is ready. */
export async function startMeasuredFleet(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<MeasuredFleet> {
  const data = mkdtempSync(path.join(tmpdir(), 'flotilla-bench-'));
  const startedMs = performance.now();
  const npm = spawn('npm', ['start', '--', '--free-ports', '--data', data, ...args], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gathered = gather(npm);
  await gathered.until('Ctrl-C stops everything');
  const readyMs = performance.now() - startedMs;
  return {
    readyMs,
    output: gathered.text,
    url(program) {
      const line = new RegExp(`^ {2}${program} +(http\\S+)`, 'm').exec(gathered.text());
      if (line?.[1] === undefined) throw new Error(`${program} is not running:\n${gathered.text()}`);
      return line[1];
    },
    processes: () => processesBelow(npm.pid ?? 0),
    async stop() {
      const ended = npm.exitCode !== null || npm.signalCode !== null;
      if (ended) throw new Error(`the fleet ended by itself; the end of its output:\n${gathered.text().slice(-2_000)}`);
      npm.kill('SIGTERM');
      await once(npm, 'close');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function gather(child: ChildProcess): { text(): string; until(words: string): Promise<void> } {
  let text = '';
  let check = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      check();
    });
  }
  return {
    text: () => text,
    until: (words) =>
      new Promise((resolve, reject) => {
        const fail = (what: string): void =>
          reject(new Error(`${what}; the end of its output:\n${text.slice(-2_000)}`));
        const limit = setTimeout(() => {
          child.kill('SIGTERM');
          fail(`the fleet was not ready within ${readyLimitMs} ms`);
        }, readyLimitMs);
        check = () => {
          if (!text.includes(words)) return;
          clearTimeout(limit);
          resolve();
        };
        child.once('close', () => fail('the fleet ended'));
        check();
      }),
  };
}

function processesBelow(ancestor: number): FleetProcess[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' }).split('\n');
  const all = rows.flatMap((row) => {
    const [, pid, parent, rss, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), rss: Number(rss), args }];
  });
  const found: FleetProcess[] = [];
  const visit = (parent: number, parentProgram: string | undefined): void => {
    for (const each of all.filter((candidate) => candidate.parent === parent)) {
      const program = /apps\/([a-z-]+)\/src\/main\.ts/.exec(each.args)?.[1];
      if (program !== undefined) {
        const name = program === parentProgram ? `${program} worker` : program;
        found.push({ pid: each.pid, program, name, residentMiB: each.rss / 1024 });
      }
      visit(each.pid, program);
    }
  };
  visit(ancestor, undefined);
  return found;
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A Markdown table with aligned columns, the first to the left and the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head = [], ...others] = rows.map((row) => row.map(cell));
  return [head, rule, ...others].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
