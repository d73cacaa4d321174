import type { Endpoint } from '@flotilla/contracts';
import { askingSource } from '../discovery/asking-source.ts';
import { ForgottenInstances } from '../discovery/forgotten-instances.ts';
import type { SnapshotSource } from '../discovery/snapshot-source.ts';
import { foreignRefusal } from '../http/foreign-answer.ts';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { warnIfHidden } from './consul-agent.ts';
import { endpointsIn } from './consul-entry.ts';
import { indexOf } from './consul-index.ts';

/** How long Consul may hold a question. So soon is a connection noticed that was cut without a word. */
const waitMs = 30_000;
/** Consul waits up to a sixteenth longer, at random. */
const longestWaitMs = waitMs + waitMs / 16;
/** The largest answer that is read: 50,000 instances with some metadata each. */
const maxAnswerBytes = 64 * 1_048_576;
/** The wait before the next question where Consul answered at once though nothing had changed. */
const unchangedAgainMs = 1_000;
/** How often a Consul is asked that has lost what it knew. */
const lostAgainMs = 1_000;
/** How long instances that Consul has forgotten stay in use: by then, every live instance has registered again. */
const rememberMs = 90_000;

/** What Consul said. */
interface Answer {
  readonly index: bigint;
  readonly endpoints: readonly Endpoint[];
  readonly body: Buffer;
}

/** Where the next question goes on. */
interface Cursor {
  /** Undefined: the next question does not wait. */
  readonly index: bigint | undefined;
  readonly body: Buffer;
}

/** Asking Consul by blocking queries, one for each service. */
export function consulSource(http: RegistryHttp, options: URLSearchParams, logger: ClientLogger): SnapshotSource {
  let isWarned = false;
  const forgotten = new Map<string, ForgottenInstances>();
  return askingSource<Cursor>({
    clock: http.clock,
    async ask(service, last, signal) {
      const askedMs = http.clock.monotonicMs();
      const { index, endpoints, body } = await askFor(http, service, options, last?.index, signal);
      const memory = forgotten.get(service) ?? new ForgottenInstances(http.clock, rememberMs);
      forgotten.set(service, memory);
      if (endpoints.length === 0 && !isWarned) {
        isWarned = true;
        await warnIfHidden(http, logger, signal);
      }
      const known = memory.next(endpoints, index);
      const tookMs = http.clock.monotonicMs() - askedMs;
      const isEarly = last?.index !== undefined && tookMs < waitMs && last.body.equals(body);
      return {
        ...known,
        againAfterMs: known.state === 'stale' ? lostAgainMs : isEarly ? unchangedAgainMs : 0,
        cursor: {
          // An index that went back is of another life of Consul's: to wait for it could miss everything until then.
          index: known.state === 'stale' || (last?.index !== undefined && index < last.index) ? undefined : index,
          body,
        },
      };
    },
    close: () => http.transport.close(),
  });
}

function askFor(
  http: RegistryHttp,
  service: string,
  options: URLSearchParams,
  index: bigint | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const query = new URLSearchParams(options);
  if (index !== undefined) {
    query.set('index', String(index));
    query.set('wait', `${waitMs}ms`);
  }
  return http.addresses.tryInTurn(signal, async (base) => {
    const url = new URL(`v1/health/service/${encodeURIComponent(service)}`, base);
    url.search = query.toString();
    const timeoutMs = http.requestTimeoutMs + (index === undefined ? 0 : longestWaitMs);
    const answer = await askRegistry(http, { method: 'GET', url, signal, timeoutMs, maxBodyBytes: maxAnswerBytes });
    if (answer.status !== 200) throw foreignRefusal('Consul', answer);
    if (answer.headers['x-consul-knownleader'] === 'false')
      throw new Error('this Consul has no leader, so what it knows may be old');
    const endpoints = endpointsIn(jsonIn(answer.body));
    if (endpoints.length === 0 && answer.headers['x-consul-results-filtered-by-acls'] === 'true')
      throw new Error('Consul hides what there is. Set REGISTRY_TOKEN to a token that may read this service');
    return { index: indexOf(answer), endpoints, body: answer.body };
  });
}
