import { AppError, type ServiceInstance } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { topicOf } from '../watch/topics.ts';
import { filterOf, type InstanceQuery, instanceQuerySchema } from './instance-query.ts';
import { isAfter, nextPageLink } from './list-page.ts';
import { ListStream } from './list-stream.ts';
import { type Leaving, waitForChange } from './long-poll.ts';
import { noticeHeader, noticeOf } from './notice.ts';
import { serviceParametersSchema } from './path-parameters.ts';
import { PollTexts } from './poll-texts.ts';
import { revisionHeader } from './revision-header.ts';
import type { Asked, Sending } from './sending.ts';

/** Lists of more instances than this are sent as a stream. */
const atOnce = 20;

/** Who waits for a change of a longer list than this gets it as a stream, too: some hundred kB, of which few can be waited for. */
const atMostForPolls = 1_000;

/** A request for a list, and its answer, as far as they matter here. */
interface ListRequest extends Asked {
  readonly method: string;
  readonly url: string;
  readonly query: InstanceQuery;
}
interface ListReply {
  header(name: string, value: string | number): unknown;
  type(mediaType: string): unknown;
}

/** What a list of everything shows. */
const everything: readonly string[] = [topicOf.services, topicOf.allMembers, topicOf.health];

/** The most such lists under way at the same time: each holds what it lists. */
const maxStreams = 128;

/**
 * `GET /services`: every instance, by name and id. `GET /services/{name}/instances`: those of one service; a
 * service nobody knows has none, which is no error. Both take the same filters, and are paged by `limit` and `cursor`. With
 * `index`, the revision of an earlier answer, they are answered once something has changed since, or after `wait`.
 */
export function listInstances(app: HttpApp, registry: Registry, sending: Sending): void {
  const streams = new Set<ListStream>();
  const pollTexts = new PollTexts(sending.clock);

  /** What to send: a short list as it is, a long one as a stream. */
  function bodyOf(
    request: ListRequest,
    reply: ListReply,
    all: readonly ServiceInstance[],
    name?: string,
  ): string | ListStream | undefined {
    const { limit, cursor } = request.query;
    const rest = cursor === undefined ? all : all.slice(firstAfter(all, cursor));
    const page = limit === undefined ? rest : rest.slice(0, limit);
    const last = page.at(-1);
    if (page.length < rest.length && last !== undefined) reply.header('link', nextPageLink(request.url, last));
    reply.header(revisionHeader, registry.revision);
    reply.type('application/json; charset=utf-8');
    const notice = noticeOf(registry, { name, isEmpty: page.length === 0 });
    if (notice !== undefined) reply.header(noticeHeader, notice);
    const whole = (): string => `[${page.map((instance) => sending.texts.textOf(instance)).join(',')}]`;
    if (page.length <= atOnce) return whole();
    const { index, wait: _, ...list } = request.query;
    // Many may be woken at once for the same list.
    if (index !== undefined && page.length <= atMostForPolls)
      return pollTexts.get(JSON.stringify([name, list]), registry.revision, whole);
    if (streams.size >= maxStreams)
      throw new AppError('OVERLOADED', {
        detail: `The registry sends at most ${maxStreams} long lists at the same time`,
        retryAfterMs: 1_000,
      });
    if (request.method === 'HEAD') return undefined;
    const stream = new ListStream(
      page.values().map((instance) => sending.texts.textOf(instance)),
      sending.paced(request, 'list'),
    );
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    return stream;
  }

  async function waitFor(request: ListRequest & Leaving, topics: readonly string[]): Promise<void> {
    if (request.query.index === undefined) return;
    registry.refuseMoreWatches();
    await waitForChange(registry.topics, topics, request.query, request);
  }

  app.get('/services', { schema: { querystring: instanceQuerySchema } }, async (request, reply) => {
    await waitFor(request, everything);
    return reply.send(bodyOf(request, reply, registry.listAll(filterOf(request.query))));
  });
  const schema = { params: serviceParametersSchema, querystring: instanceQuerySchema };
  app.get('/services/:name/instances', { schema }, async (request, reply) => {
    const { name } = request.params;
    await waitFor(request, [topicOf.service(name)]);
    return reply.send(bodyOf(request, reply, registry.list(name, filterOf(request.query)), name));
  });
}

/** Where the first instance after a place is; the instances are in the order of the lists. */
function firstAfter(instances: readonly ServiceInstance[], place: { name: string; id: string }): number {
  let low = 0;
  let high = instances.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const instance = instances[middle];
    if (instance !== undefined && isAfter(instance, place)) high = middle;
    else low = middle + 1;
  }
  return low;
}
