import { exchange, type ProbeTarget } from './exchange.ts';
import type { Probe } from './probe.ts';

/**
 * Passes if a connection can be opened. That is the system's answer, not the process's: a blocked process passes until its
 * queue of connections is full.
 */
export function tcpProbe(target: ProbeTarget): Probe {
  return (context) =>
    exchange(target, context, ({ done }) =>
      done({ status: 'passing', output: `Connected to ${target.host}:${target.port}` }),
    );
}
