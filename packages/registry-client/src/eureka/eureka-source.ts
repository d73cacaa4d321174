import { askingSource } from '../discovery/asking-source.ts';
import type { SnapshotSource } from '../discovery/snapshot-source.ts';
import type { RegistryHttp } from '../http/registry-http.ts';
import { untilAborted } from '../retry/until-aborted.ts';
import { EurekaCatalog } from './eureka-catalog.ts';

/**
 * How often a Eureka server is asked for changes. Its own clients ask every 30 s, for which people wait; an answer without
 * changes costs it next to nothing, as it keeps it ready.
 */
const askEveryMs = 5_000;
/** What was read so recently answers further questions: all services are in one answer. */
const freshMs = 1_000;

/** Asking Eureka for all that changed, for all services together. */
export function eurekaSource(http: RegistryHttp, random: () => number): SnapshotSource {
  const catalog = new EurekaCatalog(http);
  const closed = new AbortController();
  let refreshing: Promise<void> | undefined;
  let readMs: number | undefined;
  const refresh = async (): Promise<void> => {
    if (readMs !== undefined && http.clock.monotonicMs() - readMs < freshMs) return;
    refreshing ??= catalog
      .refresh(closed.signal)
      .then(() => {
        readMs = http.clock.monotonicMs();
      })
      .finally(() => {
        refreshing = undefined;
      });
    await refreshing;
  };
  return askingSource({
    clock: http.clock,
    async ask(service, _last: undefined, signal) {
      await untilAborted(refresh(), signal);
      // Programs that were started together do not ask together for ever.
      const againAfterMs = askEveryMs * (0.9 + 0.2 * random());
      return { ...catalog.service(service), againAfterMs, cursor: undefined };
    },
    close() {
      closed.abort();
      http.transport.close();
    },
  });
}
