import { Keys } from '../keys/keys.ts';
import { Sessions } from '../keys/sessions.ts';
import type { ResolvedRegistryOptions } from '../state/options.ts';
import type { RecordLog } from '../state/record-log.ts';

/** What a registry has for keys. */
export interface KeysAndSessions {
  /** Values under names. */
  readonly keys: Keys;
  /** Who holds locks on keys. */
  readonly sessions: Sessions;
}

export function keysAndSessions(options: ResolvedRegistryOptions, log: RecordLog): KeysAndSessions {
  const { state } = log;
  const shared: ConstructorParameters<typeof Keys>[0] & ConstructorParameters<typeof Sessions>[0] = {
    ...options,
    live: state.keys,
    limits: options.keyLimits,
    linkable: { catalog: state.instances.catalog, statuses: state.instances.statuses, nodes: state.nodes },
    submit: (decide) => log.submit(decide),
  };
  return { keys: new Keys(shared), sessions: new Sessions(shared) };
}
