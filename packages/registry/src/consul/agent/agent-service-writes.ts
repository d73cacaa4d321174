import type { Registry } from '../../registry.ts';
import { requireRight } from '../../write/actor.ts';
import type { Answer } from '../base/answer.ts';
import { actorOf, type Call } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { decodeBody } from '../base/go-json.ts';
import { ifThere } from '../base/if-there.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { textIn } from '../shapes/service-extra.ts';
import type { AgentChecks } from './agent-checks.ts';
import type { AliasChecks } from './alias-checks.ts';
import { aliasesIn, announcementOf, checksOf, type Registering, registrationShape } from './service-body.ts';
import { sidecarOf } from './sidecar.ts';

/** What the routes of agents write to. */
export interface AgentWritesOptions {
  readonly registry: Pick<Registry, 'announce' | 'deregister' | 'setStatus'>;
  readonly catalog: ConsulCatalog;
  readonly checks: AgentChecks;
  readonly aliases: AliasChecks;
  readonly allowLinkLocal: boolean;
}

/** `PUT /v1/agent/service/…`: what a service says of itself. */
export function agentServiceWrites(api: ConsulApi, options: AgentWritesOptions): void {
  const { registry, catalog } = options;
  api.put('/agent/service/register', async (call): Promise<Answer> => {
    const body = decodeBody(call.request.body, registrationShape);
    const name = textIn(body, 'Name') || textIn(body, 'Service');
    if (name === '') throw new Refusal(400, 'Missing service name');
    const where = whereOf(call, catalog, options.allowLinkLocal);
    const replaceChecks = call.parameters.flag('replace-existing-checks');
    const checks = checksOf(body, name);
    const described = announcementOf(body, name, where);
    const extra = { ...described.extra, ...aliasesIn(body, checks) };
    const announcement = { ...described, extra, checks, replaceChecks };
    const sidecar = sidecarOf(body, name);
    const proxy = sidecar && {
      ...announcementOf(sidecar, textIn(sidecar, 'Name'), where),
      checks: [],
      replaceChecks: true,
    };
    const actor = actorOf(call);
    // Before what is replaced goes.
    for (const { name: service } of [announcement, proxy ?? announcement])
      requireRight(actor, { kind: 'register', service });
    // An id belongs to one service of the node: an instance of another name that had it before is replaced.
    for (const { shown, origin } of catalog.view.byId(announcement.id))
      if (shown.name !== name && origin === 'consul')
        await ifThere(() => registry.deregister(shown.name, shown.id, { force: true, actor }));
    await registry.announce(announcement, actor);
    options.checks.remember(name, announcement.id, checks);
    if ('Aliases' in extra) options.aliases.add(name, announcement.id);
    if (proxy !== undefined) await registry.announce(proxy, actor);
    return {};
  });
  api.put('/agent/service/deregister/*', async (call): Promise<Answer> => {
    const id = requireName(call.rest, 'Missing service ID');
    for (const one of [id, `${id}-sidecar-proxy`]) {
      const view = catalog.ownById(one);
      if (view === undefined || (one !== id && view.extra?.['Kind'] !== 'connect-proxy')) continue;
      await ifThere(() => registry.deregister(view.shown.name, view.shown.id, { actor: actorOf(call) }));
    }
    return {};
  });
  api.put('/agent/service/maintenance/*', async (call): Promise<Answer> => {
    const id = requireName(call.rest, 'Missing service ID');
    const isOn = enabled(call);
    const view = catalog.ownById(id);
    if (view === undefined) throw new Refusal(404, `No service registered with ID ${JSON.stringify(id)}`);
    const { name } = view.shown;
    const reason = call.parameters.get('reason') || defaultReason;
    await registry.setStatus(name, view.shown.id, isOn ? 'maintenance' : 'passing', undefined, actorOf(call), reason);
    return {};
  });
}

/** What is shown as the reason of a maintenance that was given none. Consul's words. */
const defaultReason =
  'Maintenance mode is enabled for this service, but no reason was provided. This is a default message.';

/** Whether maintenance is to begin or end. @throws {Refusal} 400 */
export function enabled({ parameters }: Call): boolean {
  if (!parameters.has('enable')) throw new Refusal(400, 'Missing value for enable');
  const given = parameters.get('enable') ?? '';
  if (/^(?:1|t|T|true|TRUE|True)$/.test(given)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/.test(given)) return false;
  throw new Refusal(400, `Invalid value for enable: ${JSON.stringify(given.slice(0, 64))}`);
}

function whereOf({ request }: Call, catalog: ConsulCatalog, allowLinkLocal: boolean): Registering {
  const client = request.ip.replace(/^::ffff:/, '');
  const isHere = client.startsWith('127.') || client === '::1';
  const { address } = catalog.nodes.own;
  // An agent of Consul's runs on the machine of its services. Ours may be elsewhere: then they are where they call from.
  return isHere
    ? { defaultAddress: address, shownAddress: undefined, node: undefined, allowLinkLocal }
    : { defaultAddress: client, shownAddress: client, node: undefined, allowLinkLocal };
}
