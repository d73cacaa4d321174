import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ServedRegistry, servedRegistry } from '@flotilla/conformance';

const dataCenterInfo = { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' };

function instance(more: Readonly<Record<string, unknown>> = {}): object {
  const port = { $: 8080, '@enabled': 'true' };
  const named = { instanceId: 'h1:web:8080', hostName: 'h1', app: 'WEB', ipAddr: '10.0.0.1', vipAddress: 'web' };
  return { instance: { ...named, status: 'UP', port, dataCenterInfo, lastDirtyTimestamp: '1000', ...more } };
}

const one = '/eureka/apps/WEB/h1:web:8080';

describe('the Eureka API', () => {
  it('takes an instance through its life', async (t) => {
    const { ask, registry, clock } = await servedRegistry(t);
    const registered = await ask('POST', '/eureka/apps/WEB', instance({ metadata: { zone: 'a' } }));
    assert.deepEqual([registered.status, registered.text], [204, '']);
    const [shown] = registry.list('web');
    const { id, address, port, status, metadata, lease_ms: leaseMs } = shown ?? assert.fail('It is not there');
    assert.deepEqual([id, address, port, status, leaseMs], ['h1:web:8080', '10.0.0.1', 8080, 'passing', 90_000]);
    assert.deepEqual(metadata, { zone: 'a' });
    const renewed = await ask('PUT', `${one}?status=UP&lastDirtyTimestamp=1000`);
    assert.deepEqual([renewed.status, renewed.text], [200, '']);
    clock.advance(89_000);
    assert.equal((await ask('PUT', one)).status, 200);
    clock.advance(89_000);
    assert.equal(registry.list('web').length, 1);
    assert.equal((await ask('DELETE', one)).status, 200);
    assert.equal((await ask('DELETE', one)).status, 404);
    assert.equal((await ask('PUT', one)).status, 404);
    assert.deepEqual(registry.list('web'), []);
  });

  it('lists by JSON and XML, with and without /v2 and a slash at the end', async (t) => {
    const { ask } = await servedRegistry(t);
    await ask('POST', '/eureka/v2/apps/web', instance({ metadata: { a_b: '<1>' } }));
    for (const base of ['/eureka', '/eureka/v2'])
      for (const path of [
        'apps',
        'apps/delta',
        'vips/web',
        'apps/web',
        'apps/web/h1:web:8080',
        'instances/h1:web:8080',
      ])
        for (const slash of ['', '/']) {
          const json = await ask('GET', `${base}/${path}${slash}`);
          assert.deepEqual([json.status, json.type], [200, 'application/json'], path);
          assert.match(json.text, /"hostName":"h1".*"metadata":\{"a_b":"<1>"\}/);
          for (const accept of ['*/*', 'application/xml', 'text/html']) {
            const xml = await ask('GET', `${base}/${path}${slash}`, undefined, { accept });
            assert.deepEqual([xml.status, xml.type], [200, 'application/xml'], path);
            assert.match(
              xml.text,
              /<hostName>h1<\/hostName>[^]*<port enabled="true">8080<\/port>[^]*<a__b>&lt;1&gt;<\/a__b>/,
            );
          }
        }
    const compact = await ask('GET', '/eureka/apps', undefined, { 'x-eureka-accept': 'compact' });
    assert.doesNotMatch(compact.text, /metadata|leaseInfo/);
    assert.match(compact.text, /"hostName":"h1"/);
    for (const path of ['vips/none', 'svips/none'])
      assert.match((await ask('GET', `/eureka/${path}`)).text, /"apps__hashcode":"","application":\[\]/);
    for (const path of ['apps/none', 'apps/web/none', 'instances/none', '', 'nothing'])
      assert.equal((await ask('GET', `/eureka/${path}`)).status, 404, path);
    assert.equal((await ask('PATCH', one)).status, 405);
    for (const media of ['application/json', 'application/xml'])
      assert.equal((await ask('GET', '/eureka/status', undefined, { accept: media })).type, media);
  });

  it('reads XML as well, and says what is missing in the words of Eureka', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    const xml = `<instance><hostName>h3</hostName><app>web</app><ipAddr>10.0.0.3</ipAddr><vipAddress>web</vipAddress>
      <status>STARTING</status><port enabled="true">8083</port><dataCenterInfo class="x.y"><name>MyOwn</name></dataCenterInfo>
      <leaseInfo><durationInSecs>5</durationInSecs></leaseInfo><metadata><a__b>v</a__b></metadata></instance>`;
    const sent = await ask('POST', '/eureka/apps/web', xml, { 'content-type': 'application/xml' });
    assert.equal(sent.status, 204);
    const [shown] = registry.list('web');
    assert.deepEqual(
      [shown?.id, shown?.port, shown?.status, shown?.lease_ms, shown?.metadata],
      ['h3', 8_083, 'critical', 5_000, { a_b: 'v' }],
    );
    for (const [change, message] of [
      [{ instanceId: '', hostName: '' }, 'Missing instanceId'],
      [{ hostName: undefined }, 'Missing hostname'],
      [{ ipAddr: null }, 'Missing ip address'],
      [{ app: undefined }, 'Missing appName'],
      [{ app: 'OTHER' }, 'Mismatched appName, expecting WEB but was OTHER'],
      [{ dataCenterInfo: undefined }, 'Missing dataCenterInfo'],
      [{ dataCenterInfo: {} }, 'Missing dataCenterInfo Name'],
      [{ port: { $: 70_000 } }, 'Cannot read the instance: port is not valid'],
      [{ ipAddr: '0.0.0.0', hostName: '0.0.0.0' }, /^Neither ipAddr 0.0.0.0 nor hostName 0.0.0.0/],
      [{ ipAddr: '169.254.169.254' }, /link-local/],
    ] as const) {
      const answer = await ask('POST', '/eureka/apps/WEB', instance(change));
      assert.deepEqual([answer.status, answer.type], [400, 'text/plain']);
      if (typeof message === 'string') assert.equal(answer.text, message);
      else assert.match(answer.text, message);
    }
    for (const body of ['', '{', '[]', '5', 'null', '{"instance":5}', '{"instance":{"metadata":[]}}'])
      assert.equal((await ask('POST', '/eureka/apps/WEB', body)).status, 400, body);
    for (const path of [`${one}?lastDirtyTimestamp=x`, `${one}/status`, `${one}/status?value=BOGUS`])
      assert.ok([400, 404].includes((await ask('PUT', path)).status), path);
    assert.equal((await ask('POST', '/eureka/apps/WEB', 'x', { 'content-type': 'text/plain' })).status, 415);
  });

  it('takes numbers as strings, plain ports, and what is left out', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    const loose = { port: 8081, securePort: { $: '443', '@enabled': 'true' }, leaseInfo: { durationInSecs: '30' } };
    assert.equal((await ask('POST', '/eureka/apps/WEB', instance({ ...loose, instanceId: null }))).status, 204);
    const [shown] = registry.list('web');
    assert.deepEqual([shown?.id, shown?.port, shown?.lease_ms], ['h1', 8_081, 30_000]);
    const off = { port: { $: 80, '@enabled': 'false' }, securePort: { $: 8_443, '@enabled': true } };
    await ask('POST', '/eureka/apps/WEB', instance({ ...off, instanceId: 'secure' }));
    const secure = registry.list('web').find(({ id }) => id === 'secure');
    assert.deepEqual([secure?.port, secure?.metadata], [8_443, { scheme: 'https' }]);
    assert.match((await ask('GET', '/eureka/apps/WEB/secure')).text, /"metadata":\{"@class"/);
    await ask('PUT', '/eureka/apps/WEB/secure/metadata?a=b');
    assert.match((await ask('GET', '/eureka/apps/WEB/secure')).text, /"metadata":\{"a":"b"\}/);
  });

  it('asks a client that has changed to register again, and keeps what a late registration would undo', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    await ask('POST', '/eureka/apps/WEB', instance());
    assert.equal((await ask('PUT', `${one}?lastDirtyTimestamp=999`)).status, 200);
    assert.equal((await ask('PUT', `${one}?lastDirtyTimestamp=1001`)).status, 404);
    await ask('POST', '/eureka/apps/WEB', instance({ status: 'DOWN', lastDirtyTimestamp: 2_000 }));
    assert.equal(registry.list('web')[0]?.status, 'critical');
    await ask('POST', '/eureka/apps/WEB', instance({ status: 'UP', lastDirtyTimestamp: 1_500 }));
    assert.equal(registry.list('web')[0]?.status, 'critical');
    await ask('POST', '/eureka/apps/WEB', instance({ status: 'UP', lastDirtyTimestamp: 2_500 }));
    assert.equal(registry.list('web')[0]?.status, 'passing');
  });

  it('renews without a commit, and registers the same without one', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    await ask('POST', '/eureka/apps/WEB', instance());
    const { revision } = registry;
    await ask('PUT', one);
    await ask('POST', '/eureka/apps/WEB', instance());
    assert.equal(registry.revision, revision);
  });
});

