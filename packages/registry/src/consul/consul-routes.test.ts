import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { type Answer, serveApp } from '@flotilla/testing/http';
import { registryRoutes } from '../http/routes.ts';
import { createRegistry, type Registry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { type ConsulRoutesOptions, consulRoutes } from './consul-routes.ts';

const node = { name: 'n1', id: 'a-b', address: '127.0.0.1', port: 8500, datacenter: 'dc1', meta: { rack: 'r1' } };

interface Check {
  readonly CheckID: string;
  readonly Name: string;
  readonly Status: string;
  readonly Notes: string;
  readonly Output: string;
}

interface Service {
  readonly ID: string;
  readonly Address: string;
  readonly Port: number;
  readonly Meta: object;
  readonly EnableTagOverride: boolean;
}

interface Entry {
  readonly Node: { readonly Node: string; readonly Meta: Readonly<Record<string, string>> };
  readonly Service: Service;
  readonly Checks: readonly Check[];
}

type ById<T> = Readonly<Record<string, T>>;

function first<T>(list: readonly T[]): T {
  return list[0] ?? assert.fail('There is none');
}

type Ask = (method: string, target: string, body?: unknown) => Promise<Answer>;

interface Served {
  readonly ask: Ask;
  readonly registry: Registry;
  /** What a GET answers, as JSON. The tests say what they expect it to be, and assert what they find. */
  readonly json: <T = readonly Entry[]>(target: string) => Promise<T>;
}

async function serving(t: TestContext, options: Partial<ConsulRoutesOptions> = {}): Promise<Served> {
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock: systemClock,
  });
  const app = await serveApp((scope) => {
    registryRoutes(scope, registry, { clock: systemClock });
    consulRoutes(scope, registry, { node, clock: systemClock, onBackgroundError: assert.fail, ...options });
  });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  return {
    registry,
    ask: app.ask,
    json: async (target) => JSON.parse((await app.ask('GET', target)).text),
  };
}

