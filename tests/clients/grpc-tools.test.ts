// Programs of other people that speak gRPC and have none of our .proto files.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findPostgres, startPostgres } from '@flotilla/conformance/databases';
import { readDocument } from '../docs/documents.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { spawnCommand } from '../e2e/support/spawned.ts';
import { run } from '../engine/programs.ts';
import { type GrpcService, grpcServices } from './grpc-services.ts';
import { curl, type GrpcTools, grpcToolsFor, load } from './grpc-tools.ts';

const userService = 'flotilla.users.v1.UserService';
const orderService = 'flotilla.orders.v1.OrderService';

/** Calls a method by grpcurl; returns its answer, or its error as text. */
async function call(tools: GrpcTools, port: number, method: string, data: object = {}): Promise<unknown> {
  const { status, stdout, stderr } = await curl(tools, port, [method], ['-d', JSON.stringify(data)]);
  return status === 0 ? JSON.parse(stdout) : stderr;
}

test('stock tools and both services', async (t) => {
  const tools = grpcToolsFor(t);
  if (tools === undefined) return;
  const services = await grpcServices(t);
  const users = await services.start('user-service');
  const orders = await services.start('order-service', { USER_SERVICE_PROTOCOL: 'grpc' });
  await t.test('what the guide shows is what they answer', () => callShown(tools, users, orders));
  await t.test('grpcurl lists, describes and calls everything that they have', () => callAll(tools, users, orders));
  await t.test('ghz loads both without an error', (t) => loadAll(t, tools, users, orders));
});

