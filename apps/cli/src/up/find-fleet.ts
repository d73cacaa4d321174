import type { Fleet } from '@flotilla/fleet/config';
import type { Given } from '../arguments/given.ts';
import type { Cli, VerbOption } from '../arguments/verb.ts';

/** The option of every verb for the fleet. */
export const configOption: VerbOption = {
  flag: '--config',
  value: '<file>',
  summary: 'use this file (default: flotilla.config.ts, here or in the nearest folder above)',
  example: 'other.config.ts',
  completes: 'files',
};

/** The fleet of the project; undefined if it is missing or wrong, which has been reported. */
export async function findFleet(
  given: Given,
  { cwd, stderr }: Pick<Cli, 'cwd' | 'stderr'>,
): Promise<Fleet | undefined> {
  const { loadFleet } = await import('@flotilla/fleet/config');
  const loaded = await loadFleet({ folder: cwd, file: given.value('--config'), besides: [import.meta.filename] });
  if (loaded.ok) return loaded.fleet;
  stderr.write(`flotilla: ${loaded.problems.join('\n')}\n`);
  return undefined;
}