describe('the Consul API', () => {
  it('registers a service with a check, which decides whether it passes', async (t) => {
    const { ask, json } = await serving(t);
    const body = { Name: 'web', ID: 'web1', Port: 80, Tags: ['v1'], Meta: { a: 'b' }, Check: { TTL: '15s' } };
    const registered = await ask('PUT', '/v1/agent/service/register', body);
    assert.deepEqual([registered.status, registered.text], [200, '']);
    const entry = first(await json('/v1/health/service/web'));
    assert.equal(entry.Service.ID, 'web1');
    assert.deepEqual(entry.Service.Meta, { a: 'b' });
    assert.deepEqual(entry.Node.Meta['rack'], 'r1');
    assert.deepEqual(
      entry.Checks.map((check) => [check.CheckID, check.Status]),
      [
        ['serfHealth', 'passing'],
        ['service:web1', 'critical'],
      ],
    );
    assert.deepEqual(await json('/v1/health/service/web?passing'), []);
    assert.equal((await ask('PUT', '/v1/agent/check/pass/service:web1?note=fine')).status, 200);
    const passing = first(await json('/v1/health/service/web?passing=1'));
    assert.equal(passing.Checks[1]?.Output, 'fine');
    assert.deepEqual(await json('/v1/catalog/services'), { consul: [], web: ['v1'] });
    assert.equal((await ask('PUT', '/v1/agent/service/deregister/web1')).status, 200);
    assert.deepEqual(await json('/v1/health/service/web'), []);
    // As Consul before 1.9: nothing is wrong with what is gone already.
    assert.equal((await ask('PUT', '/v1/agent/service/deregister/web1')).status, 200);
  });

  it('reads names of fields in any case and with underscores, null as nothing, durations as texts and numbers', async (t) => {
    const { ask, json } = await serving(t);
    for (const body of [
      { name: 'a', port: 1, check: { ttl: '1m30s' } },
      { NAME: 'b', enable_tag_override: true, Check: null, Checks: null, Tags: null, Connect: null },
      { Name: 'c', Check: { HTTP: 'http://127.0.0.1:1/', Interval: 10_000_000_000, Timeout: '' } },
      {
        Name: 'd',
        Service: 'd',
        ContentHash: 'x',
        AI: { Role: 'agent' },
        Check: { GRPC: 'h:1/s', grpc_use_tls: true, Interval: '5s' },
      },
    ])
      assert.equal((await ask('PUT', '/v1/agent/service/register', body)).text, '', JSON.stringify(body));
    const services = await json<ById<Service>>('/v1/agent/services');
    assert.equal(services['b']?.EnableTagOverride, true);
    assert.deepEqual(Object.keys(services).sort(), ['a', 'b', 'c', 'd']);
  });

  it('refuses what it cannot use with a text that says why', async (t) => {
    const { ask } = await serving(t);
    const cases: readonly (readonly [string, unknown, number, RegExp])[] = [
      [
        '/v1/agent/service/register',
        { Name: 'x', Bogus: 1 },
        400,
        /^Request decode failed: json: unknown field "Bogus"$/,
      ],
      ['/v1/agent/service/register', { Name: 'x', Port: '80' }, 400, /cannot unmarshal string .* of type int$/],
      ['/v1/agent/service/register', '{"Name":', 400, /unexpected EOF/],
      ['/v1/agent/service/register', '[]', 400, /cannot unmarshal array/],
      ['/v1/agent/service/register', {}, 400, /^Missing service name$/],
      ['/v1/agent/service/register', { Name: 'a b' }, 400, /^Invalid service name "a b": it must have/],
      ['/v1/agent/service/register', { Name: 'x', Port: 70_000 }, 400, /^Invalid port 70000/],
      ['/v1/agent/service/register', { Name: 'x', Address: '169.254.169.254' }, 400, /ALLOW_LINK_LOCAL/],
      ['/v1/agent/service/register', { Name: 'x', Address: 'http://x' }, 400, /no IP address or host name/],
      ['/v1/agent/service/register', { Name: 'x', Check: {} }, 400, /^Invalid check: TTL must be > 0/],
      ['/v1/agent/service/register', { Name: 'x', Check: { TTL: 'soon' } }, 400, /invalid duration "soon"/],
      ['/v1/agent/service/register', { Name: 'x', Check: { HTTP: 'http://x/' } }, 400, /Interval must be > 0/],
      [
        '/v1/agent/service/register',
        { Name: 'x', Check: { Args: ['sh'], Interval: '1s' } },
        400,
        /^Scripts are disabled/,
      ],
      [
        '/v1/agent/service/register',
        { Name: 'x', Check: { UDP: 'x:1', Interval: '1s' } },
        400,
        /UDP checks are not supported/,
      ],
      ['/v1/agent/service/register', { Name: 'x', Meta: { 'a b': '' } }, 400, /Key contains invalid characters/],
      ['/v1/agent/check/register', { Name: 'x', ServiceID: 'no', TTL: '1s' }, 500, /^ServiceID "no" does not exist$/],
      ['/v1/agent/check/update/x', { Status: 'well' }, 400, /^Invalid check status: 'well'$/],
      ['/v1/agent/check/pass/x', undefined, 500, /^CheckID "x" does not have associated TTL$/],
      ['/v1/agent/service/maintenance/x', undefined, 400, /^Missing value for enable$/],
      ['/v1/agent/service/maintenance/x?enable=true', undefined, 404, /^No service registered with ID "x"$/],
      ['/v1/catalog/register', { Node: 'o' }, 400, /^Must provide address/],
      ['/v1/acl/token', undefined, 401, /^ACL support disabled$/],
      ['/v1/agent/leave', undefined, 501, /one node/],
    ];
    for (const [path, body, status, text] of cases) {
      const answer = await ask('PUT', path, body);
      assert.equal(answer.status, status, `${path} ${JSON.stringify(body)}: ${answer.text}`);
      assert.match(answer.text, text);
      assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
    }
  });

  it('answers other methods with 405 and unknown paths with an empty 404', async (t) => {
    const { ask } = await serving(t);
    const post = await ask('POST', '/v1/agent/services');
    assert.deepEqual(
      [post.status, post.text, post.headers.get('allow')],
      [405, 'method POST not allowed', 'OPTIONS,GET'],
    );
    const get = await ask('GET', '/v1/agent/service/register');
    assert.deepEqual([get.status, get.text, get.headers.get('allow')], [405, 'method GET not allowed', 'OPTIONS,PUT']);
    // A page may make a browser GET anything, so nothing is changed by it.
    assert.equal((await ask('GET', '/v1/agent/check/pass/x')).status, 405);
    const unknown = await ask('GET', '/v1/nothing');
    assert.deepEqual([unknown.status, unknown.text], [404, '']);
  });

  it('refuses options that mean nothing, and passes over those of other editions', async (t) => {
    const { ask } = await serving(t);
    const cases: readonly (readonly [string, number, string])[] = [
      ['index=x', 400, 'Invalid index'],
      ['index=-1', 400, 'Invalid index'],
      ['wait=5', 400, 'Invalid wait time'],
      ['stale&consistent', 400, 'Cannot specify ?stale with ?consistent, conflicting semantics.'],
      ['dc=dc2', 500, 'No path to datacenter'],
      ['passing=maybe', 400, 'Invalid value for ?passing'],
    ];
    for (const [query, status, text] of cases) {
      const answer = await ask('GET', `/v1/health/service/web?${query}`);
      assert.deepEqual([answer.status, answer.text], [status, text], query);
    }
    for (const query of [
      'dc=dc1',
      'stale=',
      'stale=1',
      'near=_agent',
      'ns=default&partition=default&peer=p',
      'token=t',
      'cached',
      '%ff=%',
    ])
      assert.equal((await ask('GET', `/v1/health/service/web?${query}`)).status, 200, query);
    const bad = await ask('GET', '/v1/health/service/web?filter=Nope');
    assert.deepEqual([bad.status, bad.text.startsWith('Failed to create boolean expression evaluator')], [400, true]);
  });

  it('says on every query what index it is at, never 0', async (t) => {
    const { ask } = await serving(t);
    for (const path of [
      'catalog/services',
      'catalog/service/no',
      'health/service/no',
      'health/state/any',
      'catalog/nodes',
      'catalog/node/no',
    ]) {
      const { headers } = await ask('GET', `/v1/${path}?pretty`);
      assert.ok(Number(headers.get('x-consul-index')) >= 1, path);
      assert.equal(headers.get('x-consul-knownleader'), 'true');
      assert.equal(headers.get('x-consul-lastcontact'), '0');
    }
    const cached = await ask('GET', '/v1/health/service/no?cached');
    assert.deepEqual([cached.headers.get('x-cache'), cached.headers.get('age')], ['HIT', '0']);
  });

  it('finds by tags, all of them, by metadata of nodes, and by filter', async (t) => {
    const { ask, json } = await serving(t);
    await ask('PUT', '/v1/agent/service/register', { Name: 'web', ID: '1', Tags: ['a', 'B'], Meta: { v: '1' } });
    await ask('PUT', '/v1/agent/service/register', { Name: 'web', ID: '2', Tags: ['a'], Meta: { v: '2' } });
    const ids = async (query: string): Promise<string[]> =>
      (await json(`/v1/health/service/web?${query}`)).map((entry) => entry.Service.ID);
    assert.deepEqual(await ids('tag=a'), ['1', '2']);
    assert.deepEqual(await ids('tag=a&tag=b'), ['1']);
    assert.deepEqual(await ids('node-meta=rack:r1'), ['1', '2']);
    assert.deepEqual(await ids('node-meta=rack:r2'), []);
    assert.deepEqual(await ids(`filter=${encodeURIComponent('Service.Meta.v == 2')}`), ['2']);
    assert.deepEqual(await json(`/v1/catalog/services?filter=${encodeURIComponent('ServiceMeta.v == 2')}`), {
      web: ['a'],
    });
  });

  it('keeps ids that ours may not have, and finds checks that are called anything', async (t) => {
    const { ask, json } = await serving(t);
    const id = '_nomad-task/web 1';
    await ask('PUT', '/v1/agent/service/register', {
      Name: 'web',
      ID: id,
      Check: { TTL: '10s', CheckID: 'how is it/going?' },
    });
    assert.equal((await json<Service>(`/v1/agent/service/${encodeURIComponent(id)}`)).ID, id);
    assert.equal((await json<Service>(`/v1/agent/service/${id.replace(' ', '%20')}`)).ID, id);
    assert.equal((await ask('PUT', '/v1/agent/check/warn/how%20is%20it/going%3F')).status, 200);
    assert.equal((await ask('GET', `/v1/agent/health/service/id/${encodeURIComponent(id)}`)).status, 429);
    assert.deepEqual(Object.keys(await json('/v1/agent/checks')), ['how is it/going?']);
    await ask('PUT', `/v1/agent/service/deregister/${encodeURIComponent(id)}`);
    assert.deepEqual(await json('/v1/agent/services'), {});
  });

  it('replaces a service whose id is registered under another name', async (t) => {
    const { ask, json } = await serving(t);
    await ask('PUT', '/v1/agent/service/register', { Name: 'old', ID: 'x' });
    await ask('PUT', '/v1/agent/service/register', { Name: 'new', ID: 'x' });
    assert.deepEqual(await json('/v1/catalog/services'), { consul: [], new: [] });
  });

  it('takes a service out of traffic for maintenance, and a node with all that is on it', async (t) => {
    const { ask, json, registry } = await serving(t);
    await ask('PUT', '/v1/agent/service/register', { Name: 'web' });
    await ask('PUT', '/v1/agent/service/maintenance/web?enable=true&reason=because');
    assert.equal(registry.get('web', 'web')?.status, 'maintenance');
    const checks = await json<ById<Check>>('/v1/agent/checks');
    assert.equal(checks['_service_maintenance:web']?.Notes, 'because');
    assert.equal((await ask('GET', '/v1/agent/health/service/id/web?format=text')).text, 'maintenance');
    await ask('PUT', '/v1/agent/service/maintenance/web?enable=false');
    assert.equal(registry.get('web', 'web')?.status, 'passing');
    await ask('PUT', '/v1/agent/maintenance?enable=true');
    assert.deepEqual(await json('/v1/health/service/web?passing'), []);
    await ask('PUT', '/v1/agent/maintenance?enable=false');
    assert.equal((await json('/v1/health/service/web?passing')).length, 1);
  });

  it('shows what our own API has registered, and why it gets no traffic', async (t) => {
    const { ask, json, registry } = await serving(t);
    await registry.register({ name: 'api', address: '10.0.0.1', port: 80, id: 'api-1', status: 'warning' });
    const entry = first(await json('/v1/health/service/api'));
    assert.equal(entry.Service.Address, '10.0.0.1');
    assert.deepEqual([entry.Checks[1]?.CheckID, entry.Checks[1]?.Status], ['service:api-1', 'warning']);
    await registry.setDraining('api', 'api-1', true);
    const draining = first(await json('/v1/health/service/api'));
    assert.ok(draining.Checks.some((check) => check.Status === 'critical'));
    assert.deepEqual(await json('/v1/health/service/api?passing'), []);
    assert.equal((await ask('PUT', '/v1/agent/check/pass/service:api-1')).status, 500);
  });

  it('shows what Consul clients have registered to ours', async (t) => {
    const { ask } = await serving(t);
    await ask('PUT', '/v1/agent/service/register', {
      Name: 'web',
      Port: 80,
      Tags: ['x y'],
      Check: { TTL: '10s', Status: 'passing' },
    });
    const shown = (await ask('GET', '/service/web')).body;
    assert.deepEqual(
      [shown?.['address'], shown?.['port'], shown?.['tags'], shown?.['ready']],
      ['127.0.0.1', 80, ['x y'], true],
    );
  });

  it('keeps nodes, services and checks that somebody else looks after', async (t) => {
    const { ask, json } = await serving(t);
    const register = async (body: object): Promise<void> => {
      const answer = await ask('PUT', '/v1/catalog/register', { Node: 'db1', Address: '10.0.0.9', ...body });
      assert.deepEqual([answer.status, answer.text], [200, 'true'], answer.text);
    };
    await register({ NodeMeta: { rack: 'r9' }, Check: { CheckID: 'disk', Name: 'disk', Status: 'warning' } });
    await register({
      SkipNodeUpdate: true,
      Service: { Service: 'db', ID: 'x', Port: 1 },
      Check: { CheckID: 'c', ServiceID: 'x', Status: 'passing' },
    });
    await ask('PUT', '/v1/agent/service/register', { Name: 'db', ID: 'x', Port: 2 });
    const entries = await json('/v1/health/service/db');
    // The same id on two nodes is two services.
    assert.deepEqual(
      entries.map((entry) => [entry.Node.Node, entry.Service.ID, entry.Service.Port]),
      [
        ['db1', 'x', 1],
        ['n1', 'x', 2],
      ],
    );
    assert.deepEqual(first(entries).Node.Meta, { rack: 'r9' });
    assert.deepEqual(
      first(entries).Checks.map((check) => check.CheckID),
      ['disk', 'c'],
    );
    assert.deepEqual(Object.keys((await json<{ Services: object }>('/v1/catalog/node/db1')).Services), ['x']);
    assert.deepEqual(Object.keys(await json('/v1/agent/services')), ['x']);
    await ask('PUT', '/v1/catalog/deregister', { Node: 'db1' });
    assert.equal(await json('/v1/catalog/node/db1'), null);
    assert.equal((await json('/v1/health/service/db')).length, 1);
  });

  it('writes nothing of a catalog registration that is refused', async (t) => {
    const { ask, json } = await serving(t);
    for (const body of [
      { Node: 'o', Address: '10.0.0.9', Service: { ID: 'x' } },
      { Node: 'o', Address: '10.0.0.9', Check: { CheckID: 'c', ServiceID: 'x' } },
    ])
      assert.ok((await ask('PUT', '/v1/catalog/register', body)).status >= 400);
    assert.equal(await json('/v1/catalog/node/o'), null);
  });

  it('can answer a report on an unknown check as newer Consul servers do', async (t) => {
    const { ask } = await serving(t, { unknownCheckStatus: 404 });
    const answer = await ask('PUT', '/v1/agent/check/pass/service:x');
    assert.deepEqual([answer.status, answer.text.startsWith('Unknown check ID "service:x"')], [404, true]);
  });

  it('lets a check follow another service', async (t) => {
    const { ask, json } = await serving(t);
    await ask('PUT', '/v1/agent/service/register', { Name: 'main', Check: { TTL: '60s', Status: 'passing' } });
    await ask('PUT', '/v1/agent/service/register', { Name: 'side', Check: { AliasService: 'main' } });
    await ask('PUT', '/v1/agent/check/fail/service:main?note=broken');
    const side = async (status: string): Promise<void> => {
      const { headers } = await ask('GET', '/v1/health/checks/side');
      const check = first(await json<readonly Check[]>('/v1/health/checks/side'));
      if (check.Status === status) return;
      await ask('GET', `/v1/health/checks/side?index=${headers.get('x-consul-index')}&wait=10s`);
      await side(status);
    };
    await side('critical');
    await ask('PUT', '/v1/agent/check/pass/service:main');
    await side('passing');
  });

  it('passes on events to the requests that ask for them', async (t) => {
    const { ask, json, registry } = await serving(t);
    assert.deepEqual(await json('/v1/event/list'), []);
    const listed = ask('GET', '/v1/event/list?name=deploy&index=1');
    await waitUntil('the list is waited for', () => registry.topics.waiting === 1);
    assert.equal((await ask('PUT', '/v1/event/fire/other')).status, 200);
    assert.equal((await ask('PUT', '/v1/event/fire/deploy?service=web', 'v2')).status, 200);
    const index = (await listed).headers.get('x-consul-index');
    const [event] = await json<readonly Readonly<Record<string, unknown>>[]>('/v1/event/list?name=deploy');
    assert.deepEqual([event?.['Name'], event?.['Payload'], event?.['ServiceFilter']], ['deploy', 'djI=', 'web']);
    assert.ok(index !== null);
    assert.equal((await ask('PUT', '/v1/event/fire/deploy', 'x'.repeat(600))).status, 413);
  });
});
