import { randomUUID } from 'node:crypto';
import { requireRight } from '../../write/actor.ts';
import type { Answer } from '../base/answer.ts';
import { actorOf, type Call } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { readQueryOptions } from '../base/query-options.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import { whileThere } from '../base/while-there.ts';
import { indexOfEvents, UserEvents } from './user-events.ts';

/** The largest payload, in bytes: Consul's. */
const maxPayloadBytes = 512;
/** What waits for events waits for this. It has no revision. */
const topic = 'user-events';

/** `/v1/event/…`: what clients tell each other. Nobody but those who ask for the list hears of it. */
export function eventRoutes(api: ConsulApi): void {
  const events = new UserEvents();
  const { topics, random, maxWaiting } = api.options;
  api.put('/event/fire/*', (call): Answer => {
    const { request, parameters, rest } = call;
    const name = requireName(rest, 'Missing name');
    const payload = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (payload.length > maxPayloadBytes || name.length > maxPayloadBytes)
      throw new Refusal(413, `user event exceeds configured limit of ${maxPayloadBytes} bytes before encoding`);
    requireRight(actorOf(call), { kind: 'operate' });
    const filter = (of: string): string => (parameters.get(of) ?? '').slice(0, maxPayloadBytes);
    const fired = events.fire({
      ...{ ID: randomUUID(), Name: name, Payload: payload.length === 0 ? null : payload.toString('base64') },
      ...{ NodeFilter: filter('node'), ServiceFilter: filter('service'), TagFilter: filter('tag') },
    });
    topics.wake([topic]);
    return { json: fired };
  });
  api.get('/event/list', async ({ request, parameters }: Call): Promise<Answer> => {
    const name = parameters.get('name') || undefined;
    const known = parameters.get('index') ?? '0';
    const { waitMs } = readQueryOptions(parameters, api.options.datacenter);
    if (known === indexOfEvents(events.list(name)) && topics.waiting < maxWaiting) {
      const timeoutMs = waitMs + (random() * waitMs) / 16;
      const wait = { topics: [topic], after: Number.MAX_SAFE_INTEGER, timeoutMs };
      await whileThere(request, (signal) => topics.wait({ ...wait, signal }));
    }
    const list = events.list(name);
    return { headers: { 'x-consul-index': indexOfEvents(list) }, json: list };
  });
}
