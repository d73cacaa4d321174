// The services of `examples/` that register themselves, each where its language is installed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { ask } from '../e2e/support/ask.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { programFor, temporaryFolder } from '../engine/programs.ts';
import { currentGo } from './current-go.ts';
import { type ExampleService, exampleFleet } from './example-fleet.ts';

const run = promisify(execFile);
const examples = path.resolve(import.meta.dirname, '../../examples');

test('stock-service, in Go', async (t) => {
  const go = currentGo(t);
  if (go === undefined) return;
  const binary = path.join(temporaryFolder(t), 'stock-service');
  const cwd = path.join(examples, 'stock-service');
  // It needs no module, so nothing is fetched.
  const env = { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' };
  await t.test('is formatted, and its own tests pass', async () => {
    assert.equal((await run(path.join(path.dirname(go), 'gofmt'), ['-l', '.'], { cwd })).stdout, '');
    await run(go, ['vet', '.'], { cwd, env });
    await run(go, ['test', '.'], { cwd, env });
  });
  await run(go, ['build', '-o', binary, '.'], { cwd, env });
  await liveInAFleet(t, { name: 'stock-service', command: binary, args: [], path: '/stock/apple' });
});

test('quote-service, in Python', async (t) => {
  const python = programFor(t, 'python3');
  if (python === undefined) return;
  // Without -B it would leave compiled files among the sources.
  await t.test('passes its own tests', async () => {
    await run(python, ['-B', '-m', 'unittest'], { cwd: path.join(examples, 'quote-service') });
  });
  const args = ['-B', 'examples/quote-service/main.py'];
  const service = { name: 'quote-service', command: python, args, path: '/quotes/apple' };
  await liveInAFleet(t, service);
  await t.test('answers requests in progress before it exits', async (t) => {
    const fleet = await exampleFleet(t);
    const { process: own, port } = await fleet.startService(service);
    const socket = connect(port, '127.0.0.1');
    t.after(() => socket.destroy());
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.write(`GET ${service.path} HTTP/1.1\r\nHost: a\r\n`);
    // Connections are taken up in their order.
    await ask(`http://127.0.0.1:${port}/health`);
    own.child.kill('SIGTERM');
    await eventually('it listens no longer', () =>
      ask(`http://127.0.0.1:${port}/health`).then(
        () => false,
        () => true,
      ),
    );
    socket.write('\r\n');
    assert.deepEqual(await own.ended, { code: 0, signal: null });
    await eventually('the answer is there', () => answer.endsWith('}'));
    assert.match(answer, /^HTTP\/1\.0 200 OK/);
  });
});

/** What every service does that keeps itself registered. */
async function liveInAFleet(t: TestContext, service: ExampleService): Promise<void> {
  const { name } = service;

  await t.test(
    'is reached through the gateway; when told to stop, it deregisters at once and exits with 0',
    async (t) => {
      const fleet = await exampleFleet(t);
      await fleet.startRegistry();
      const { process: own, url } = await fleet.startService(service, { INSTANCE_ID: `${name}-1` });
      const gateway = await fleet.startGateway();
      await eventually('the gateway finds it', async () => (await ask(`${gateway}${service.path}`)).status === 200);
      assert.deepEqual((await ask(`${gateway}${service.path}`)).json, (await ask(`${url}${service.path}`)).json);
      assert.equal((await ask(`${gateway}${service.path}`, { method: 'HEAD' })).status, 200);
      for (const address of [gateway, url])
        assert.equal((await ask(`${address}${service.path}`, { method: 'POST' })).status, 405, address);
      for (const probe of ['/health', '/ready']) assert.equal((await ask(`${url}${probe}`)).status, 200, probe);
      const list = service.path.split('/', 2).join('/');
      assert.equal((await ask(`${url}${list}`)).status, 200);
      for (const path of ['/nothing', `${list}/unknown`]) assert.equal((await ask(`${url}${path}`)).status, 404, path);

      own.child.kill('SIGTERM');
      assert.deepEqual(await own.ended, { code: 0, signal: null });
      assert.equal((await fleet.instances(name)).length, 0);
      const lines = own.stdout().trimEnd().split('\n');
      for (const line of lines) assert.equal(typeof (JSON.parse(line) as { msg: unknown }).msg, 'string', line);
      assert.match(own.stdout(), new RegExp(`registered.*${name}-1"`));
      assert.equal(own.stderr(), '');
    },
  );

  await t.test(
    'serves before there is a registry, and survives one that is killed, with and without its data',
    async (t) => {
      const fleet = await exampleFleet(t);
      const { url } = await fleet.startService(service);
      const serves = async (): Promise<void> => assert.equal((await ask(`${url}${service.path}`)).status, 200);
      await serves();
      for (const forgetful of [false, false, true]) {
        const registry = await fleet.startRegistry({ forgetful });
        const backAt = Date.now();
        await eventually('it is registered, or renewed', async () =>
          (await fleet.instances(name)).some(({ last_seen: seen }) => Date.parse(seen) > backAt),
        );
        registry.child.kill('SIGKILL');
        await registry.ended;
        await serves();
      }
    },
  );

  await t.test(
    'is removed when it is frozen for longer than its lease, and comes back when it is resumed',
    async (t) => {
      const fleet = await exampleFleet(t);
      await fleet.startRegistry();
      const { process: own } = await fleet.startService(service);
      await eventually('it is registered', async () => (await fleet.instances(name)).length === 1);
      own.child.kill('SIGSTOP');
      await eventually('its lease has run out', async () => (await fleet.instances(name)).length === 0);
      own.child.kill('SIGCONT');
      await eventually('it is registered again', async () => (await fleet.instances(name)).length === 1);
    },
  );

  await t.test('waits, if a newer instance has the same id, until that is gone', async (t) => {
    const fleet = await exampleFleet(t);
    await fleet.startRegistry();
    const older = await fleet.startService(service, { INSTANCE_ID: 'same' });
    await older.process.says(/registered.*same/);
    const newer = await fleet.startService(service, { INSTANCE_ID: 'same' });
    await older.process.says(/REGISTRATION_LOST/);
    assert.equal((await fleet.instances(name)).length, 1);
    newer.process.child.kill('SIGKILL');
    await older.process.says(/registered.*same[^]*REGISTRATION_LOST[^]*registered.*same/);
  });

  await t.test('stops at once without a registry, even when told twice', async (t) => {
    const fleet = await exampleFleet(t);
    const { process: own } = await fleet.startService(service);
    own.child.kill('SIGINT');
    own.child.kill('SIGTERM');
    assert.deepEqual(await own.ended, { code: 0, signal: null });
  });

  await t.test('says what to do if its port is in use', async (t) => {
    const fleet = await exampleFleet(t);
    const { port } = await fleet.startService(service);
    await assert.rejects(fleet.startService(service, { SERVER_PORT: String(port) }), /Set SERVER_PORT to a free port/);
  });
}

test('each service has less than 100 lines, tests aside, of at most 120 characters', () => {
  for (const folder of globSync('*-service', { cwd: examples })) {
    const files = globSync('**/*.{go,py,mjs}', { cwd: path.join(examples, folder) });
    const sources = files.filter((file) => !/_test\.go$|(^|\/)test_.*\.py$/.test(file));
    const texts = sources.map((file) => readFileSync(path.join(examples, folder, file), 'utf8'));
    const lines = texts.flatMap((text) => text.trimEnd().split('\n'));
    assert.ok(lines.length > 10 && lines.length < 100, `${folder} has ${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= 120, `${folder}: ${line}`);
  }
});
