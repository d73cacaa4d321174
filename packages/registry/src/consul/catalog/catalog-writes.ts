import { type CheckStatus, checkStatuses } from '@flotilla/contracts';
import type { InstanceView } from '../../operations/registry-view.ts';
import type { JsonObject } from '../../record/json-object.ts';
import { maxNodeNameLength, type NodeCheck, type NodeValue } from '../../record/node.ts';
import type { Registry } from '../../registry.ts';
import { type Actor, requireRight } from '../../write/actor.ts';
import type { Announcement } from '../../write/announcement-changes.ts';
import type { WantedCheck } from '../../write/check-changes.ts';
import { announcementOf, serviceFieldShapes } from '../agent/service-body.ts';
import { actorOf } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { decodeBody, struct } from '../base/go-json.ts';
import { ifThere } from '../base/if-there.ts';
import { Refusal } from '../base/refusal.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkOf } from '../shapes/instance-name.ts';
import { objectOf, objectsOf, textIn } from '../shapes/service-extra.ts';
import { nodeOf, serviceIdOf } from '../shapes/service-shape.ts';

/** What the routes of the catalog write to. */
export interface CatalogWritesOptions {
  readonly registry: Pick<Registry, 'announce' | 'deregister' | 'checks' | 'nodes'>;
  readonly catalog: ConsulCatalog;
  readonly allowLinkLocal: boolean;
}

const checkShape = struct('HealthCheck', {
  ...{ Node: 'string', CheckID: 'string', Name: 'string', Status: 'string', Notes: 'string', Output: 'string' },
  ...{
    ServiceID: 'string',
    ServiceName: 'string',
    ServiceTags: { listOf: 'string' },
    Type: 'string',
    Definition: 'any',
  },
  ...{
    Namespace: 'string',
    Partition: 'string',
    ExposedPort: 'int',
    PeerName: 'string',
    Interval: 'any',
    Timeout: 'any',
  },
  ...{ CreateIndex: 'int', ModifyIndex: 'int' },
});
const registrationShape = struct('RegisterRequest', {
  ...{ ID: 'string', Node: 'string', Address: 'string', Datacenter: 'string', SkipNodeUpdate: 'bool', Token: 'string' },
  ...{ TaggedAddresses: { mapOf: 'string' }, NodeMeta: { mapOf: 'string' }, Locality: 'any', WriteRequest: 'any' },
  Service: struct('NodeService', { ...serviceFieldShapes, Service: 'string', Name: 'string' }),
  Check: checkShape,
  Checks: { listOf: checkShape },
  ...{ Partition: 'string', Namespace: 'string', PeerName: 'string' },
});
const deregistrationShape = struct('DeregisterRequest', {
  ...{ Node: 'string', Address: 'string', Datacenter: 'string', ServiceID: 'string', CheckID: 'string' },
  ...{ Namespace: 'string', Partition: 'string', PeerName: 'string', WriteRequest: 'any', Token: 'string' },
});

/** `PUT /v1/catalog/register` and `/deregister`: nodes, services and checks that somebody else looks after. */
export function catalogWrites(api: ConsulApi, { registry, catalog, allowLinkLocal }: CatalogWritesOptions): void {
  api.put('/catalog/register', async (call) => {
    const body = decodeBody(call.request.body, registrationShape);
    requireHere(body, api.options.datacenter);
    const node = requireNode(body);
    const service = objectOf(body['Service']);
    const checks = objectsOf(body['Check'], body['Checks']);
    const address = textIn(body, 'Address');
    if (address === '' && body['SkipNodeUpdate'] !== true)
      throw new Refusal(400, 'Must provide address if SkipNodeUpdate is not set');
    const actor = actorOf(call);
    // Before anything is written.
    const planned = service && announcementFor(service, node, address, checks);
    if (service === undefined)
      for (const check of checks) if (!isEmpty(check['ServiceID'])) requireService(node, check);
    const ofNode = checks.filter((check) => isEmpty(check['ServiceID'])).map(nodeCheckOf);
    await registry.nodes.change(
      node,
      (present) => nodeValue(body, node, present, ofNode, node === catalog.ownNode),
      actor,
    );
    if (planned !== undefined) await announce(planned, node, actor);
    else await reportChecks(node, checks, actor);
    return { json: true };
  });
  api.put('/catalog/deregister', async (call) => {
    const body = decodeBody(call.request.body, deregistrationShape);
    requireHere(body, api.options.datacenter);
    const node = requireNode(body);
    const actor = actorOf(call);
    const serviceId = textIn(body, 'ServiceID');
    const checkId = textIn(body, 'CheckID');
    const here = instancesOn(node);
    if (serviceId !== '') {
      for (const view of here) if (serviceIdOf(view) === serviceId) await deregister(view, actor);
    } else if (checkId !== '') {
      const check = checkOf(checkId);
      for (const { shown, checks } of here)
        if (checks.some((one) => one.check === check))
          await ifThere(() => registry.checks.remove({ name: shown.name, id: shown.id, check }, actor));
      const without = (present: NodeValue | undefined): NodeValue | undefined =>
        present && { ...present, checks: present.checks.filter((one) => one.check !== checkId) };
      await registry.nodes.change(node, without, actor);
    } else {
      for (const view of here) if (node !== catalog.ownNode) await deregister(view, actor);
      await registry.nodes.change(node, () => undefined, actor);
    }
    return { json: true };
  });

  function instancesOn(node: string): readonly InstanceView[] {
    return catalog
      .all()
      .map(({ view }) => view)
      .filter((view) => (nodeOf(view) ?? catalog.ownNode) === node && view.shown.last_seen !== '');
  }

  function announcementFor(
    service: JsonObject,
    node: string,
    address: string,
    checks: readonly JsonObject[],
  ): Announcement {
    const name = textIn(service, 'Service') || textIn(service, 'Name');
    if (name === '') throw new Refusal(400, 'Must provide service name (Service.Service) when service is provided');
    const serviceId = textIn(service, 'ID') || name;
    const described = announcementOf(service, name, {
      // A node that is not known yet has no address: then the service is at none that could be used.
      defaultAddress: address || catalog.nodes.get(node)?.Address || catalog.nodes.own.address,
      shownAddress: undefined,
      node: node === catalog.ownNode ? undefined : node,
      allowLinkLocal,
    });
    const its = checks.filter((check) => check['ServiceID'] === serviceId);
    return { ...described, checks: its.map(wantedOf), replaceChecks: false };
  }

  async function announce(announcement: Announcement, node: string, actor: Actor): Promise<void> {
    const { name, id, checks } = announcement;
    requireRight(actor, { kind: 'register', service: name });
    // An id belongs to one service of a node.
    for (const view of instancesOn(node))
      if (view.shown.id === id && view.shown.name !== name) await deregister(view, actor);
    await registry.announce(announcement, actor);
    // A check that is there keeps what it says when it is announced again; here it says something new.
    for (const { check, status, output } of checks)
      await registry.checks.report({ name, id, check }, { status, output }, actor);
  }

  async function reportChecks(node: string, checks: readonly JsonObject[], actor: Actor): Promise<void> {
    for (const check of checks.filter(({ ServiceID }) => !isEmpty(ServiceID))) {
      const { name, id } = requireService(node, check);
      const wanted = wantedOf(check);
      await registry.checks.put({ name, id }, wanted, actor);
      await registry.checks.report({ name, id, check: wanted.check }, wanted, actor);
    }
  }

  /** The instance that a check is about. @throws {Refusal} 500 if it is not there, as Consul */
  function requireService(node: string, check: JsonObject): InstanceView['shown'] {
    const view = instancesOn(node).find((one) => serviceIdOf(one) === check['ServiceID']);
    if (view !== undefined) return view.shown;
    throw new Refusal(500, `failed inserting check: Missing service registration on node ${JSON.stringify(node)}`);
  }

  function deregister({ shown }: InstanceView, actor: Actor): Promise<void> {
    return ifThere(() => registry.deregister(shown.name, shown.id, { actor }));
  }
}

