import { createHash } from 'node:crypto';
import { topicOf } from '../../watch/topics.ts';
import type { Answer } from '../base/answer.ts';
import type { Call } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { readQueryOptions } from '../base/query-options.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import { type CheckShape, serviceChecks } from '../shapes/check-shape.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkFields, serviceFields } from '../shapes/filter-fields.ts';
import { filtered } from '../shapes/filtered.ts';
import { textOf } from '../shapes/service-extra.ts';
import { type ServiceShape, serviceIdOf, serviceShape } from '../shapes/service-shape.ts';

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
    const checks = filtered(all, parameters.get('filter') || undefined, checkFields);
    return { json: Object.fromEntries(checks.map((one) => [one.CheckID, one])) };
  });
  api.get('/agent/service/*', (call) => oneService(api, catalog, call));
  api.get('/agent/health/service/id/*', ({ rest, parameters }) => {
    const view = catalog.ownById(requireName(rest, 'Missing service ID'));
    if (view === undefined)
      return healthAnswer('critical', `ServiceId ${rest} not found`, parameters.get('format'), 404);
    const checks = [...nodeChecksOf(catalog), ...serviceChecks(view, catalog.ownNode)];
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
      const checks = [...nodeChecksOf(catalog), ...serviceChecks(view, catalog.ownNode)];
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
  const gone = new AbortController();
  request.raw.once('close', () => gone.abort());
  for (;;) {
    const view = catalog.ownById(id);
    if (view === undefined) throw new Refusal(404, `unknown service ID: ${id}`);
    const { CreateIndex: _, ModifyIndex: _modify, ...service } = agentShape(view);
    const hash = createHash('sha256').update(JSON.stringify(service)).digest('hex').slice(0, 16);
    const leftMs = endMs - clock.monotonicMs();
    if (known === undefined || hash !== known || leftMs <= 0 || topics.waiting >= api.options.maxWaiting)
      return { headers: { 'x-consul-contenthash': hash }, json: { ...service, ContentHash: hash } };
    const names = [topicOf.members(view.shown.name)];
    const after = topics.indexOf(...names);
    const ended = await topics.wait({ topics: names, after, timeoutMs: leftMs, signal: gone.signal });
    if (ended === 'aborted' || ended === 'closed') return {};
  }
}

/** A service as agents show it: where it is and what it says, with what Consul leaves out left out. */
function agentShape(view: Parameters<typeof serviceShape>[0]): ServiceShape {
  const shape = serviceShape(view);
  const given = textOf(view.extra?.['Address']);
  // An agent shows the tagged addresses that it was told, and no others.
  const { TaggedAddresses: _, ...rest } = shape;
  const tagged = view.extra?.['TaggedAddresses'];
  return {
    ...rest,
    ID: serviceIdOf(view),
    Address: given ?? view.shown.address,
    ...(tagged === undefined ? {} : { TaggedAddresses: tagged }),
  };
}

function nodeChecksOf(catalog: ConsulCatalog): readonly CheckShape[] {
  return catalog.checksOfNode(catalog.ownNode).filter(({ CheckID }) => CheckID !== 'serfHealth');
}

function worstOf(checks: readonly CheckShape[]): string {
  if (checks.some(({ Type }) => Type === 'maintenance')) return 'maintenance';
  return ['critical', 'warning'].find((status) => checks.some(({ Status }) => Status === status)) ?? 'passing';
}

const codes: Readonly<Record<string, number>> = { passing: 200, warning: 429, critical: 503, maintenance: 503 };

function healthAnswer(status: string, json: unknown, format: string | undefined, code = codes[status] ?? 503): Answer {
  return format === 'text' ? { status: code, text: status } : { status: code, json };
}
