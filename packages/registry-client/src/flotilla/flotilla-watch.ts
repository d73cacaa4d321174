import { headerNames, type WatchEvent, watchEventSchema } from '@flotilla/contracts';
import type { WatchSource } from '../discovery/watch-source.ts';
import { withDeadline } from '../transport/deadline.ts';
import type { HttpAnswer } from '../transport/transport.ts';
import { type FlotillaApiParts, readText, refusal } from './flotilla-api.ts';
import { SseParser } from './sse-parser.ts';

/** The largest event that is read: a snapshot of 50,000 instances with some metadata each. */
const maxEventBytes = 64 * 1_048_576;

const eventTypes: ReadonlySet<string> = new Set<WatchEvent['type']>(['snapshot', 'put', 'delete', 'bookmark', 'reset']);

/**
 * Watching Flotilla's own registry, over server-sent events. An event of a kind that is not known is passed over: a
 * newer registry may have more to say. The stream's `retry` is too: the watcher has its own backoff.
 */
export function flotillaWatchSource(parts: FlotillaApiParts, silenceLimitMs: number): WatchSource {
  return {
    silenceLimitMs,
    async run(request) {
      const query = new URLSearchParams();
      for (const service of request.services) query.append('service', service);
      if (request.from !== undefined) query.set('from', String(request.from));
      const answer = await openStream(parts, query, request.history, request.signal);
      const parser = new SseParser((event) => {
        if (eventTypes.has(event.type)) request.onEvent(watchEventSchema.parse(JSON.parse(event.data)));
      }, maxEventBytes);
      for await (const chunk of answer.body) {
        request.onActivity();
        parser.push(chunk);
      }
    },
    close: () => parts.transport.close(),
  };
}

function openStream(
  parts: FlotillaApiParts,
  query: URLSearchParams,
  history: string | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { addresses, transport, clock, requestTimeoutMs } = parts;
  return addresses.tryInTurn(signal, (base) =>
    withDeadline({ clock, timeoutMs: requestTimeoutMs, signal, staysTied: true }, async (bounded) => {
      const url = new URL(`watch?${query.toString()}`, base);
      const headers = {
        accept: 'text/event-stream',
        ...(history === undefined ? {} : { [headerNames.registryHistory]: history }),
      };
      const answer = await transport.send({ method: 'GET', url, headers, signal: bounded });
      if (answer.status === 200) return answer;
      throw refusal(answer.status, await readText(answer));
    }),
  );
}