function requireHere(body: JsonObject, datacenter: string): void {
  const asked = body['Datacenter'] ?? '';
  if (asked !== '' && asked !== datacenter) throw new Refusal(500, 'No path to datacenter');
}

function requireNode(body: JsonObject): string {
  const node = textIn(body, 'Node');
  if (node === '') throw new Refusal(400, 'Must provide node');
  // As it goes into logs and headers of lists.
  if (node.length <= maxNodeNameLength && /^[^\p{Cc}]+$/u.test(node)) return node;
  throw new Refusal(400, `Invalid node name: at most ${maxNodeNameLength} characters, and no control characters`);
}

/** A node as a registration says it is to be. Where ours is does not change by it. */
function nodeValue(
  body: JsonObject,
  node: string,
  present: NodeValue | undefined,
  reported: readonly NodeCheck[],
  isOwn: boolean,
): NodeValue | undefined {
  const keep = body['SkipNodeUpdate'] === true && present !== undefined;
  const checks = new Map([...(present?.checks ?? []), ...reported].map((check) => [check.check, check]));
  if (isOwn && checks.size === 0 && present === undefined) return undefined;
  const given: JsonObject = {
    ...(isEmpty(body['ID']) ? {} : { ID: body['ID'] ?? '' }),
    TaggedAddresses: body['TaggedAddresses'] ?? null,
    Meta: body['NodeMeta'] ?? {},
    ...(body['Locality'] === undefined ? {} : { Locality: body['Locality'] }),
  };
  const coordinate = present?.extra['Coord'];
  return {
    node,
    address: isOwn ? '' : keep ? present.address : textIn(body, 'Address'),
    extra:
      keep || isOwn ? (present?.extra ?? {}) : { ...given, ...(coordinate === undefined ? {} : { Coord: coordinate }) },
    checks: [...checks.values()].sort((a, b) => (a.check < b.check ? -1 : 1)),
  };
}

function nodeCheckOf(check: JsonObject): NodeCheck {
  const id = checkIdOf(check);
  return {
    check: id,
    title: (textIn(check, 'Name') || id).slice(0, 256),
    notes: textIn(check, 'Notes').slice(0, 1_024),
    status: statusOf(check),
    output: textIn(check, 'Output').slice(0, 4_096),
    type: textIn(check, 'Type').slice(0, 64),
  };
}

function wantedOf(check: JsonObject): WantedCheck {
  const { title, notes, status, output } = nodeCheckOf(check);
  return { check: checkOf(checkIdOf(check)), title, ...(notes === '' ? {} : { notes }), status, output };
}

function checkIdOf(check: JsonObject): string {
  const id = textIn(check, 'CheckID') || textIn(check, 'Name');
  if (id !== '') return id;
  throw new Refusal(400, 'Missing check ID');
}

function statusOf(check: JsonObject): CheckStatus {
  const given = textIn(check, 'Status');
  if (given === '') return 'critical';
  const status = checkStatuses.find((known) => known === given);
  if (status !== undefined) return status;
  throw new Refusal(400, `Invalid check status: '${given.slice(0, 64)}'`);
}

function isEmpty(value: JsonObject[string] | undefined): boolean {
  return value === undefined || value === '';
}
