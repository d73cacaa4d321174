import type { PlacedSpec } from '@flotilla/fleet/plan';

/** A process that is not ready yet, with what it is waited for, so that somebody can look there. `missing`: all that are not ready. */
export function missingWords(spec: PlacedSpec, missing: readonly string[]): string {
  const { name, after, program, port } = spec;
  const others = after.filter((other) => missing.includes(other));
  if (others.length > 0) return `${name} (which waits for ${others.join(', ')})`;
  if (program.health !== undefined)
    return `${name} (whose ${program.health.path} on port ${port} does not answer well)`;
  if (program.launch.kind === 'command')
    return port === undefined ? name : `${name} (which does not listen on port ${port})`;
  // Ours say it, and what keeps them.
  if (program.role !== 'service') return name;
  return `${name} (which has not said that it is ready; if it is not built on @flotilla/kit, set "health" in flotilla.config.ts)`;
}
