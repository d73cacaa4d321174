import { execFile } from 'node:child_process';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { configurationExitCode } from '@flotilla/fleet/supervise';

/** A program that does not read its settings within this time has nothing to say about them. */
const limitMs = 10_000;

/**
 * What the programs find wrong with their settings: each is asked by starting it for that alone. Only once something is
 * known to be wrong, since it takes as long as a start; then everything that is wrong is told at once.
 */
export async function checkSettings(specs: Iterable<PlacedSpec>): Promise<readonly string[]> {
  const first = new Map<string, PlacedSpec>();
  for (const spec of specs) if (!first.has(spec.program.name)) first.set(spec.program.name, spec);
  const said = await Promise.all([...first.values()].map(check));
  return said.filter((words) => words !== '');
}

function check({ program, env }: PlacedSpec): Promise<string> {
  const { launch, health, folder } = program;
  // Only those on our chassis can be asked, and they need nobody to ask for their health: others would simply run.
  if (launch.kind !== 'node' || health !== undefined) return Promise.resolve('');
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: limitMs, killSignal: 'SIGKILL' } as const;
    const child = execFile(
      process.execPath,
      [launch.file, ...launch.args, '--print-config'],
      options,
      (error, _stdout, stderr) => {
        resolve(error !== null && child.exitCode === configurationExitCode ? stderr.trim() : '');
      },
    );
  });
}
