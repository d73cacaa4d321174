import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Launch } from '../proxies/proxy-kind.ts';

/** What wrk reports of one run. */
export interface ClosedLoopResult {
  readonly requests: number;
  readonly seconds: number;
  /** Answers that were not 2xx, and exchanges that broke. */
  readonly failed: number;
}

export interface ClosedLoopOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The size of the body to send; 0 = a GET. */
  readonly uploadBytes: number;
  readonly folder: string;
}

/** wrk with every connection always busy. */
export function wrkLaunch({ url, connections, seconds, uploadBytes, folder }: ClosedLoopOptions): Launch {
  const script = path.join(folder, 'upload.lua');
  if (uploadBytes > 0) writeFileSync(script, `wrk.method = "POST"\nwrk.body = string.rep("x", ${uploadBytes})\n`);
  // It takes whole seconds only and says how long it took; a shorter time is cut by `timeout`.
  const whole = Math.max(Math.round(seconds), 1);
  const wrk = [
    '-t1',
    `-c${connections}`,
    `-d${whole}s`,
    '--timeout',
    '10s',
    ...(uploadBytes > 0 ? ['-s', script] : []),
    url,
  ];
  if (Number.isInteger(seconds)) return { command: 'wrk', args: wrk };
  // On SIGINT it stops and reports what it has.
  return { command: 'timeout', args: ['--preserve-status', '-s', 'INT', String(seconds), 'wrk', ...wrk] };
}

/** @throws Error when the text is not a report of wrk's */
export function parseWrk(report: string): ClosedLoopResult {
  const summary = /(\d+) requests in ([\d.]+)(us|ms|s|m),/.exec(report);
  if (summary === null) throw new Error(`wrk reported nothing: ${report.slice(-500)}`);
  const [, requests, duration, unit = 's'] = summary;
  const unitSeconds = { us: 1e-6, ms: 1e-3, s: 1, m: 60 }[unit] ?? 1;
  const bad = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report) ?? [];
  return {
    requests: Number(requests),
    seconds: Number(duration) * unitSeconds,
    failed: bad + broken.slice(1).reduce((sum, count) => sum + Number(count), 0),
  };
}