async function callAll(tools: GrpcTools, users: GrpcService, orders: GrpcService): Promise<void> {
  for (const [port, own] of [
    [users.grpcPort, userService],
    [orders.grpcPort, orderService],
  ] as const) {
    const { stdout, stderr } = await curl(tools, port, ['list']);
    const listed = stdout.trim().split('\n');
    for (const name of [own, 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection'])
      assert.ok(listed.includes(name), `${name} is not in ${stdout}${stderr}`);
    for (const name of listed) assert.equal((await curl(tools, port, ['describe', name])).status, 0, name);
  }
  const described = await curl(tools, orders.grpcPort, ['describe', 'flotilla.orders.v1.Order']);
  assert.match(described.stdout, /int64 amount_cents = 4/);

  const ada = { name: 'Ada', email: 'ada@example.com' };
  const onUsers = (method: string, data?: object): Promise<unknown> =>
    call(tools, users.grpcPort, `${userService}/${method}`, data);
  const alice = { id: '1', name: 'Alice', email: 'alice@example.com' };
  assert.deepEqual(await onUsers('GetUser', { id: 1 }), alice);
  assert.deepEqual(await onUsers('CreateUser', ada), { id: '3', ...ada });
  assert.deepEqual(await onUsers('UpdateUser', { id: 3, name: 'Eve' }), { id: '3', ...ada, name: 'Eve' });
  const firstPage = { users: [alice], nextPageToken: 'YWZ0ZXI6MQ' };
  assert.deepEqual(await onUsers('ListUsers', { page_size: 1 }), firstPage);
  assert.deepEqual(await onUsers('DeleteUser', { id: 3 }), {});
  const missing = String(await onUsers('GetUser', { id: 3 }));
  for (const said of [/Code: NotFound/, /Message: No such user/, /"reason": "USER_NOT_FOUND"/])
    assert.match(missing, said);
  assert.match(String(await onUsers('CreateUser', { name: 'A' })), /Code: InvalidArgument[^]*"field": "email"/);

  const onOrders = (method: string, data?: object): Promise<unknown> =>
    call(tools, orders.grpcPort, `${orderService}/${method}`, data);
  const tea = { userId: '2', item: 'Tea', amountCents: '29' };
  assert.deepEqual(await onOrders('CreateOrder', tea), { id: '4', ...tea });
  assert.deepEqual(await onOrders('GetOrder', { id: 4 }), { id: '4', ...tea });
  assert.deepEqual(await onOrders('UpdateOrder', { id: 4, amountCents: 30 }), { id: '4', ...tea, amountCents: '30' });
  assert.deepEqual(await onOrders('ListOrders', { userId: 9 }), {});
  assert.deepEqual(await onOrders('DeleteOrder', { id: 4 }), {});
  assert.match(String(await onOrders('CreateOrder', { ...tea, userId: 99 })), /"reason": "USER_NOT_FOUND"/);
}

test('grpc-health-probe finds a service healthy, and grpcurl watches it drain', async (t) => {
  const tools = grpcToolsFor(t);
  if (tools === undefined) return;
  const services = await grpcServices(t);
  const { grpcPort, process: own } = await services.start('user-service');
  const address = `127.0.0.1:${grpcPort}`;
  const probe = (...more: readonly string[]): Promise<{ status: number | null; stderr: string }> =>
    run(tools.healthProbe, [`-addr=${address}`, ...more]);
  for (const more of [[], [`-service=${userService}`]]) {
    const probed = await probe(...more);
    assert.equal(probed.status, 0, probed.stderr);
    assert.match(probed.stderr, /status: SERVING/);
  }
  const unknown = await probe('-service=unknown.v1.Service');
  assert.notEqual(unknown.status, 0);
  assert.match(unknown.stderr, /NotFound|SERVICE_UNKNOWN|unknown/i);

  const watch = spawnCommand(tools.grpcurl, ['-plaintext', address, 'grpc.health.v1.Health/Watch']);
  t.after(() => watch.child.kill('SIGKILL'));
  await watch.says(/"SERVING"/);
  own.child.kill('SIGTERM');
  await watch.says(/"NOT_SERVING"/);
  assert.deepEqual(await own.ended, { code: 0, signal: null });
  const gone = await probe('-connect-timeout=200ms');
  assert.equal(gone.status, 2, gone.stderr);
});

test('while its database is away, a service is not healthy for gRPC, says when to try again, and recovers', async (t) => {
  const tools = grpcToolsFor(t);
  const engine = await findPostgres();
  if (tools === undefined) return;
  if (engine.kind === 'missing') return t.skip(engine.reason);
  await using database = await startPostgres(engine.path);
  const services = await grpcServices(t);
  const { grpcPort } = await services.start('user-service', { DATABASE_URL: await database.createDatabase() });
  const health = async (): Promise<string> => {
    const { stderr } = await run(tools.healthProbe, [`-addr=127.0.0.1:${grpcPort}`]);
    return /(?:NOT_)?SERVING/.exec(stderr)?.[0] ?? stderr;
  };
  const getAlice = (): Promise<unknown> => call(tools, grpcPort, `${userService}/GetUser`, { id: 1 });
  assert.equal(await health(), 'SERVING');
  await database.kill();
  await eventually('it is not healthy', async () => (await health()) === 'NOT_SERVING');
  const refused = String(await getAlice());
  for (const said of [/Code: Unavailable/, /"reason": "STORAGE_UNAVAILABLE"/, /"retryDelay"/])
    assert.match(refused, said);
  await database.start();
  await eventually('it is healthy again', async () => (await health()) === 'SERVING');
  assert.deepEqual(await getAlice(), { id: '1', name: 'Alice', email: 'alice@example.com' });
});

/** Runs every line of the guide that calls grpcurl, and compares with the block below it. */
async function callShown(tools: GrpcTools, users: GrpcService, orders: GrpcService): Promise<void> {
  const shown = readDocument('docs/guides/grpc.md').blocks.flatMap(({ text }, index, blocks) =>
    text.startsWith('grpcurl ') ? [{ line: text.trim(), answer: blocks[index + 1]?.text.trim() ?? '' }] : [],
  );
  assert.ok(shown.length >= 3);
  for (const { line, answer } of shown) {
    const here = line.replace(':9001', `:${users.grpcPort}`).replace(':9002', `:${orders.grpcPort}`);
    const { stdout, stderr } = await run('sh', ['-c', here.replace('grpcurl', tools.grpcurl)]);
    assert.equal(Buffer.from(stdout, 'latin1').toString('utf8').trim(), answer, line + stderr);
  }
}

async function loadAll(t: TestContext, tools: GrpcTools, users: GrpcService, orders: GrpcService): Promise<void> {
  const loads = [
    { port: users.grpcPort, method: `${userService}/GetUser`, calls: 1_000, data: { id: 1 } },
    { port: users.grpcPort, method: `${userService}/ListUsers`, calls: 300, data: { page_size: 1 } },
    {
      port: users.grpcPort,
      method: `${userService}/CreateUser`,
      calls: 100,
      data: { name: 'U{{.RequestNumber}}', email: 'u{{.RequestNumber}}@example.com' },
    },
    { port: orders.grpcPort, method: `${orderService}/GetOrder`, calls: 1_000, data: { id: 1 } },
    {
      port: orders.grpcPort,
      method: `${orderService}/CreateOrder`,
      calls: 100,
      data: { user_id: 1, item: 'Tea', amount_cents: 29 },
    },
  ];
  for (const { port, method, calls, data } of loads) {
    const report = await load(tools, port, method, { data, calls });
    assert.deepEqual(report.statusCodeDistribution, { OK: calls }, method);
    t.diagnostic(`${method}: ${Math.round(report.rps)} calls per second`);
  }
}
