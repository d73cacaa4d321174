import { createHash } from 'node:crypto';
import type { InstanceView } from '../../operations/registry-view.ts';
import { topicOf } from '../../watch/topics.ts';
import type { Answer } from '../base/answer.ts';
import type { Call } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { refuseWritten } from '../base/consul-dialect.ts';
import { readQueryOptions } from '../base/query-options.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import { whileThere } from '../base/while-there.ts';
import { type CheckShape, serviceChecks } from '../shapes/check-shape.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkFields, serviceFields } from '../shapes/filter-fields.ts';
import { filtered } from '../shapes/filtered.ts';
import { type ServiceShape, serviceShape } from '../shapes/service-shape.ts';

/** `GET /v1/agent/services`, `/service/…`, `/checks` and `/health/…`: what is on our own node. */
export function agentReads(api: ConsulApi, catalog: ConsulCatalog): void {
  api.get('/agent/services', ({ parameters }) => {
    const services = filtered(catalog.own().map(agentShape), parameters.get('filter') || undefined, serviceFields);
    return { json: Object.fromEntries(services.map((one) => [one.ID, one])) };
  });
  api.get('/agent/checks', ({ parameters }) => {
    const all = [
      ...catalog.checksOfNode(catalog.ownNode).filter(({ CheckID }) => CheckID !== 'serfHealth'),
      ...catalog.own().flatMap((view) => serviceChecks(view, catalog.ownNode)),
    ];
    const checks = filtered(all.map(agentCheck), parameters.get('filter') || undefined, checkFields);
    return { json: Object.fromEntries(checks.map((one) => [one.CheckID, one])) };
  });
  api.get('/agent/service/*', (call) => {
    refuseWritten(call.request);
    return oneService(api, catalog, call);
  });
  api.get('/agent/health/service/id/*', ({ rest, parameters }) => {
    const view = catalog.ownById(requireName(rest, 'Missing service ID'));
    if (view === undefined) {
      const nothing = { AggregatedStatus: 'critical', Service: null, Checks: null };
      return healthAnswer('critical', nothing, parameters.get('format'), 404);
    }
    const checks = healthChecks(catalog, view);
    const status = worstOf(checks);
    return healthAnswer(
      status,
      { AggregatedStatus: status, Service: agentShape(view), Checks: checks },
      parameters.get('format'),
    );
  });
  api.get('/agent/health/service/name/*', ({ rest, parameters }) => {
    const name = requireName(rest);
    const views = catalog.own().filter(({ shown }) => shown.name === name);
    if (views.length === 0) return healthAnswer('critical', [], parameters.get('format'), 404);
    const entries = views.map((view) => {
      const checks = healthChecks(catalog, view);
      return { AggregatedStatus: worstOf(checks), Service: agentShape(view), Checks: checks };
    });
    return healthAnswer(worstOf(entries.flatMap(({ Checks }) => Checks)), entries, parameters.get('format'));
  });
}

/** Waits, with `?hash=`, until the service is another one than the reader knows. */
async function oneService(
  api: ConsulApi,
  catalog: ConsulCatalog,
  { rest, request, parameters }: Call,
): Promise<Answer> {
  const id = requireName(rest, 'Missing service ID');
  const known = parameters.get('hash');
  const { waitMs } = readQueryOptions(parameters, api.options.datacenter);
  const { topics, clock, random } = api.options;
  const endMs = clock.monotonicMs() + waitMs + (random() * waitMs) / 16;
  let isOver = false;
  for (;;) {
    const view = catalog.ownById(id);
    if (view === undefined) throw new Refusal(404, `unknown service ID: ${id}`);
    const service = agentShape(view);
    const hash = createHash('sha256').update(JSON.stringify(service)).digest('hex').slice(0, 16);
    const leftMs = endMs - clock.monotonicMs();
    if (known === undefined || hash !== known || leftMs <= 0 || isOver || topics.waiting >= api.options.maxWaiting)
      return { headers: { 'x-consul-contenthash': hash }, json: { ...service, ContentHash: hash } };
    const names = [topicOf.members(view.shown.name)];
    const after = topics.indexOf(...names);
    const wait = { topics: names, after, timeoutMs: leftMs };
    const ended = await whileThere(request, (signal) => topics.wait({ ...wait, signal }));
    isOver = ended === 'aborted' || ended === 'closed';
  }
}

/** A service as agents show it: they know no index. */
function agentShape(view: InstanceView): Omit<ServiceShape, 'CreateIndex' | 'ModifyIndex'> {
  const { CreateIndex: _, ModifyIndex: _modified, ...shape } = serviceShape(view);
  return shape;
}

/** A check as agents show it. */
function agentCheck(check: CheckShape): CheckShape {
  return { ...check, CreateIndex: 0, ModifyIndex: 0 };
}

/** What Consul says of a check's definition where it shows checks beside a service of the agent. */
const noDefinition = {
  ...{ Interval: '0s', Timeout: '0s', DeregisterCriticalServiceAfter: '0s', HTTP: '', Header: null, Method: '' },
  ...{ Body: '', TLSSkipVerify: false, TCP: '' },
};

function healthChecks(catalog: ConsulCatalog, view: InstanceView): readonly CheckShape[] {
  const ofNode = catalog.checksOfNode(catalog.ownNode).filter(({ CheckID }) => CheckID !== 'serfHealth');
  const all = [...ofNode, ...serviceChecks(view, catalog.ownNode)];
  return all.map((check) => ({ ...agentCheck(check), Definition: noDefinition }));
}

function worstOf(checks: readonly CheckShape[]): string {
  if (checks.some(({ Type }) => Type === 'maintenance')) return 'maintenance';
  return ['critical', 'warning'].find((status) => checks.some(({ Status }) => Status === status)) ?? 'passing';
}

const codes: Readonly<Record<string, number>> = { passing: 200, warning: 429, critical: 503, maintenance: 503 };

function healthAnswer(status: string, json: unknown, format: string | undefined, code = codes[status] ?? 503): Answer {
  return format === 'text'
    ? { status: code, text: status, headers: { 'content-type': 'text/plain' } }
    : { status: code, json };
}
