import { probePort } from './probe-port.ts';

/**
 * Below the ports systems hand out to outgoing connections (32768 and up on Linux): otherwise a connection could
 * hold the port of a process that crashed and is about to be started again.
 */
const lowest = 20_000;
const highest = 32_000;
const attempts = 200;

/**
 * A port nobody listens on and that is not in `taken`. Where to look first is left to `random` (0 to 1), so that two
 * fleets started together seldom want the same one.
 */
export async function findFreePort(taken: ReadonlySet<number>, random: () => number): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = lowest + Math.floor(random() * (highest - lowest));
    if (taken.has(port)) continue;
    const state = await probePort(port, undefined);
    if (state.kind === 'free') return port;
  }
  throw new Error(`no free port found between ${lowest} and ${highest} in ${attempts} attempts`);
}
