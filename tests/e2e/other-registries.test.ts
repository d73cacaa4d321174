// The programs with registries that are not ours: what callers of the gateway see is the same, whatever kind it has.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findConsul, findEureka, startConsul, startEureka } from '@flotilla/conformance/registries';
import { freePort, type Program, spawnProgram } from '@flotilla/testing';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';

/** A registry that a test may kill and start again. */
interface Registry {
  /** What services have as `REGISTRY_URL`. */
  readonly url: string;
  /** What the gateway has. */
  readonly gatewayUrl: string;
  /** Whether it has forgotten who was registered when it is back. */
  readonly forgets: boolean;
  /** The lease of services. Default 3 s: the next heartbeat, which a registry that has forgotten them waits for, comes soon. */
  readonly lease?: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

function program(
  t: TestContext,
  folder: string,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const started = spawnProgram({
    entry: fileURLToPath(new URL(`../../apps/${name}/src/main.ts`, import.meta.url)),
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: {
      ...{ SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', GRPC_PORT: '0', LOG_FORMAT: 'json', MAX_WORKERS: '1' },
      DATABASE_URL: `sqlite:${join(folder, `${Math.random()}.db`)}`,
      ...env,
    },
  });
  t.after(async () => (await started).kill());
  return started;
}

function says(program: Program, text: string): Promise<void> {
  return eventually(`it says ${text}`, () => program.stdout.includes(text));
}

async function servesOver(t: TestContext, registry: Registry): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-kinds-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { lease = '3s' } = registry;
  // Neither waits for the other, nor for the registry's next answer.
  const gateway = await program(t, folder, 'gateway', { REGISTRY_URL: registry.gatewayUrl });
  const first = await program(t, folder, 'user-service', { REGISTRY_URL: registry.url, LEASE_MS: lease });
  const status = async (): Promise<number> => (await ask(`${gateway.url}/api/user/?id=1`)).status;
  const isServed = async (when: string): Promise<void> => {
    for (let calls = 0; calls < 20; calls += 1) {
      const { status, text } = await ask(`${gateway.url}/api/user/?id=1`);
      assert.equal(status, 200, `${when}, call ${calls}: ${text}\n${gateway.stdout}\n${second.stdout}`);
    }
  };
  await eventually('a registration reaches the gateway', async () => (await status()) === 200);

  const second = await program(t, folder, 'user-service', { REGISTRY_URL: registry.url, LEASE_MS: lease });
  await says(second, '"msg":"registered"');
  await first.kill('SIGTERM');
  await eventually('a deregistration reaches it too', async () => (await status()) === 200);
  await isServed('after a deregistration');

  await registry.stop();
  await isServed('while the registry is away');
  await registry.start();
  if (registry.forgets) await says(second, '"msg":"registered again: the registry no longer knew this instance"');
  await isServed('after its return');

  await second.kill('SIGTERM');
  await eventually('nobody is left', async () => (await status()) === 503);
  assert.equal(second.stderr, '');
}

const consul = findConsul();

test('programs find each other through a real Consul, over a restart that it forgets everything in', {
  skip: consul.kind === 'missing' ? consul.reason : false,
}, async (t) => {
  assert.ok(consul.kind === 'found');
  await using server = await startConsul({ path: consul.path });
  const url = `consul+http://127.0.0.1:${server.port}`;
  await servesOver(t, { url, gatewayUrl: url, forgets: true, stop: () => server.stop(), start: () => server.start() });
});

test("programs find each other through Consul's names in DNS", {
  skip: consul.kind === 'missing' ? consul.reason : false,
}, async (t) => {
  assert.ok(consul.kind === 'found');
  await using server = await startConsul({
    path: consul.path,
    durable: true,
    // A leader soon.
    config: 'performance { raft_multiplier = 1 }',
  });
  await servesOver(t, {
    url: `consul+http://127.0.0.1:${server.port}`,
    gatewayUrl: `dns://127.0.0.1:${server.dnsPort}/{service}.service.consul`,
    forgets: false,
    // Consul keeps what it knew, and with it how long ago it heard of an instance: longer than it needs to come back.
    lease: '60s',
    stop: () => server.stop(),
    start: () => server.start(),
  });
});

const eureka = findEureka();

test('programs find each other through a real Eureka server, over a restart that it forgets everything in', {
  skip: eureka.kind === 'missing' ? eureka.reason : false,
}, async (t) => {
  assert.ok(eureka.kind === 'found');
  await using server = await startEureka({ path: eureka.path });
  const url = `eureka+${server.url}`;
  await servesOver(t, { url, gatewayUrl: url, forgets: true, stop: () => server.stop(), start: () => server.start() });
});

for (const [prefix, path] of [
  ['flotilla+', ''],
  ['consul+', ''],
  ['eureka+', '/eureka'],
  ['dns', ''],
] as const)
  test(`programs find each other through our registry as ${prefix}${path}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-kinds-'));
    const [port, dnsPort] = [await freePort(), await freePort()];
    const env = { SERVER_PORT: String(port), DNS_PORT: String(dnsPort) };
    const registry = await program(t, folder, 'service-registry', env);
    t.after(() => rmSync(folder, { recursive: true }));
    const own = `http://127.0.0.1:${port}`;
    const names = `dns://127.0.0.1:${dnsPort}/{service}.service.consul`;
    const url = prefix === 'dns' ? own : `${prefix}${own}${path}`;
    await servesOver(t, {
      ...{ url, gatewayUrl: prefix === 'dns' ? names : url, forgets: false },
      stop: async () => void (await registry.kill()),
      start: () => registry.start(),
    });
  });