describe('a status of Eureka', () => {
  const shownBy = async ({ ask }: ServedRegistry): Promise<readonly [string, string]> => {
    const { text } = await ask('GET', one);
    const found = /"status":"(\w+)","overriddenStatus":"(\w+)"/.exec(text);
    return [found?.[1] ?? '', found?.[2] ?? ''];
  };

  it('is overridden by an operator until that is ended, also over registrations', async (t) => {
    const its = await servedRegistry(t);
    const { ask, registry } = its;
    await ask('POST', '/eureka/apps/WEB', instance());
    for (const [value, shown, own] of [
      ['OUT_OF_SERVICE', ['OUT_OF_SERVICE', 'OUT_OF_SERVICE'], 'maintenance'],
      ['DOWN', ['DOWN', 'DOWN'], 'critical'],
      ['UP', ['UP', 'UP'], 'passing'],
      ['OUT_OF_SERVICE', ['OUT_OF_SERVICE', 'OUT_OF_SERVICE'], 'maintenance'],
    ] as const) {
      assert.equal((await ask('PUT', `${one}/status?value=${value}`)).status, 200);
      assert.deepEqual(await shownBy(its), shown);
      await ask('POST', '/eureka/apps/WEB', instance({ lastDirtyTimestamp: 3_000 }));
      assert.deepEqual(await shownBy(its), shown);
      assert.equal(registry.list('web')[0]?.status, own);
    }
    assert.equal((await ask('DELETE', `${one}/status`)).status, 200);
    assert.deepEqual(await shownBy(its), ['UP', 'UNKNOWN']);
    assert.equal((await ask('PUT', one)).status, 200);
  });

  it('may be overridden while it starts, until it registers anew as one that is not up', async (t) => {
    const its = await servedRegistry(t);
    await its.ask('POST', '/eureka/apps/WEB', instance({ status: 'STARTING' }));
    await its.ask('PUT', `${one}/status?value=UP`);
    assert.deepEqual(await shownBy(its), ['UP', 'UP']);
    assert.equal(its.registry.list('web')[0]?.ready, true);
    await its.ask('POST', '/eureka/apps/WEB', instance({ status: 'DOWN', lastDirtyTimestamp: 2_000 }));
    assert.deepEqual(await shownBy(its), ['DOWN', 'UP']);
    await its.ask('POST', '/eureka/apps/WEB', instance({ status: 'OUT_OF_SERVICE', lastDirtyTimestamp: 3_000 }));
    assert.deepEqual(await shownBy(its), ['UP', 'UP']);
    await its.ask('DELETE', `${one}/status`);
    assert.deepEqual(await shownBy(its), ['OUT_OF_SERVICE', 'UNKNOWN']);
    assert.equal(its.registry.list('web')[0]?.draining, true);
    await its.ask('POST', '/eureka/apps/WEB', instance({ status: 'UP', lastDirtyTimestamp: 4_000 }));
    assert.deepEqual(await shownBy(its), ['UP', 'UNKNOWN']);
  });

  it('keeps an instance draining that an operator drains, however often it registers', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    await ask('POST', '/eureka/apps/WEB', instance());
    await registry.setDraining('web', 'h1:web:8080', true);
    await ask('POST', '/eureka/apps/WEB', instance({ lastDirtyTimestamp: 2_000, metadata: { a: 'b' } }));
    await ask('PUT', `${one}/metadata?c=d`);
    const [shown] = registry.list('web');
    assert.deepEqual([shown?.draining, shown?.metadata], [true, { a: 'b', c: 'd' }]);
    await registry.setDraining('web', 'h1:web:8080', false);
    await ask('POST', '/eureka/apps/WEB', instance({ lastDirtyTimestamp: 3_000 }));
    assert.equal(registry.list('web')[0]?.ready, true);
  });

  it('follows maintenance, checks and draining of our own API, for instances of both', async (t) => {
    const its = await servedRegistry(t);
    const { ask, registry } = its;
    await ask('POST', '/eureka/apps/WEB', instance());
    await registry.register({ name: 'users', address: '2001:db8::1', port: 80, id: 'u1', metadata: { zone: 'b' } });
    for (const [name, id, path] of [
      ['web', 'h1:web:8080', one],
      ['users', 'u1', '/eureka/apps/USERS/u1'],
    ] as const) {
      const status = async (): Promise<string | undefined> =>
        /"status":"(\w+)"/.exec((await ask('GET', path)).text)?.[1];
      assert.equal(await status(), 'UP');
      await registry.setStatus(name, id, 'critical');
      assert.equal(await status(), 'DOWN');
      await registry.setStatus(name, id, 'maintenance');
      assert.equal(await status(), 'OUT_OF_SERVICE');
      await registry.setStatus(name, id, 'passing');
      await registry.setDraining(name, id, true);
      assert.equal(await status(), 'OUT_OF_SERVICE');
      await registry.setDraining(name, id, false);
      await ask('PUT', `${path}/status?value=OUT_OF_SERVICE`);
      assert.equal(registry.get(name, id)?.status, 'maintenance');
      await ask('DELETE', `${path}/status`);
      assert.equal(await status(), 'UP');
    }
    const { text } = await ask('GET', '/eureka/apps/users');
    assert.match(text, /"homePageUrl":"http:\/\/\[2001:db8::1\]:80\/","vipAddress":"users"/);
  });
});

