import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { revisionHeader } from './revision-header.ts';

/** What a person who opens the registry's address is shown. */
const routes: readonly string[] = [
  'POST /register',
  'GET /service/{name}',
  'GET /services?status=&served=&tag=&meta.{key}=&limit=&cursor=&index=&wait=',
  'GET /services/{name}/instances?status=&served=&tag=&meta.{key}=&limit=&cursor=&index=&wait=',
  'GET /services/{name}/instances/{id}',
  'DELETE /services/{name}/instances/{id}?force=',
  'PUT /services/{name}/instances/{id}/lease',
  'PUT /services/{name}/instances/{id}/status',
  'PUT /services/{name}/instances/{id}/draining',
  'GET /services/{name}/instances/{id}/checks',
  'PUT /services/{name}/instances/{id}/checks/{check}',
  'PUT /services/{name}/instances/{id}/checks/{check}/report',
  'DELETE /services/{name}/instances/{id}/checks/{check}',
  'GET /checks?status=&service=&limit=&cursor=',
  'GET /watch?service={name}&from={revision}',
  'GET /kv?prefix=&keys=&limit=&cursor=&index=&wait=',
  'DELETE /kv?prefix={prefix}',
  'GET /kv/{key}?raw=&index=&wait=',
  'PUT /kv/{key}?if_revision=',
  'DELETE /kv/{key}?if_revision=',
  'GET /kv-watch?prefix=&from={revision}',
  'GET /trail?from={revision}&before={place}&service={name}&limit=',
  'GET /prometheus/targets?status=&served=&tag=&meta.{key}=',
  'GET /explain/{service}',
  'GET /guard',
  'GET /health',
  'GET /ready',
];

/** Where clients of other registries find their API. */
const dialects = { consul: '/v1', eureka: '/eureka' } as const;

/** `GET /`: what this is and what can be asked of it. */
export function showIndex(app: HttpApp, registry: Registry): void {
  app.get('/', async (_request, reply) => {
    reply.header(revisionHeader, registry.revision);
    const { instances, watches, revision } = registry.stats();
    // Metrics may be for operators alone, on a port of theirs.
    const shown = app.hasRoute({ method: 'GET', url: '/metrics' }) ? [...routes, 'GET /metrics'] : routes;
    const { history, guard } = registry;
    const state = { instances, watches, revision, history, guard: guard.view };
    return { program: 'service-registry', ...state, dialects, routes: shown };
  });
}
