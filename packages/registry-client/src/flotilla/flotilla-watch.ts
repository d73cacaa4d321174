import { headerNames, type WatchEvent, watchEventSchema } from '@flotilla/contracts';
import { type HttpAnswer, readBody } from '@flotilla/contracts/http-client';
import { startDeadline } from '@flotilla/contracts/time';
import type { WatchSource } from '../discovery/watch-source.ts';
import { notInTime, type RegistryHttp } from '../http/registry-http.ts';
import { refusal } from './flotilla-api.ts';
import { SseParser } from './sse-parser.ts';

/** The largest event that is read: a snapshot of 50,000 instances with some metadata each. */
const maxEventBytes = 64 * 1_048_576;

/** The largest refusal that is read. */
const maxRefusalBytes = 1_048_576;

const eventTypes: ReadonlySet<string> = new Set<WatchEvent['type']>(['snapshot', 'put', 'delete', 'bookmark', 'reset']);

/**
 * Watching Flotilla's own registry, over server-sent events. An event of a kind that is not known is passed over: a
 * newer registry may have more to say. The stream's `retry` is too: the watcher has its own backoff.
 */
export function flotillaWatchSource(parts: RegistryHttp, silenceLimitMs: number): WatchSource {
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
  parts: RegistryHttp,
  query: URLSearchParams,
  history: string | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { addresses, transport, clock, requestTimeoutMs, credentials } = parts;
  return addresses.tryInTurn(signal, async (base) => {
    // The stream goes on ending with the signal, which is its own.
    const deadline = startDeadline({ clock, afterMs: requestTimeoutMs, signal });
    try {
      const url = new URL(`watch?${query.toString()}`, base);
      const headers = {
        accept: 'text/event-stream',
        ...credentials,
        ...(history === undefined ? {} : { [headerNames.registryHistory]: history }),
      };
      const answer = await transport.send({ method: 'GET', url, headers, signal: deadline.signal });
      if (answer.status !== 200) throw refusal(answer.status, await readBody(answer, maxRefusalBytes));
      deadline.stopTimer();
      return answer;
    } catch (error) {
      deadline.cancel();
      throw deadline.exceeded ? notInTime(requestTimeoutMs) : error;
    }
  });
}
