import { execFile } from 'node:child_process';
import { readJson } from '@flotilla/contracts/json';
import type { Program } from '@flotilla/fleet/config';

/** A route, as the gateway prints it. */
export interface PrintedRoute {
  readonly match: string;
  readonly kind: string;
  readonly methods?: readonly string[];
  readonly services: readonly string[];
  readonly rewrite?: string;
  readonly policies: readonly string[];
}

/** The routes, or the mistakes in their file. */
export type AskedRoutes =
  | { readonly ok: true; readonly file: string; readonly routes: readonly PrintedRoute[] }
  | { readonly ok: false; readonly problem: string };

const limitMs = 10_000;

/** Asks the gateway for its routes, as it reads them itself from their file; nothing is started. */
export function askRoutes(
  { launch, folder, env: own }: Program,
  env: Readonly<Record<string, string | undefined>>,
): Promise<AskedRoutes> {
  if (launch.kind !== 'node')
    return Promise.resolve({ ok: false, problem: 'This fleet uses another gateway, whose routes are unknown.' });
  const file = env['GATEWAY__GATEWAY_CONFIG'] ?? env['GATEWAY_CONFIG'] ?? own['GATEWAY_CONFIG'] ?? 'gateway.config.ts';
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      env: { ...env, GATEWAY_CONFIG: file },
      timeout: limitMs,
      killSignal: 'SIGKILL',
    } as const;
    execFile(process.execPath, [launch.file, '--print-routes'], options, (error, stdout, stderr) => {
      const read = readJson(Buffer.from(stdout));
      // What our own gateway prints.
      if (error === null && read.ok) resolve({ ok: true, file, routes: read.value as readonly PrintedRoute[] });
      else
        resolve({
          ok: false,
          problem:
            stderr.trim() === ''
              ? `Cannot read ${file}: it has not finished after ${limitMs / 1000} s.`
              : stderr.trim(),
        });
    });
  });
}
