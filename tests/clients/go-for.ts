import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { isUnavailable } from '@flotilla/conformance/registries';
import { programFor } from '../engine/programs.ts';

/**
 * The path of a Go that can build a module, or undefined after skipping the test with the reason. One that is
 * too old is skipped everywhere: where it comes from the distribution there is no newer one to install.
 *
 * @param modules what `install.sh` calls the modules that it needs
 * @param modFile its go.mod, from the folder of the repository
 */
export function goFor(
  t: TestContext,
  modules: string = 'go-modules',
  modFile: string = 'tests/clients/go-suite/go.mod',
): string | undefined {
  const go = programFor(t, 'go');
  if (go === undefined) return undefined;
  if (isUnavailable(modules)) {
    t.skip('the Go modules that it needs cannot be fetched on this machine');
    return undefined;
  }
  const needed = /^go (.+)$/m.exec(readFileSync(join(import.meta.dirname, '../..', modFile), 'utf8'))?.[1] ?? '';
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  const version = spawnSync(go, ['env', 'GOVERSION'], { encoding: 'utf8', env }).stdout.trim().replace(/^go/, '');
  if (version.localeCompare(needed, 'en', { numeric: true }) >= 0) return go;
  t.skip(`this Go is ${version}, and ${modFile} needs ${needed} or newer`);
  return undefined;
}