describe('names', () => {
  it('of services are as their people spell them, and of applications in capitals', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    for (const [app, vipAddress, name] of [
      ['ORDERSERVICE', 'orderService', 'orderService'],
      ['USER-SERVICE', 'user-service:8080,other', 'user-service'],
      ['MY_APP', undefined, 'my_app'],
      ['LEGACY', 'com.example.legacy', 'legacy'],
    ] as const) {
      await ask('POST', `/eureka/apps/${app}`, instance({ app: app.toLowerCase(), vipAddress, instanceId: app }));
      assert.equal(registry.list(name).length, 1, name);
      assert.equal((await ask('GET', `/eureka/apps/${app.toLowerCase()}/${app}`)).status, 200);
    }
    // One application, however its instances spell it; one that changes its spelling has not two places.
    await ask(
      'POST',
      '/eureka/apps/orderservice',
      instance({ app: 'orderservice', vipAddress: 'orderservice', instanceId: 'b' }),
    );
    await ask('POST', '/eureka/apps/orderservice', instance({ app: 'x'.repeat(64), instanceId: 'b' }));
    assert.match((await ask('GET', '/eureka/apps')).text, /"apps__hashcode":"UP_5_"/);
    await ask(
      'POST',
      '/eureka/apps/orderservice',
      instance({ app: 'orderservice', vipAddress: 'OrderService', instanceId: 'b', lastDirtyTimestamp: 9_000 }),
    );
    assert.deepEqual([registry.list('orderservice').length, registry.list('OrderService').length], [0, 1]);
    const long = await ask('POST', `/eureka/apps/${'X'.repeat(64)}`, instance({ app: 'x'.repeat(64) }));
    assert.equal(long.status, 400);
    assert.match(long.text, /^Invalid appName X+: use up to 63/);
  });

  it('of instances may have any characters, and metadata may be long', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    const id = 'http://h:80/a b?ü';
    const path = `/eureka/apps/WEB/${encodeURIComponent(id)}`;
    const metadata = { long: 'x'.repeat(2_000), '': 'empty', short: 'y' };
    assert.equal((await ask('POST', '/eureka/apps/WEB', instance({ instanceId: id, metadata }))).status, 204);
    assert.match(
      (await ask('GET', path)).text,
      /"instanceId":"http:\/\/h:80\/a b\?ü".*"metadata":\{"short":"y","long":"x+","":"empty"\}/,
    );
    assert.equal((await ask('GET', path, undefined, { accept: '*/*' })).status, 200);
    assert.deepEqual(registry.list('web')[0]?.metadata, { short: 'y' });
    assert.equal((await ask('PUT', `${path}/metadata?k=v&short=z`)).status, 200);
    assert.deepEqual(registry.list('web')[0]?.metadata, { short: 'z', k: 'v' });
    assert.equal((await ask('PUT', path)).status, 200);
    assert.equal((await ask('DELETE', path)).status, 200);
  });

  it('of tags and weights are entries of metadata, in both directions', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    const metadata = { 'flotilla-tags': 'blue v1', 'flotilla-weight': '7' };
    await ask('POST', '/eureka/apps/WEB', instance({ metadata }));
    await registry.register({ name: 'users', address: '10.0.0.1', port: 81, id: 'u1', tags: ['red'], weight: 0 });
    const [shown] = registry.list('web');
    assert.deepEqual([shown?.tags, shown?.weight], [['blue', 'v1'], 7]);
    const { text } = await ask('GET', '/eureka/apps');
    assert.match(text, /"metadata":\{"flotilla-tags":"red","flotilla-weight":"0"\}/);
    assert.match(text, /"metadata":\{"flotilla-tags":"blue v1","flotilla-weight":"7"\}/);
  });

  it('of native instances with a token are not for Eureka to change', async (t) => {
    const { ask, registry } = await servedRegistry(t);
    await registry.register({ name: 'users', address: '10.0.0.1', port: 80, id: 'u1' }, 'a-secret-token-of-it');
    for (const [method, path] of [
      ['PUT', '/eureka/apps/USERS/u1'],
      ['DELETE', '/eureka/apps/USERS/u1'],
    ] as const)
      assert.ok([403, 409].includes((await ask(method, path)).status), method);
    assert.equal((await ask('PUT', '/eureka/apps/USERS/u1/metadata?a=b')).status, 400);
    assert.equal(registry.list('users').length, 1);
  });
});
