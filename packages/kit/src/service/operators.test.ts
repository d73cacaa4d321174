import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { type FakeHost, fakeHost } from '@flotilla/conformance';
import { FakeClock, waitUntil } from '@flotilla/testing';
import type { ServiceDefinition } from './definitions.ts';
import { runService } from './run-service.ts';

const plain: ServiceDefinition = { name: 'test-service', defaultPort: 0, setup() {} };

const adminUrl = ({ line }: FakeHost): string => String(line('also listening')['url']);

async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

const put = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** Sends what fetch would not. */
async function statusWithHost(url: string, host: string): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  request(url, { headers: { host }, agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode);
  }).end();
  return promise;
}

async function heldPort(): Promise<{ readonly port: number; close(): void }> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  return { port: (holder.address() as AddressInfo).port, close: () => holder.close() }; // Listening on TCP.
}

describe("the operators' port", () => {
  it('has the metrics, the details of the probes and the log level, which the main port no longer serves', async () => {
    const fake = fakeHost({ ADMIN_PORT: '0' });
    await runService({ ...plain, setup: ({ app }) => void app.get('/hello', () => 'world') }, fake.host);
    const onBoth = { '/health': [200, 200], '/ready': [200, 200], '/livez': [200, 200] };
    const apart = { '/readyz': [404, 200], '/metrics': [404, 200], '/log-level': [404, 200], '/hello': [200, 404] };
    for (const [path, expected] of Object.entries({ ...onBoth, ...apart }))
      assert.deepEqual([await statusOf(fake.url() + path), await statusOf(adminUrl(fake) + path)], expected, path);
    assert.equal(await (await fetch(`${fake.url()}/livez?verbose`)).text(), 'ok');
    assert.match(await (await fetch(`${adminUrl(fake)}/livez?verbose`)).text(), /\[\+\]process ok/);
    const metrics = await (await fetch(`${adminUrl(fake)}/metrics`)).text();
    assert.match(metrics, /http_server_request_duration_seconds_count\{[^}]*http_route="\/hello"[^}]*\} 1/);
    // What operators ask is no traffic of the service.
    assert.doesNotMatch(metrics, /log-level|"\/readyz"/);
    fake.emit('SIGTERM');
    assert.equal(await fake.exited(), 0);
  });

  it('does not exist unless it is configured, and then nothing moves', async () => {
    const fake = fakeHost();
    await runService(plain, fake.host);
    for (const path of ['/health', '/ready', '/livez', '/readyz', '/metrics'])
      assert.equal(await statusOf(fake.url() + path), 200, path);
    assert.equal(await statusOf(`${fake.url()}/log-level`), 404);
    assert.doesNotMatch(fake.state.out, /also listening/);
    fake.emit('SIGTERM');
    await fake.exited();
  });

  it('answers from before the service is built until it is gone, and reports its state', async () => {
    const fake = fakeHost({ ADMIN_PORT: '0', SHUTDOWN_DELAY_MS: '0' });
    const building = Promise.withResolvers<void>();
    const answering = Promise.withResolvers<void>();
    let asked = false;
    const running = runService(
      {
        ...plain,
        async setup({ app }) {
          app.get('/slow', async () => {
            asked = true;
            await answering.promise;
            return {};
          });
          await building.promise;
        },
      },
      fake.host,
    );
    await waitUntil('operators can ask', () => fake.state.out.includes('also listening'));
    const state = async (): Promise<unknown> =>
      ((await (await fetch(`${adminUrl(fake)}/ready`)).json()) as Body)['failing'];
    assert.deepEqual(await state(), ['starting']);
    assert.equal(await statusOf(`${adminUrl(fake)}/livez`), 200);
    building.resolve();
    await running;
    assert.equal(await state(), undefined);
    const slow = fetch(`${fake.url()}/slow`);
    await waitUntil('it has work', () => asked);
    fake.emit('SIGTERM');
    assert.deepEqual(await state(), ['draining']);
    assert.equal(await statusOf(`${adminUrl(fake)}/metrics`), 200);
    answering.resolve();
    assert.equal((await slow).status, 200);
    assert.equal(await fake.exited(), 0);
    await assert.rejects(fetch(`${adminUrl(fake)}/health`));
  });

  it('does not delay a stop, even with open connections', async () => {
    const fake = fakeHost({ ADMIN_PORT: '0', DRAIN_TIMEOUT_MS: '60s' });
    await runService(plain, fake.host);
    // Fetch keeps the connection for its next request, as scrapers do.
    assert.equal(await statusOf(`${adminUrl(fake)}/metrics`), 200);
    fake.emit('SIGTERM');
    assert.equal(await fake.exited(), 0);
    assert.match(fake.state.out, /"failures":0/);
  });

  it('shows the log level, and changes it for a while', async () => {
    const fake = fakeHost({ ADMIN_PORT: '0' });
    const clock = new FakeClock();
    await runService(plain, fake.host, { clock });
    const url = `${adminUrl(fake)}/log-level`;
    const ask = async (init?: RequestInit): Promise<unknown> => (await fetch(url, init)).json();
    assert.deepEqual(await ask(), { level: 'info', configured: 'info' });
    const until = new Date(clock.now() + 600_000).toISOString();
    assert.deepEqual(await ask(put({ level: 'debug' })), { level: 'debug', configured: 'info', until });
    clock.advance(599_999);
    assert.equal(((await ask()) as Body)['level'], 'debug');
    clock.advance(1);
    assert.deepEqual(await ask(), { level: 'info', configured: 'info' });
    // A further change takes the place of the one before, with its end; the configured level ends it.
    await ask(put({ level: 'trace', for_ms: 1_000 }));
    await ask(put({ level: 'error', for_ms: 5_000 }));
    clock.advance(1_000);
    assert.equal(((await ask()) as Body)['level'], 'error');
    assert.deepEqual(await ask(put({ level: 'info' })), { level: 'info', configured: 'info' });
    clock.advance(5_000);
    fake.emit('SIGUSR2');
    assert.deepEqual(await ask(), { level: 'debug', configured: 'info' });
    fake.emit('SIGTERM');
    await clock.advanceAsync(10_000);
    await fake.exited();
  });

  it('refuses unknown input, and requests that a foreign page could make a browser send', async () => {
    const fake = fakeHost({ ADMIN_PORT: '0', ALLOWED_ORIGINS: 'https://app.example.com' });
    await runService(plain, fake.host);
    const url = `${adminUrl(fake)}/log-level`;
    const refused = [
      [put({ level: 'loud' }), 400],
      [put({}), 400],
      [put({ level: 'debug', for_ms: 0 }), 400],
      [put({ level: 'debug', for_ms: 86_400_001 }), 400],
      [put({ level: 'debug', for: 1 }), 400],
      [put({ level: 'debug' }, { 'content-type': 'text/plain' }), 415],
      [put({ level: 'debug' }, { origin: 'https://evil.example' }), 403],
      // Who may call the service may not for that reason change how it runs.
      [put({ level: 'debug' }, { origin: 'https://app.example.com' }), 403],
      [{ method: 'POST' }, 405],
    ] as const;
    for (const [init, status] of refused) assert.equal(await statusOf(url, init), status, JSON.stringify(init));
    // Nor is it told to set what would not help.
    const page = await fetch(url, put({ level: 'debug' }, { origin: 'https://app.example.com' }));
    assert.match(String(((await page.json()) as Body)['detail']), /app\.example\.com\. Pages can never.* curl\.$/);
    assert.equal(await statusWithHost(`${adminUrl(fake)}/metrics`, 'rebound.example'), 421);
    assert.deepEqual(await (await fetch(url)).json(), { level: 'info', configured: 'info' });
    fake.emit('SIGTERM');
    await fake.exited();
  });

  it('with a port that is taken or used twice, or an address of another machine, ends the start with exit code 78', async () => {
    const held = await heldPort();
    let built = false;
    const setup = (): void => void (built = true);
    const taken = fakeHost({ ADMIN_PORT: String(held.port) });
    await runService({ ...plain, setup }, taken.host);
    assert.deepEqual(taken.state.exits, [78]);
    assert.match(taken.state.err, new RegExp(`^test-service cannot start: port ${held.port} is in use`));
    assert.match(taken.state.err, /Set ADMIN_PORT \(or --admin-port\) to another port/);
    held.close();
    const same = fakeHost({ ADMIN_PORT: '8001', SERVER_PORT: '8001' });
    await runService({ ...plain, setup }, same.host);
    assert.deepEqual(same.state.exits, [78]);
    assert.match(same.state.err, /ADMIN_PORT and SERVER_PORT are both 8001/);
    const nowhere = fakeHost({ ADMIN_PORT: '0', ADMIN_HOST: '192.0.2.7' });
    await runService({ ...plain, setup }, nowhere.host);
    assert.deepEqual(nowhere.state.exits, [78]);
    assert.match(nowhere.state.err, /no address "192\.0\.2\.7".\nSet ADMIN_HOST \(or --admin-host\)/);
    assert.equal(built, false);
  });
});

type Body = Readonly<Record<string, unknown>>;
