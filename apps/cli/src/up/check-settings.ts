import { execFile } from 'node:child_process';
import path from 'node:path';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { configurationExitCode } from '@flotilla/fleet/supervise';

/** A program that does not read its settings within this time has nothing to say about them. */
const limitMs = 10_000;

/**
 * What the programs find wrong with their settings: each is asked by starting it for that alone. Only once something is
 * known to be wrong, since it takes as long as a start; then everything that is wrong is told at once.
 */
export async function checkSettings(specs: Iterable<PlacedSpec>, root: string): Promise<readonly string[]> {
  const first = new Map<string, PlacedSpec>();
  for (const spec of specs) if (!first.has(spec.program.name)) first.set(spec.program.name, spec);
  const said = await Promise.all([...first.values()].map((spec) => check(spec, root)));
  return said.filter((words) => words !== '');
}

function check({ program, env }: PlacedSpec, root: string): Promise<string> {
  const file = path.join(root, 'apps', program.name, 'src', 'main.ts');
  return new Promise((resolve) => {
    const options = { cwd: root, env, timeout: limitMs, killSignal: 'SIGKILL' } as const;
    const child = execFile(process.execPath, [file, '--print-config'], options, (error, _stdout, stderr) => {
      resolve(error !== null && child.exitCode === configurationExitCode ? stderr.trim() : '');
    });
  });
}
