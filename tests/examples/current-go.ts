import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { programFor } from '../engine/programs.ts';

/** What `examples/stock-service/go.mod` asks for. */
const needed = [1, 24] as const;

/**
 * The path of a Go that can build the example, or undefined after skipping the test with the reason. A Go that is too old
 * is skipped everywhere: Debian 12 has no newer one, so its machines cannot install what is missing.
 */
export function currentGo(t: TestContext): string | undefined {
  const go = programFor(t, 'go');
  if (go === undefined) return undefined;
  const { stdout } = spawnSync(go, ['version'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } });
  const [, major = '0', minor = '0'] = /\bgo(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) > needed[0] || (Number(major) === needed[0] && Number(minor) >= needed[1])) return go;
  t.skip(`this Go is ${major}.${minor}, and the example needs ${needed.join('.')} or newer`);
  return undefined;
}
