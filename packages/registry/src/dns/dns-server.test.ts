import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import packet, { type DecodedPacket } from 'dns-packet';
import { createRegistry, type Registry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { DnsServer, type DnsServerOptions } from './dns-server.ts';
import { registryDns } from './registry-dns.ts';

const host = '127.0.0.1';
/** What the codec decodes; its types lack the code. */
interface Decoded extends DecodedPacket {
  readonly rcode?: string;
}

const errors: unknown[] = [];
const onError = (error: unknown): void => void errors.push(error);

async function serving(t: TestContext): Promise<{ readonly registry: Registry; readonly port: number }> {
  const clock = new FakeClock(0);
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:', clock }), clock });
  const node = { name: 'Laptop', address: host, port: 8_500, datacenter: 'dc1' };
  const dns = registryDns(registry, { clock, node, onError });
  const { port } = await dns.listen({ name: 'dns', host, port: 0 });
  t.after(async () => {
    await dns.close();
    await registry.close();
    assert.deepEqual(errors.splice(0), []);
  });
  return { registry, port };
}

async function overUdp(port: number, message: Uint8Array): Promise<Decoded> {
  const socket = createSocket('udp4');
  socket.send(message, port, host);
  const [answer] = await once(socket, 'message');
  socket.close();
  return packet.decode(answer);
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the other side has ended the connection, in whatever way. */
function closed(socket: Socket): Promise<void> {
  socket.resume().on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Reads so many answers. */
async function answersOn(socket: Socket, count: number): Promise<readonly DecodedPacket[]> {
  let held = Buffer.alloc(0);
  const answers: DecodedPacket[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      answers.push(packet.decode(held.subarray(2)));
      held = held.subarray(2 + held.readUInt16BE(0));
    }
    if (answers.length >= count) break;
  }
  return answers;
}

function question(name: string, type: 'A' | 'SRV' = 'A', id = 1): Buffer {
  return packet.encode({ type: 'query', id, flags: packet.RECURSION_DESIRED, questions: [{ name, type }] });
}

function streamed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

test('an instance is found by UDP and TCP as soon as it is registered, and gone when it is not ready', async (t) => {
  const { registry, port } = await serving(t);
  const asked = question('User_Service.service.consul', 'SRV');
  assert.equal((await overUdp(port, asked)).rcode, 'NXDOMAIN');
  const one = { name: 'user_service', address: '10.0.0.1', port: 80, id: 'u1', weight: 7 };
  await registry.register(one);
  const found = await overUdp(port, asked);
  assert.deepEqual([found.rcode, found.flag_aa, found.flag_tc, found.flag_rd], ['NOERROR', true, false, true]);
  const [answer] = found.answers ?? [];
  assert.equal(answer?.name, 'User_Service.service.consul');
  const target = '0a000001.addr.dc1.consul';
  assert.deepEqual(answer?.type === 'SRV' && answer.data, { priority: 1, weight: 7, port: 80, target });
  const socket = await connected(port);
  // Two questions in one write, and one byte by byte.
  socket.write(Buffer.concat([streamed(asked), streamed(question('laptop.node.consul', 'A', 2))]));
  assert.deepEqual(
    (await answersOn(socket, 2)).map(({ id, answers }) => [id, answers?.length]),
    [
      [1, 1],
      [2, 1],
    ],
  );
  const again = await connected(port);
  for (const byte of streamed(question('consul', 'A', 3))) again.write(Buffer.from([byte]));
  assert.deepEqual(
    (await answersOn(again, 1)).map(({ id }) => id),
    [3],
  );
  for (const open of [socket, again]) open.destroy();
  for (const change of [
    () => registry.setStatus('user_service', 'u1', 'critical'),
    () => registry.setStatus('user_service', 'u1', 'maintenance'),
  ]) {
    await change();
    assert.equal((await overUdp(port, asked)).rcode, 'NXDOMAIN');
    await registry.setStatus('user_service', 'u1', 'passing');
    assert.equal((await overUdp(port, asked)).rcode, 'NOERROR');
  }
  await registry.setDraining('user_service', 'u1', true);
  assert.equal((await overUdp(port, asked)).rcode, 'NXDOMAIN');
});

test('the registry itself is the service that Consul has for its servers', async (t) => {
  const { port } = await serving(t);
  const { answers } = await overUdp(port, question('consul.service.consul', 'SRV'));
  const [answer] = answers ?? [];
  const target = '7f000001.addr.dc1.consul';
  assert.deepEqual(answer?.type === 'SRV' && answer.data, { priority: 1, weight: 1, port: 8_500, target });
});

test('300 instances come in part over UDP, with the word that there are more, and all over TCP', async (t) => {
  const { registry, port } = await serving(t);
  for (let index = 1; index <= 300; index += 1)
    await registry.register({ name: 'web', address: `10.0.${index >> 8}.${index & 255}`, port: 80 });
  for (const type of ['A', 'SRV'] as const) {
    const some = await overUdp(port, question('web.service.consul', type));
    assert.ok(some.flag_tc);
    assert.ok((some.answers?.length ?? 0) >= (type === 'A' ? 29 : 10));
    const socket = await connected(port);
    socket.write(streamed(question('web.service.consul', type)));
    const [all] = await answersOn(socket, 1);
    socket.destroy();
    assert.deepEqual([all?.flag_tc, all?.answers?.length], [false, 300]);
  }
});

test('a packet that is not a query is dropped, and everything else goes on', async (t) => {
  const { port } = await serving(t);
  const socket = createSocket('udp4');
  for (let length = 0; length < 40; length += 1) socket.send(Buffer.alloc(length, 0xff), port, host);
  socket.send(Buffer.alloc(60_000, 1), port, host);
  for (const bytes of [Buffer.from([0, 3, 1, 2, 3]), Buffer.from([0xff, 0xff, 1]), streamed(Buffer.alloc(40, 0xff))]) {
    const open = await connected(port);
    const end = closed(open);
    open.write(bytes);
    await end;
  }
  assert.equal((await overUdp(port, question('consul'))).rcode, 'NOERROR');
  socket.close();
});

test('a connection that sends no whole query in time is closed, however often it sends a byte; more than the limit are, too', async (t) => {
  const clock = new FakeClock(0);
  const resolve: DnsServerOptions['resolve'] = () => assert.fail('Nothing is asked');
  const dns = new DnsServer({ clock, resolve, onError, maxConnections: 2 });
  const { port } = await dns.listen({ name: 'dns', host, port: 0 });
  t.after(() => dns.close());
  const slow = await connected(port);
  const silent = await connected(port);
  const ends = [closed(slow), closed(silent)];
  await closed(await connected(port));
  slow.write(Buffer.from([0]));
  clock.advance(9_000);
  slow.write(Buffer.from([40]));
  clock.advance(1_000);
  await Promise.all(ends);
});

test('a defect in answering is told to the client as such, and reported', async (t) => {
  const seen: unknown[] = [];
  const defect = new Error('a defect');
  const dns = new DnsServer({
    clock: systemClock,
    resolve: () => {
      throw defect;
    },
    onError: (error) => seen.push(error),
  });
  const { port } = await dns.listen({ name: 'dns', host, port: 0 });
  t.after(() => dns.close());
  assert.equal((await overUdp(port, question('consul'))).rcode, 'SERVFAIL');
  assert.deepEqual(seen, [defect]);
});

test('a port that is in use is reported as the system reports it', async (t) => {
  const { port } = await serving(t);
  const another = new DnsServer({ clock: systemClock, resolve: () => assert.fail('Nothing is asked'), onError });
  await assert.rejects(another.listen({ name: 'dns', host, port }), { code: 'EADDRINUSE' });
  const udp = createSocket('udp4').bind(0, host);
  await once(udp, 'listening');
  await assert.rejects(another.listen({ name: 'dns', host, port: udp.address().port }), { code: 'EADDRINUSE' });
  await another.close();
  udp.close();
});
