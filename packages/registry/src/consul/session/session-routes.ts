import { isAppError } from '@flotilla/contracts';
import { sessionsTopic } from '../../keys/key-topics.ts';
import type { Registry } from '../../registry.ts';
import type { Answer } from '../base/answer.ts';
import type { Read } from '../base/blocking-read.ts';
import { actorOf } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { readSession } from './session-body.ts';
import { sessionShape } from './session-shape.ts';

/** `/v1/session/…`: who holds locks. */
export function sessionRoutes(api: ConsulApi, { sessions }: Pick<Registry, 'sessions'>, catalog: ConsulCatalog): void {
  const shown = (isAsked: (node: string, id: string) => boolean): Read => ({
    topics: [sessionsTopic],
    show: () => ({
      json: sessions
        .all()
        .map((entry) => sessionShape(entry, catalog.ownNode))
        .filter(({ Node, ID }) => isAsked(Node, ID))
        .sort((a, b) => (a.ID < b.ID ? -1 : 1)),
    }),
  });

  api.put('/session/create', async (call): Promise<Answer> => {
    const asked = readSession(call.request.body, catalog);
    try {
      const { value } = await sessions.create(asked, actorOf(call));
      return { json: { ID: value.id } };
    } catch (error) {
      if (isAppError(error, 'SESSION_LINK_BROKEN')) throw new Refusal(500, error.detail ?? error.message);
      throw error;
    }
  });

  api.put('/session/destroy/*', async (call): Promise<Answer> => {
    await sessions.destroy(requireName(call.rest, 'Missing session'), actorOf(call));
    return { json: true };
  });

  api.put('/session/renew/*', async (call): Promise<Answer> => {
    const id = requireName(call.rest, 'Missing session');
    const actor = actorOf(call);
    if (sessions.get(id) === undefined) throw new Refusal(404, `Session id '${id.slice(0, 64)}' not found`);
    return { json: [sessionShape(sessions.renew(id, actor), catalog.ownNode)] };
  });

  api.read('/session/info/*', ({ rest }) => {
    const asked = requireName(rest, 'Missing session');
    return shown((_, id) => id === asked);
  });
  api.read('/session/node/*', ({ rest }) => {
    const asked = requireName(rest, 'Missing node name');
    return shown((node) => node === asked);
  });
  api.read('/session/list', () => shown(() => true));
}
