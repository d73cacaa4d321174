import { type CheckStatus, isAppError } from '@flotilla/contracts';
import type { Nodes } from '../../operations/nodes.ts';
import type { Registry } from '../../registry.ts';
import type { Answer } from '../base/answer.ts';
import { actorOf, type Call } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { decodeBody, struct } from '../base/go-json.ts';
import { ifThere } from '../base/if-there.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkIdOf } from '../shapes/instance-name.ts';
import { textIn } from '../shapes/service-extra.ts';
import type { AgentChecks } from './agent-checks.ts';
import { enabled } from './agent-service-writes.ts';
import { checkFieldShapes, wantedCheck } from './check-body.ts';
import type { OwnNodeChecks } from './own-node-checks.ts';

/** What the routes of checks write to. */
export interface AgentCheckWritesOptions {
  readonly registry: Pick<Registry, 'checks'> & { readonly nodes: Nodes };
  readonly catalog: ConsulCatalog;
  readonly checks: AgentChecks;
  readonly ownNode: OwnNodeChecks;
  /**
   * The status for a report on a check that is not there. Consul has changed it from 500 to 404, and clients that register again
   * after a 500 (Spring Cloud Consul) never do so after a 404.
   */
  readonly unknownCheckStatus: 404 | 500;
}

const registrationShape = struct('CheckDefinition', { ...checkFieldShapes, WriteRequest: 'any' });
const updateShape = struct('checkUpdate', { Status: 'string', Output: 'string' });

const statusOfVerb = { pass: 'passing', warn: 'warning', fail: 'critical' } as const;

/** `PUT /v1/agent/check/…` and `PUT /v1/agent/maintenance`: what is reported of services and of our own node. */
export function agentCheckWrites(api: ConsulApi, options: AgentCheckWritesOptions): void {
  const { registry, catalog, checks, ownNode } = options;
  api.put('/agent/check/register', async (call): Promise<Answer> => {
    const body = decodeBody(call.request.body, registrationShape);
    const name = textIn(body, 'Name');
    if (name === '') throw new Refusal(400, 'Missing check name');
    if (textIn(body, 'AliasService') !== '')
      throw new Refusal(400, 'Invalid check: register an alias check together with its service, in Check or Checks');
    const wanted = wantedCheck(body, { id: name, name });
    const serviceId = textIn(body, 'ServiceID');
    const before = checks.find(checkIdOf(wanted.check));
    if (serviceId === '') {
      if (before !== undefined) await remove(before.instance.shown, before.check.check, call);
      await ownNode.put({ ...wanted, check: checkIdOf(wanted.check) }, actorOf(call));
      return {};
    }
    const view = catalog.ownById(serviceId);
    if (view === undefined) throw new Refusal(500, `ServiceID ${JSON.stringify(serviceId)} does not exist`);
    // An id belongs to one check of the node.
    if (before !== undefined && before.instance.shown.id !== view.shown.id)
      await remove(before.instance.shown, before.check.check, call);
    await registry.checks.put({ name: view.shown.name, id: view.shown.id }, wanted, actorOf(call));
    checks.remember(view.shown.name, view.shown.id, [wanted]);
    return {};
  });
  api.put('/agent/check/deregister/*', async (call): Promise<Answer> => {
    const id = requireName(call.rest, 'Missing check ID');
    const found = checks.find(id);
    if (found === undefined) await ownNode.remove(id, actorOf(call));
    else await remove(found.instance.shown, found.check.check, call);
    return {};
  });
  for (const [verb, status] of Object.entries(statusOfVerb))
    api.put(`/agent/check/${verb}/*`, (call) => report(call, status, call.parameters.get('note') ?? ''), {
      log: 'debug',
    });
  api.put(
    '/agent/check/update/*',
    (call) => {
      const body = decodeBody(call.request.body, updateShape);
      const given = textIn(body, 'Status');
      if (given !== 'passing' && given !== 'warning' && given !== 'critical')
        throw new Refusal(400, `Invalid check status: '${given.slice(0, 64)}'`);
      return report(call, given, textIn(body, 'Output'));
    },
    { log: 'debug' },
  );
  api.put('/agent/maintenance', async (call): Promise<Answer> => {
    await ownNode.maintain(enabled(call), call.parameters.get('reason') || undefined, actorOf(call));
    return {};
  });

  async function report(call: Call, status: CheckStatus, output: string): Promise<Answer> {
    const id = requireName(call.rest, 'Missing check ID');
    const found = checks.find(id);
    if (found !== undefined && (found.check.definition === undefined || found.check.definition.type === 'ttl')) {
      const { name, id: instance } = found.instance.shown;
      try {
        await registry.checks.report(
          { name, id: instance, check: found.check.check },
          { status, output },
          actorOf(call),
        );
        return {};
      } catch (error) {
        // Gone in the same moment.
        if (!isAppError(error, 'INSTANCE_NOT_FOUND') && !isAppError(error, 'CHECK_NOT_FOUND')) throw error;
      }
    } else if (found === undefined && (await ownNode.report(id, status, output, actorOf(call)))) return {};
    const { unknownCheckStatus: code } = options;
    throw new Refusal(
      code,
      code === 500
        ? `CheckID ${JSON.stringify(id)} does not have associated TTL`
        : `Unknown check ID ${JSON.stringify(id)}. Ensure that the check ID is passed, not the check name.`,
    );
  }

  async function remove(
    instance: { readonly name: string; readonly id: string },
    check: string,
    call: Call,
  ): Promise<void> {
    await ifThere(() => registry.checks.remove({ name: instance.name, id: instance.id, check }, actorOf(call)));
  }
}
