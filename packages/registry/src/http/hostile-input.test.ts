import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { registrationSchema, systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import fc from 'fast-check';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

async function app(t: TestContext): Promise<HttpApp> {
  const { app: made } = await createHttpApp({
    logger: silentLogger(),
    health: createHealth(),
    metrics: createMetrics(),
  });
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:' }), clock: systemClock });
  // What the contract accepts is all that matters here.
  registryRoutes(made, registry, { clock: systemClock, allowLinkLocal: true });
  t.after(async () => {
    await made.close();
    await registry.close();
  });
  return made;
}

const anything = fc.anything({ withNullPrototype: false, maxDepth: 2 }).map((value) => {
  try {
    return JSON.parse(JSON.stringify(value)) as unknown; // Whatever JSON makes of it is what can be sent.
  } catch {
    return null;
  }
});

/** Bodies that are nearly right, so that every check is reached. */
const registration = fc.record(
  {
    name: fc.oneof(fc.stringMatching(/^[a-zA-Z0-9._-]{0,70}$/), fc.string({ unit: 'binary' }), anything),
    address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.string({ unit: 'grapheme' }), anything),
    port: fc.oneof(fc.integer({ min: -10, max: 70_000 }), fc.double(), anything),
    id: fc.oneof(fc.stringMatching(/^[a-zA-Z0-9._:@-]{0,140}$/), anything),
    tags: fc.oneof(fc.array(fc.string({ maxLength: 70 }), { maxLength: 40 }), anything),
    metadata: fc.oneof(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), anything),
    weight: fc.oneof(fc.integer(), anything),
    status: fc.oneof(fc.constantFrom('passing', 'warning', 'critical', 'maintenance'), anything),
    lease_ms: fc.oneof(fc.integer({ min: 900, max: 86_400_100 }), anything),
    surprise: anything,
  },
  { requiredKeys: [] },
);

test('a body that fits the contract is registered; any other is a 400 that names a field', async (t) => {
  const { inject } = await app(t).then((made) => ({ inject: made.inject.bind(made) }));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 9, arbitrary: registration }, { weight: 1, arbitrary: anything }),
      async (body) => {
        const payload = JSON.stringify(body) ?? '';
        const answer = await inject({
          method: 'POST',
          url: '/register',
          headers: { 'content-type': 'application/json' },
          payload,
        });
        const fits = registrationSchema.safeParse(payload === '' ? undefined : JSON.parse(payload)).success;
        if (answer.statusCode === 200) {
          assert.ok(fits);
          return;
        }
        assert.equal(answer.statusCode, 400);
        assert.equal(answer.headers['content-type'], 'application/problem+json');
        const { code, errors } = answer.json();
        assert.ok(code === 'INVALID_JSON' || (code === 'INVALID_REQUEST' && errors.length > 0), payload);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a registration is returned exactly as it was sent', async (t) => {
  const made = await app(t);
  const good = fc.record(
    {
      name: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/),
      address: fc.oneof(fc.ipV4(), fc.ipV6()),
      port: fc.integer({ min: 1, max: 65_535 }),
      tags: fc.array(fc.stringMatching(/^[\x21-\x7e]{1,64}$/), { maxLength: 32 }),
      metadata: fc.dictionary(
        fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' }),
        fc.string({ maxLength: 100, unit: 'grapheme-composite' }),
        { maxKeys: 64, noNullPrototype: true },
      ),
      weight: fc.integer({ min: 0, max: 1000 }),
    },
    { requiredKeys: ['name', 'address', 'port'] },
  );
  await fc.assert(
    fc.asyncProperty(good, async (body) => {
      fc.pre(registrationSchema.safeParse(body).success && !JSON.stringify(body).includes('__proto__'));
      const answer = await made.inject({ method: 'POST', url: '/register', payload: body });
      assert.equal(answer.statusCode, 200, answer.body);
      const { instance } = answer.json();
      const shown = await made.inject(`/services/${instance.name}/instances/${instance.id}`);
      const { registered_at, last_seen, revision, id, ready, serving, draining, ...rest } = shown.json();
      assert.deepEqual([ready, serving, draining], [true, true, false]);
      assert.deepEqual(rest, { tags: [], metadata: {}, weight: 1, status: 'passing', lease_ms: 60_000, ...body });
      assert.ok(registered_at <= last_seen && revision > 0 && typeof id === 'string');
    }),
    { numRuns: 500 },
  );
});

test('any path, query, method and bytes get an answer below 500', async (t) => {
  const made = await app(t);
  await made.listen({ port: 0, host: '127.0.0.1' });
  const { port } = made.server.address() as AddressInfo; // It listens on TCP.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const segment = fc.oneof(
    fc.constantFrom(
      'services',
      'service',
      'register',
      'instances',
      'lease',
      'status',
      'web',
      'a',
      '..',
      '%2e',
      '%00',
      '%ff',
      '',
    ),
    fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.stringMatching(/^[!-~]{0,200}$/).map((text) => text.replaceAll(/[?#]/g, '')),
  );
  const parameter = fc.tuple(
    fc.constantFrom('status', 'served', 'tag', 'meta.a', 'meta.', 'service', 'from', '__proto__', 'x'),
    fc.oneof(
      fc.stringMatching(/^[!-~]{0,80}$/).map((text) => text.replaceAll('#', '')),
      fc.nat().map(String),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
      fc.array(segment, { maxLength: 6 }),
      fc.array(parameter, { maxLength: 4 }),
      fc.uint8Array({ maxLength: 50 }),
      async (method, segments, parameters, bytes) => {
        const query = parameters.map(([name, value]) => `${name}=${value}`).join('&');
        const withBody = method !== 'GET' && method !== 'HEAD' && bytes.length > 0;
        const body = withBody ? Buffer.from(bytes) : undefined;
        const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
        const outgoing = request({ port, agent, method, path: `/${segments.join('/')}?${query}`, headers });
        outgoing.end(body);
        const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]; // What the event is documented to give.
        answer.resume();
        await once(answer, 'end');
        assert.ok((answer.statusCode ?? 500) < 500, `${method} ${outgoing.path} ${answer.statusCode}`);
      },
    ),
    { numRuns: 2_000 },
  );
  agent.destroy();
});
