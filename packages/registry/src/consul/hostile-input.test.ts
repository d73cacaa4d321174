import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import fc from 'fast-check';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { consulRoutes } from './consul-routes.ts';

async function app(t: TestContext): Promise<HttpApp> {
  const { app: made } = await createHttpApp({
    logger: silentLogger(),
    health: createHealth(),
    metrics: createMetrics(),
  });
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:' }), clock: systemClock });
  const node = { name: 'n1', id: 'a-b', address: '127.0.0.1', port: 8500, datacenter: 'dc1', meta: {} };
  consulRoutes(made, registry, { node, clock: systemClock, onBackgroundError: assert.fail });
  t.after(async () => {
    registry.endWatches();
    await made.close();
    await registry.close();
  });
  return made;
}

/** What a server fault would be told as, but for what Consul itself tells as one. */
const consulsOwn =
  /^(?:CheckID ".*" does not have associated TTL|ServiceID ".*" does not exist|No path to datacenter|failed inserting check|agent: No node found|This registry|Connect must|invalid session|Missing|Invalid|Session)/s;

function refusedWell(status: number, text: string): boolean {
  return status < 500 || status === 501 || consulsOwn.test(text);
}

const word = fc.oneof(
  fc.constantFrom(
    'web',
    'x',
    'service:web',
    '_nomad/1',
    'n1',
    'other',
    '',
    '__proto__',
    'constructor',
    'a b',
    '127.0.0.1',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const scalar = fc.oneof(
  word,
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('10s', '1h', 'passing', 'critical'),
);
const check = fc.dictionary(
  fc.constantFrom(
    'CheckID',
    'Name',
    'TTL',
    'HTTP',
    'TCP',
    'GRPC',
    'Interval',
    'Timeout',
    'Status',
    'ServiceID',
    'AliasService',
    'Header',
    'Notes',
    'DeregisterCriticalServiceAfter',
    'FailuresBeforeCritical',
  ),
  fc.oneof(scalar, fc.dictionary(word, fc.array(word))),
  { maxKeys: 5 },
);
const thing = fc.dictionary(
  fc.constantFrom(
    'Name',
    'name',
    'ID',
    'Service',
    'Port',
    'Address',
    'Tags',
    'Meta',
    'Weights',
    'TaggedAddresses',
    'Node',
    'Check',
    'Checks',
    'ServiceID',
    'CheckID',
    'Status',
    'Coord',
    'Connect',
    'Proxy',
    'Ports',
    'NodeMeta',
    'SkipNodeUpdate',
  ),
  fc.oneof(
    scalar,
    check,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(check, { maxLength: 2 }),
    fc.dictionary(word, scalar, { maxKeys: 3 }),
  ),
  { maxKeys: 8 },
);

test("whatever is written, the answer is Consul's, and never a fault of ours", async (t) => {
  const made = await app(t);
  const paths = [
    'agent/service/register',
    'agent/check/register',
    'agent/check/update/x',
    'catalog/register',
    'catalog/deregister',
    'coordinate/update',
    'session/create',
    'txn',
  ];
  let accepted = 0;
  const good = { Name: 'web', Service: { Service: 'web' }, Node: 'other', Address: '10.0.0.1', TTL: '10s' };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), thing, fc.boolean(), async (path, body, isNear) => {
      const sent = isNear
        ? {
            ...body,
            ...(path.startsWith('catalog') ? { Node: good.Node, Address: good.Address } : { Name: good.Name }),
          }
        : body;
      const { statusCode, payload } = await made.inject({
        ...{ method: 'PUT', url: `/v1/${path}`, headers: { host: 'h' }, payload: JSON.stringify(sent) },
      });
      if (statusCode === 200) accepted += 1;
      assert.ok(refusedWell(statusCode, payload), `${path} ${JSON.stringify(sent)}: ${statusCode} ${payload}`);
    }),
    { numRuns: 1_500 },
  );
  assert.ok(accepted > 50, `only ${accepted} were accepted`);
});

test('every query is answered with a list, or with what is wrong with it', async (t) => {
  const made = await app(t);
  const paths = [
    'health/service',
    'health/checks',
    'health/node',
    'health/state',
    'catalog/service',
    'catalog/node',
    'catalog/node-services',
    'agent/service',
    'agent/health/service/id',
    'agent/health/service/name',
    'agent/check/pass',
    'agent/check/deregister',
    'agent/service/deregister',
    'agent/service/maintenance',
    'agent/force-leave',
    'coordinate/node',
    'kv',
    'session/info',
    'nothing',
  ];
  const parameter = fc.tuple(
    fc.constantFrom(
      'tag',
      'passing',
      'filter',
      'node-meta',
      'near',
      'stale',
      'cached',
      'pretty',
      'dc',
      'ns',
      'enable',
      'note',
      'reason',
      'index',
      'wait',
      'hash',
      'recurse',
      'keys',
      'separator',
      'raw',
    ),
    fc.oneof(word, fc.constantFrom('true', 'Service.Tags contains x', 'ServiceMeta.a == b', 'not', '0', '1')),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      word,
      fc.array(parameter, { maxLength: 4 }),
      fc.constantFrom('GET', 'PUT'),
      async (path, name, query, method) => {
        // Nobody wants to wait here.
        const asked = query
          .filter(([key]) => key !== 'index' && key !== 'hash')
          .map((pair) => pair.map(encodeURIComponent).join('='));
        const url = `/v1/${path}/${encodeURIComponent(name)}?${asked.join('&')}`;
        const { statusCode, payload } = await made.inject({ method, url, headers: { host: 'h' } });
        assert.ok(
          refusedWell(statusCode, payload) || (statusCode === 503 && path.startsWith('agent/health')),
          `${method} ${url}: ${statusCode} ${payload}`,
        );
      },
    ),
    { numRuns: 1_500 },
  );
});
