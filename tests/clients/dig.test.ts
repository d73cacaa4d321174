import assert from 'node:assert/strict';
import { programFor, run } from '../engine/programs.ts';
import { testWithEachConsul } from './each-consul.ts';
import { put } from './send.ts';

testWithEachConsul('dig is answered, over UDP and TCP, by', async (t, start) => {
  const dig = programFor(t, 'dig');
  if (dig === undefined) return;
  await using peer = await start();
  const ask = async (...question: readonly string[]): Promise<string> => {
    const args = ['@127.0.0.1', '-p', `${peer.dnsPort}`, '+tries=2', '+time=3', ...question];
    const { status, stdout, stderr } = await run(dig, args);
    assert.equal(status, 0, `dig ${question.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  const short = async (...question: readonly string[]): Promise<readonly string[]> => {
    const text = await ask('+short', ...question);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .toSorted((a, b) => a.localeCompare(b));
  };
  const register = (id: string, address: string, port: number, tags: readonly string[]): Promise<void> =>
    put(`${peer.url}/v1/agent/service/register`, {
      ID: id,
      Name: 'shop',
      Address: address,
      Port: port,
      Tags: tags,
      Check: { TTL: '60s', Status: 'passing' },
    });
  await register('shop-1', '10.1.2.3', 8001, ['blue', 'tcp']);
  await register('shop-2', '10.1.2.4', 8002, ['green']);
  await register('shop-3', '2001:db8::1', 8003, ['six']);

  for (const over of ['+notcp', '+tcp']) {
    assert.deepEqual(await short(over, 'shop.service.consul', 'A'), ['10.1.2.3', '10.1.2.4']);
    assert.deepEqual(await short(over, 'shop.service.dc1.consul', 'A'), ['10.1.2.3', '10.1.2.4']);
    assert.deepEqual(await short(over, 'SHOP.Service.CONSUL.', 'A'), ['10.1.2.3', '10.1.2.4']);
    assert.deepEqual(await short(over, 'shop.service.consul', 'AAAA'), ['2001:db8::1']);
    assert.deepEqual(await short(over, 'blue.shop.service.consul', 'A'), ['10.1.2.3']);
    assert.deepEqual(await short(over, '_shop._blue.service.consul', 'SRV'), ['1 1 8001 0a010203.addr.dc1.consul.']);
    assert.deepEqual(await short(over, '_shop._tcp.service.consul', 'SRV'), [
      '1 1 8001 0a010203.addr.dc1.consul.',
      '1 1 8002 0a010204.addr.dc1.consul.',
      '1 1 8003 20010db8000000000000000000000001.addr.dc1.consul.',
    ]);
    assert.deepEqual(await short(over, '0a010203.addr.dc1.consul', 'A'), ['10.1.2.3']);
    assert.deepEqual(await short(over, 'consul-of-a-test.node.consul', 'A'), ['127.0.0.1']);
  }
  const additional = await ask('green.shop.service.consul', 'SRV');
  assert.match(additional, /status: NOERROR/);
  assert.match(additional, /flags: qr aa/);
  assert.match(additional, /ADDITIONAL SECTION:[^]*0a010204\.addr\.dc1\.consul\. 0\tIN\tA\t10\.1\.2\.4/);
  const unknown = await ask('nobody.service.consul', 'A');
  assert.match(unknown, /status: NXDOMAIN/);
  assert.match(unknown, /AUTHORITY SECTION:\nconsul\.\s+0\s+IN\s+SOA/);

  // Many answers do not fit into a datagram: it says so, and dig asks again over TCP.
  for (let index = 0; index < 60; index++) await register(`many-${index}`, `10.9.0.${index}`, 9_000 + index, ['many']);
  assert.ok((await short('+bufsize=512', '+ignore', 'many.shop.service.consul', 'SRV')).length < 60);

  await put(`${peer.url}/v1/agent/check/warn/service:shop-2`);
  assert.deepEqual(await short('green.shop.service.consul', 'A'), ['10.1.2.4']);
  await put(`${peer.url}/v1/agent/check/fail/service:shop-2`);
  assert.deepEqual(await short('green.shop.service.consul', 'A'), []);
  // Consul remembers over a restart what was reported, not what a check began with.
  await put(`${peer.url}/v1/agent/check/pass/service:shop-1`);
  await peer.restart();
  assert.deepEqual(await short('blue.shop.service.consul', 'A'), ['10.1.2.3']);
  await put(`${peer.url}/v1/agent/service/deregister/shop-1`);
  assert.deepEqual(await short('blue.shop.service.consul', 'A'), []);
});
