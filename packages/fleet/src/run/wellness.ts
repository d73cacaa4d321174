import { authorityOf } from '@flotilla/contracts/endpoint';
import { callableHost } from '../plan/callable-host.ts';
import type { PlacedSpec } from '../plan/placed-spec.ts';
import { accepts, isWell } from '../supervise/await-readiness.ts';

/** How a process that does not tell by itself shows that it is well. */
export interface Wellness {
  /** Where it serves, as it is shown. */
  readonly url: string;
  /** Where it can be asked whether it lives; undefined: it speaks no HTTP that is known of. */
  readonly live: string | undefined;
  isWell(timeoutMs: number): Promise<boolean>;
}

/** By its health, else by its port; undefined: it tells by itself, or has no port. */
export function wellnessOf({ program, port, env }: PlacedSpec): Wellness | undefined {
  if (port === undefined) return undefined;
  const host = callableHost(env['SERVER_HOST']);
  const authority = authorityOf({ address: host, port });
  if (program.health !== undefined) {
    const live = `http://${authority}${program.health.path}`;
    return { url: `http://${authority}`, live, isWell: (timeoutMs) => isWell(live, timeoutMs) };
  }
  if (program.launch.kind === 'node') return undefined;
  return { url: authority, live: undefined, isWell: (timeoutMs) => accepts({ host, port }, timeoutMs) };
}
