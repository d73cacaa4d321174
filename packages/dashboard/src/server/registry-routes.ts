import { AppError, instanceIdSchema, isKey, maxValueBytes, serviceNameSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RegistryAnswer, RegistryHttp } from '../sources/index.ts';
import { hideSecrets } from './hidden-values.ts';
import { askRegistry, jsonOf } from './registry-answers.ts';

/** What pages may read of the registry, and with which parameters. Everything else of its API is out of reach from here. */
const readable: readonly (readonly [path: string, query: readonly string[]])[] = [
  ['services', ['status', 'served', 'tag', 'limit', 'cursor']],
  ['services/:name/instances', ['status', 'served', 'tag', 'limit', 'cursor']],
  ['services/:name/instances/:id', []],
  ['services/:name/instances/:id/checks', []],
  ['checks', ['status', 'service', 'limit', 'cursor']],
  ['explain/:name', []],
  ['trail', ['from', 'before', 'service', 'limit']],
  ['guard', []],
];

const parameters: z.ZodType<{ readonly name?: string | undefined; readonly id?: string | undefined }> = z.object({
  name: serviceNameSchema.optional(),
  id: instanceIdSchema.optional(),
});
const drainParameters: z.ZodType<{ readonly name: string; readonly id: string }> = z.strictObject({
  name: serviceNameSchema,
  id: instanceIdSchema,
});
const drainBody: z.ZodType<{ readonly draining: boolean }> = z.strictObject({ draining: z.boolean() });
const config = { requestLogLevel: 'debug' } as const;
/** What says to a page where an answer stands, and where the next page of a list is. */
const passedOn = ['x-registry-revision', 'x-registry-notice', 'etag'] as const;

/** Shows the registry to pages: its services, instances, checks, explanations and trail, and its keys, which they may also change. */
export function registryRoutes(app: HttpApp, registry: RegistryHttp | undefined): void {
  for (const [path, names] of readable)
    app.get(`/api/registry/${path}`, { config, schema: { params: parameters } }, async (request, reply) => {
      const { name = '', id = '' } = request.params;
      const filled = path.replace(':name', encodeURIComponent(name)).replace(':id', encodeURIComponent(id));
      const language = request.headers['accept-language'];
      const answer = await askRegistry(registry, {
        path: `${filled}${queryOf(request.query, names)}`,
        ...(language === undefined ? {} : { headers: { 'accept-language': language } }),
      });
      return passOn(answer, reply).send(answer.body);
    });
  app.put(
    '/api/registry/services/:name/instances/:id/draining',
    { schema: { params: drainParameters, body: drainBody } },
    async (request, reply) => {
      const { name, id } = request.params;
      const path = `services/${encodeURIComponent(name)}/instances/${encodeURIComponent(id)}/draining`;
      const answer = await askRegistry(registry, { method: 'PUT', path, body: JSON.stringify(request.body) });
      return passOn(answer, reply).status(answer.status).send(answer.body);
    },
  );
  keyRoutes(app, registry);
}

/** Keys. A value whose name says that it is a secret is shown only on request (`reveal=true`). */
function keyRoutes(app: HttpApp, registry: RegistryHttp | undefined): void {
  app.get('/api/registry/kv', { config }, async (request, reply) => {
    const query = queryOf(request.query, ['prefix', 'keys', 'limit', 'cursor']);
    const answer = await askRegistry(registry, { path: `kv${query}` });
    return passOn(answer, reply).send(hideSecrets(jsonOf(answer)));
  });
  app.get('/api/registry/kv/*', { config }, async (request, reply) => {
    const answer = await askRegistry(registry, { path: pathOfKey(request.params) });
    const record = jsonOf(answer);
    return passOn(answer, reply).send(isAsked(request.query, 'reveal') ? record : hideSecrets(record));
  });
  app.put('/api/registry/kv/*', { bodyLimit: maxValueBytes, config: { takesBytes: true } }, async (request, reply) => {
    const path = `${pathOfKey(request.params)}${queryOf(request.query, ['if_revision'])}`;
    const body = Buffer.isBuffer(request.body) ? textOf(request.body) : '';
    const answer = await askRegistry(registry, { method: 'PUT', path, body });
    return passOn(answer, reply).send(answer.body);
  });
  app.delete('/api/registry/kv/*', async (request, reply) => {
    const path = `${pathOfKey(request.params)}${queryOf(request.query, ['if_revision'])}`;
    await askRegistry(registry, { method: 'DELETE', path });
    return reply.status(204).send();
  });
}

/** The answer's own type and position; `Link` leads to the same path below `/api/registry`. */
function passOn<Reply extends { header(name: string, value: string): unknown }>(
  { headers }: RegistryAnswer,
  reply: Reply,
): Reply {
  reply.header('content-type', 'application/json; charset=utf-8');
  for (const name of passedOn) {
    const value = headers[name];
    if (typeof value === 'string') reply.header(name, value);
  }
  const { link } = headers;
  if (typeof link === 'string') reply.header('link', link.replace(/<\/?/, '</api/registry/'));
  return reply;
}

function queryOf(query: unknown, names: readonly string[]): string {
  if (typeof query !== 'object' || query === null) return '';
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (name === 'reveal') continue;
    if (!names.includes(name))
      throw new AppError('INVALID_REQUEST', { fields: [{ field: `?${name}`, code: 'UNKNOWN_FIELD' }] });
    for (const one of [value].flat()) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function isAsked(query: unknown, name: string): boolean {
  return (
    typeof query === 'object' &&
    query !== null &&
    name in query &&
    Object.entries(query).some(([each, value]) => each === name && value === 'true')
  );
}

/** The path of a key at the registry. Throws where a URL would lead to another place, as `kv/../register` does. */
function pathOfKey(given: unknown): string {
  // The router's own: what stands for `*`, decoded.
  const { '*': key } = given as { readonly '*': string };
  if (!isKey(key))
    throw new AppError('INVALID_REQUEST', { fields: [{ field: '*', code: 'NOT_A_KEY', parameters: { max: 512 } }] });
  return `kv/${key.split('/').map(encodeURIComponent).join('/')}`;
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('INVALID_REQUEST', {
      detail: 'The value is not text in UTF-8. Write bytes with: flotilla kv put <key> --file <file>',
    });
  }
}
