import type { PlacedSpec } from '@flotilla/fleet/plan';
import { configurationExitCode } from '@flotilla/fleet/supervise';
import { askSettings } from './ask-settings.ts';

/**
 * What the programs find wrong with their settings: each is asked by starting it for that alone. Only once something is
 * known to be wrong, since it takes as long as a start; then everything that is wrong is told at once.
 */
export async function checkSettings(specs: Iterable<PlacedSpec>): Promise<readonly string[]> {
  const first = new Map<string, PlacedSpec>();
  for (const spec of specs) if (!first.has(spec.program.name)) first.set(spec.program.name, spec);
  const said = await Promise.all([...first.values()].map(askSettings));
  return said.flatMap((asked) => (asked.kind === 'wrong' && asked.code === configurationExitCode ? [asked.words] : []));
}
