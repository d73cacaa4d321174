import { isIP } from 'node:net';
import { AppError, type ServiceInstance } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { filterOf, type InstanceQuery, instanceQuerySchema } from './instance-query.ts';
import { serviceParametersSchema } from './path-parameters.ts';
import { revisionHeader } from './revision-header.ts';

/** One entry of the document that Prometheus' `http_sd_configs` reads. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const prefix = '__meta_flotilla_';

/**
 * `GET /prometheus/targets`: every instance as a target with labels, for Prometheus' `http_sd_configs`; with the filters of the
 * lists. `GET /prometheus/targets/{name}`: those of one service. An instance without a port is no target.
 */
export function prometheusTargets(app: HttpApp, registry: Registry): void {
  app.get('/prometheus/targets', { schema: { querystring: instanceQuerySchema } }, async (request, reply) => {
    refusePages(request.query);
    reply.header(revisionHeader, registry.revision).type('application/json; charset=utf-8');
    return documentOf(registry.listAll(filterOf(request.query)));
  });
  const schema = { params: serviceParametersSchema, querystring: instanceQuerySchema };
  app.get('/prometheus/targets/:name', { schema }, async (request, reply) => {
    refusePages(request.query);
    reply.header(revisionHeader, registry.revision).type('application/json; charset=utf-8');
    return documentOf(registry.list(request.params.name, filterOf(request.query)));
  });
}

/** Prometheus reads one document, and would take a page for all there is. */
function refusePages(query: InstanceQuery): void {
  for (const name of ['limit', 'cursor'] as const)
    if (query[name] !== undefined)
      throw new AppError('INVALID_REQUEST', { fields: [{ field: `?${name}`, code: 'UNKNOWN_FIELD' }] });
}

/** So many targets are written before others are served: a few milliseconds. */
const slice = 500;

async function documentOf(instances: readonly ServiceInstance[]): Promise<Buffer> {
  const texts: string[] = [];
  for (const [index, instance] of instances.entries()) {
    if (instance.port > 0) texts.push(JSON.stringify(groupOf(instance)));
    if (index % slice === slice - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return Buffer.from(`[${texts.join(',')}]`);
}

function groupOf(instance: ServiceInstance): TargetGroup {
  const { name, id, address, port, status, tags, metadata } = instance;
  const host = isIP(address) === 6 ? `[${address}]` : address;
  const labels: Record<string, string> = {
    [`${prefix}service`]: name,
    [`${prefix}instance`]: id,
    [`${prefix}status`]: status,
    [`${prefix}ready`]: String(instance.ready),
    [`${prefix}address`]: address,
    [`${prefix}port`]: String(port),
    // With separators at both ends, as everywhere in Prometheus: `,a,` finds one tag of several.
    [`${prefix}tags`]: tags.length === 0 ? '' : `,${tags.join(',')},`,
    [`${prefix}zone`]: metadata['zone'] ?? '',
  };
  for (const [key, value] of Object.entries(metadata)) {
    labels[`${prefix}metadata_${key.replace(/[^A-Za-z0-9_]/g, '_')}`] = value.toWellFormed();
  }
  return { targets: [`${host}:${port}`], labels };
}
