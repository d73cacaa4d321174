import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { isUnavailable } from '@flotilla/conformance/registries';
import { programFor } from '../engine/programs.ts';

/**
 * The path of a Go that can build the official client, or undefined after skipping the test with the reason. One that is
 * too old is skipped everywhere: where it comes from the distribution there is no newer one to install.
 */
export function goFor(t: TestContext): string | undefined {
  const go = programFor(t, 'go');
  if (go === undefined) return undefined;
  if (isUnavailable('go-modules')) {
    t.skip('the modules of the official client cannot be fetched on this machine');
    return undefined;
  }
  const needed = /^go (.+)$/m.exec(readFileSync(join(import.meta.dirname, 'go-suite/go.mod'), 'utf8'))?.[1] ?? '';
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  const version = spawnSync(go, ['env', 'GOVERSION'], { encoding: 'utf8', env }).stdout.trim().replace(/^go/, '');
  if (version.localeCompare(needed, 'en', { numeric: true }) >= 0) return go;
  t.skip(`this Go is ${version}, and the official client needs ${needed} or newer`);
  return undefined;
}
