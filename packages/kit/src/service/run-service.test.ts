import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { fakeHost } from '@flotilla/conformance';
import {
  type ActiveRegistration,
  AppError,
  defineFieldErrors,
  type Registrar,
  type Registration,
} from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { ConfigurationError, integer } from '../config/index.ts';
import type { ServiceDefinition } from './definitions.ts';
import { runService } from './run-service.ts';

const plain: ServiceDefinition = { name: 'test-service', defaultPort: 0, setup() {} };

describe('runService', () => {
  it('serves, and stops on SIGTERM: not ready, deregister, drain, close, exit 0', async () => {
    const { host, state, emit, exited, url } = fakeHost();
    const steps: string[] = [];
    let registered: Registration | undefined;
    const registrar: Registrar = {
      register(registration) {
        registered = registration;
        return {
          acknowledged: Promise.resolve(),
          report() {},
          handOver() {},
          deregister: async () => void steps.push('deregister'),
        };
      },
    };
    await runService(
      {
        ...plain,
        registrar: () => registrar,
        registration: { tags: ['a'] },
        setup({ app, onClose, onDrain }) {
          app.get('/hello', () => ({ hello: 'world' }));
          onDrain(() => void steps.push('drain'));
          onClose(() => void steps.push('close the database'));
          onClose(() => void steps.push('close what uses it'));
        },
      },
      host,
    );
    assert.deepEqual(await (await fetch(`${url()}/hello`)).json(), { hello: 'world' });
    assert.equal((await fetch(`${url()}/ready`)).status, 200);
    assert.equal(registered?.name, 'test-service');
    assert.equal(registered?.port, Number(new URL(url()).port));
    assert.deepEqual(registered?.tags, ['a']);
    emit('SIGTERM');
    assert.equal(await exited(), 0);
    assert.deepEqual(steps, ['deregister', 'drain', 'close what uses it', 'close the database']);
    await assert.rejects(fetch(url()));
    assert.match(state.out, /"msg":"stopped"/);
  });

  it('tells the registry when its checks fail and when they pass again', async () => {
    const { host, emit, exited, url } = fakeHost({ HEALTH_CHECK_INTERVAL_MS: '100' });
    const reports: string[] = [];
    const registrar: Registrar = {
      register: () => ({
        acknowledged: Promise.resolve(),
        report: (status) => void reports.push(status),
        handOver() {},
        deregister: () => Promise.resolve(),
      }),
    };
    let fails = false;
    const check = { name: 'database', check: () => (fails ? Promise.reject(new Error('gone')) : undefined) };
    await runService({ ...plain, registrar: () => registrar, setup: ({ health }) => health.addCheck(check) }, host);
    fails = true;
    await waitUntil('it is reported', () => reports.at(-1) === 'critical');
    assert.equal((await fetch(`${url()}/ready`)).status, 503);
    fails = false;
    await waitUntil('it is reported', () => reports.at(-1) === 'passing');
    assert.equal((await fetch(`${url()}/ready`)).status, 200);
    emit('SIGTERM');
    assert.equal(await exited(), 0);
    assert.ok(reports.join().endsWith('critical,passing'), 'the end is told by deregistering alone');
  });

  it('answers a request in progress while it stops, and closes its connection', async () => {
    const { host, emit, exited, url } = fakeHost();
    const gate = Promise.withResolvers<void>();
    let arrived = false;
    await runService(
      {
        ...plain,
        setup({ app }) {
          app.get('/slow', async () => {
            arrived = true;
            await gate.promise;
            return { done: true };
          });
        },
      },
      host,
    );
    const answer = fetch(`${url()}/slow`);
    await waitUntil('the request to arrive', () => arrived);
    emit('SIGTERM');
    gate.resolve();
    const response = await answer;
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('connection'), 'close');
    assert.equal(await exited(), 0);
  });

  it('still serves new requests during SHUTDOWN_DELAY_MS, deregistered and not ready', async () => {
    const { host, state, emit, exited, url } = fakeHost({ SHUTDOWN_DELAY_MS: '5s' });
    const clock = new FakeClock();
    let deregistered = false;
    const registration: ActiveRegistration = {
      acknowledged: Promise.resolve(),
      report() {},
      handOver() {},
      deregister: () => {
        deregistered = true;
        return Promise.resolve();
      },
    };
    await runService({ ...plain, registrar: () => ({ register: () => registration }) }, host, { clock });
    emit('SIGHUP');
    await waitUntil('the delay', () => state.out.includes('still serving new requests'));
    assert.equal(deregistered, true);
    clock.advance(4_999);
    assert.equal((await fetch(`${url()}/health`)).status, 200);
    assert.equal((await fetch(`${url()}/ready`)).status, 503);
    assert.deepEqual(state.exits, []);
    clock.advance(1);
    assert.equal(await exited(), 0);
    await assert.rejects(fetch(`${url()}/health`));
  });

  it('does not wait forever for a request that never ends', async () => {
    const { host, state, emit, exited, url } = fakeHost({ DRAIN_TIMEOUT_MS: '0' });
    let arrived = false;
    await runService(
      {
        ...plain,
        setup({ app }) {
          app.get('/never', () => {
            arrived = true;
            return Promise.withResolvers<void>().promise;
          });
        },
      },
      host,
    );
    const answer = fetch(`${url()}/never`);
    await waitUntil('the request to arrive', () => arrived);
    emit('SIGTERM');
    await assert.rejects(answer);
    assert.equal(await exited(), 0);
    assert.match(state.out, /"step":"drain"/);
  });

  it('stops even if everything fails that can fail', async () => {
    const { host, state, emit, exited } = fakeHost();
    const registration: ActiveRegistration = {
      acknowledged: Promise.reject(new Error('no registry')),
      report() {},
      handOver() {},
      deregister: () => Promise.reject(new Error('no registry')),
    };
    await runService(
      {
        ...plain,
        registrar: () => ({ register: () => registration }),
        setup({ onClose, onDrain }) {
          onDrain(() => Promise.reject(new Error('drain broke')));
          onClose(() => {
            throw new Error('close broke');
          });
        },
      },
      host,
    );
    emit('SIGTERM');
    assert.equal(await exited(), 0);
    for (const text of ['no registry', 'drain broke', 'close broke']) assert.match(state.out, new RegExp(text));
    assert.match(state.out, /"failures":3/);
  });

  it('reports everything that is wrong with its settings and exits with 78, without starting anything', async () => {
    const { host, state } = fakeHost({ SERVER_PORT: 'x', LOG_LEVEL: 'loud', DEPTH: 'deep' });
    let built = false;
    const settings = { DEPTH: integer({ describe: 'depth', default: 1 }) };
    await runService({ ...plain, settings, setup: () => void (built = true) }, host);
    assert.deepEqual(state.exits, [78]);
    assert.equal(built, false);
    assert.equal(state.out, '');
    for (const name of ['SERVER_PORT', 'LOG_LEVEL', 'DEPTH']) assert.match(state.err, new RegExp(name));
  });

  it('refuses an argument that it does not know: a misspelt command is no start', async () => {
    const { host, state, exited } = fakeHost({}, ['migrat', 'up']);
    await runService({ ...plain, database: { migrations: [] } }, host);
    assert.equal(await exited(), 78);
    assert.match(state.err, /^test-service cannot start: it has no argument "migrat"\. Did you mean migrate\?/);
  });

  it('shows its settings on request, without starting', async () => {
    const printing = fakeHost({ REDIS_URL: 'redis://:hunter2@h' }, ['--print-config']);
    await runService(plain, printing.host);
    assert.deepEqual(printing.state.exits, [0]);
    assert.match(printing.state.out, /REDIS_URL +redis:\/\/:\*\*\*@h +environment/);
    const helping = fakeHost({ SERVER_PORT: 'x' }, ['--help']);
    await runService(plain, helping.host);
    assert.deepEqual(helping.state.exits, [0]);
    assert.match(helping.state.out, /--server-port/);
  });

  it('reports who uses its port and how to choose another, and exits with 78', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = holder.address() as AddressInfo; // Listening on TCP.
      const { host, state } = fakeHost({ SERVER_PORT: String(port) });
      await runService(plain, host);
      assert.deepEqual(state.exits, [78]);
      assert.match(state.err, new RegExp(`port ${port} is in use`));
      assert.match(state.err, /SERVER_PORT/);
      if (process.platform === 'linux') assert.match(state.err, new RegExp(`by process ${process.pid} \\(`));
    } finally {
      holder.close();
    }
  });

  it('shows a configuration error of the setup as it is, and treats any other as a crash', async () => {
    const wrong = fakeHost();
    const setup = (error: Error) => () => Promise.reject(error);
    await runService({ ...plain, setup: setup(new ConfigurationError('the file x.json is missing')) }, wrong.host);
    assert.deepEqual(wrong.state.exits, [78]);
    assert.match(wrong.state.err, /^test-service cannot start: the file x\.json is missing\n$/);
    const broken = fakeHost();
    await runService({ ...plain, setup: setup(new Error('a defect')) }, broken.host);
    assert.deepEqual(broken.state.exits, [1]);
    assert.match(broken.state.err, /a defect/);
  });

  it('does not start if an error is defined twice', async () => {
    const texts = { NOT_IN_STOCK: { en: 'is not in stock', 'zh-CN': '缺货' } };
    const errors = ['cart-service', 'basket-service'].map((owner) => defineFieldErrors(owner, texts));
    const twice = fakeHost();
    await runService({ ...plain, errors }, twice.host);
    assert.notEqual(await twice.exited(), 0);
    assert.match(twice.state.err, /NOT_IN_STOCK by cart-service and by basket-service/);
  });

  it('exits with 1 after logging an uncaught error', async () => {
    const { host, state, emit } = fakeHost();
    await runService(plain, host);
    emit('uncaughtException', new AppError('OVERLOADED'));
    assert.equal(state.exits[0], 1);
    assert.match(state.err, /"code":"OVERLOADED","stack":"AppError: .*run-service\.test/, 'nobody expected it here');
    emit('SIGTERM');
    await waitUntil('the server to be closed', () => state.exits.length > 1);
  });

  it('announces itself only after its checks pass', async () => {
    const { host, emit, exited, state } = fakeHost();
    const clock = new FakeClock();
    let well = false;
    let announced = false;
    const running = runService(
      {
        ...plain,
        registrar: () => ({
          register: () => {
            announced = true;
            return { acknowledged: Promise.resolve(), report() {}, handOver() {}, deregister: () => Promise.resolve() };
          },
        }),
        setup({ health }) {
          const check = (): void => {
            if (!well) throw new Error('not yet');
          };
          health.addCheck({ name: 'database', check });
        },
      },
      host,
      { clock },
    );
    await waitUntil('the program to listen', () => state.out.includes('"waitingFor":["database"]'));
    assert.equal(announced, false);
    await clock.advanceAsync(5000);
    assert.equal(announced, false);
    well = true;
    await clock.advanceAsync(1000);
    await running;
    assert.equal(announced, true);
    emit('SIGTERM');
    assert.equal(await exited(), 0);
  });

  it('tells its supervisor how long a stop may take and when it is ready, and stops when the supervisor is gone', async () => {
    const env = { INSTANCE_ID: 'a-1', DRAIN_TIMEOUT_MS: '20s', SHUTDOWN_DELAY_MS: '0' };
    const { host, state, emit, exited, url } = fakeHost(env, [], true);
    await runService(plain, host);
    const live = `http://127.0.0.1:${new URL(url()).port}/livez`;
    assert.deepEqual(state.sent, [
      { type: 'configured', stopLimitMs: 25_000 },
      { type: 'ready', url: url(), instance: 'a-1', live },
    ]);
    emit('disconnect');
    assert.equal(await exited(), 0);
  });

  it('changes its log level on SIGUSR2 and back', async () => {
    const { host, state, emit, exited, url } = fakeHost();
    await runService(plain, host);
    await fetch(`${url()}/health`);
    assert.doesNotMatch(state.out, /"path":"\/health"/);
    emit('SIGUSR2');
    await fetch(`${url()}/health`);
    await waitUntil('the debug line', () => state.out.includes('"path":"/health"'));
    emit('SIGUSR2');
    assert.match(state.out, /"logLevel":"info","msg":"log level changed"/);
    emit('SIGTERM');
    await exited();
  });
});
