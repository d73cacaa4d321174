import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { fakeHost } from '@flotilla/conformance';
import type { Registrar, Registration } from '@flotilla/contracts';
import type { FurtherServers, ProgramServer, ServiceContext, ServiceDefinition } from './definitions.ts';
import { placeOf, registrationOf } from './registration.ts';
import { runService } from './run-service.ts';

const steps: string[] = [];

/** Speaks no protocol at all, which is as much as the chassis needs to know. */
function lineServer({ listen }: ServiceContext): ProgramServer {
  const server = createServer((socket) => socket.end('hello\n'));
  return {
    listen: (where) => listen(server, where),
    async drain() {
      steps.push('drain lines');
      server.close();
    },
    close: async () => void steps.push('close lines'),
  };
}

function registrarInto(seen: Registration[]): Registrar {
  return {
    register(registration) {
      seen.push(registration);
      return { acknowledged: Promise.resolve(), report() {}, handOver() {}, deregister: () => Promise.resolve() };
    },
  };
}

function withLines(seen: Registration[], returned?: FurtherServers): ServiceDefinition {
  return {
    name: 'test-service',
    defaultPort: 0,
    registrar: () => registrarInto(seen),
    registration: { metadata: { zone: 'a' } },
    servers: { lines: { defaultPort: 0, describe: 'TCP port for lines' } },
    setup: (context) => returned ?? { lines: lineServer(context) },
  };
}

describe('a service with a further server', () => {
  it('has a setting for its port, registers it, drains and closes it', async () => {
    const seen: Registration[] = [];
    const fake = fakeHost({ ADMIN_PORT: '0' });
    await runService(withLines(seen), fake.host);
    const listening = fake.state.out.split('\n').filter((line) => line.includes('also listening'));
    const ports = listening.map((line) => {
      const { server, url, address } = JSON.parse(line) as Readonly<Record<string, string>>; // Our own log line.
      return [server, new URL(url ?? `http://${address}`).port];
    });
    assert.deepEqual(
      ports.map(([server]) => server),
      ['admin', 'lines'],
    );
    const [admin, lines] = ports.map(([, port]) => port);
    assert.deepEqual(seen[0]?.metadata, { zone: 'a', lines_port: lines, admin_port: admin });
    assert.equal(seen[0]?.port, Number(new URL(fake.url()).port));
    fake.emit('SIGTERM');
    assert.equal(await fake.exited(), 0);
    assert.deepEqual(steps, ['drain lines', 'close lines']);
  });

  it('leaves a server without a default port off until its setting names one', async () => {
    const off = { ...withLines([]), servers: { lines: { defaultPort: undefined, describe: 'TCP port for lines' } } };
    for (const [env, expected] of [
      [{}, false],
      [{ LINES_PORT: '0' }, true],
    ] as const) {
      const fake = fakeHost(env);
      await runService(off, fake.host);
      assert.equal(fake.state.out.includes('also listening'), expected);
      fake.emit('SIGTERM');
      assert.equal(await fake.exited(), 0);
    }
  });

  it('shows the setting in its help, and refuses an invalid port or that of another server', async () => {
    const help = fakeHost({}, ['--help']);
    await runService(withLines([]), help.host);
    assert.match(help.state.out, /--lines-port +LINES_PORT +0 +TCP port for lines; 0 picks a free port/);
    for (const [env, expected] of [
      [{ LINES_PORT: 'x' }, /LINES_PORT/],
      [{ LINES_PORT: '8001', SERVER_PORT: '8001' }, /LINES_PORT and SERVER_PORT are both 8001/],
    ] as const) {
      const fake = fakeHost(env);
      await runService(withLines([]), fake.host);
      assert.deepEqual(fake.state.exits, [78]);
      assert.match(fake.state.err, expected);
    }
  });

  it('reports a mismatch between its definition and its setup', async () => {
    const missing = fakeHost();
    await runService(withLines([], {}), missing.host);
    assert.deepEqual(missing.state.exits, [1]);
    assert.match(missing.state.err, /The setup returned no server \\"lines\\"/);
    const more = fakeHost();
    const server: ProgramServer = {
      listen: () => Promise.reject(new Error('unused')),
      drain: async () => {},
      close: async () => {},
    };
    await runService(withLines([], { lines: server, grpc: server }), more.host);
    assert.match(more.state.err, /does not declare: grpc/);
    const taken: ServiceDefinition = { ...withLines([]), servers: { admin: { defaultPort: 1, describe: 'x' } } };
    await assert.rejects(runService(taken, fakeHost().host), /"admin" is not a valid server name/);
  });
});

describe('the registered ports of a program', () => {
  it('are only those that callers of its address can reach', () => {
    const server: ProgramServer = {
      listen: () => Promise.reject(new Error('unused')),
      drain: async () => {},
      close: async () => {},
    };
    const settings = { host: 'SERVER_HOST', port: 'SERVER_PORT' };
    const bound = (name: string, host: string, port: number) =>
      ({ name, host, port, server, settings, serves: 'callers', at: { address: host, port } }) as const;
    const servers = [bound('admin', '127.0.0.1', 9100), bound('http', '0.0.0.0', 8001), bound('grpc', '0.0.0.0', 9001)];
    assert.deepEqual(placeOf({ address: '10.0.0.5' }, servers), {
      address: '10.0.0.5',
      port: 8001,
      ports: { grpc: 9001 },
    });
    assert.deepEqual(placeOf({ address: '127.0.0.1' }, servers).ports, { admin: 9100, grpc: 9001 });
    assert.equal(placeOf({ address: '10.0.0.5', port: 18_001 }, servers).port, 18_001, 'what maps ports is told of');
    const context = { config: {}, instance: 'a-1' } as unknown as ServiceContext; // Nothing else is read.
    const registration = registrationOf({ name: 'a' }, context, { address: '10.0.0.5', port: 8001, ports: {} });
    assert.deepEqual(registration, { name: 'a', id: 'a-1', address: '10.0.0.5', port: 8001 });
  });

  it('leave no room for the version of a program that says as much as the registry takes', () => {
    const context = { config: {}, instance: 'a-1' } as unknown as ServiceContext; // Nothing else is read.
    const place = { address: '10.0.0.5', port: 8001, ports: { grpc: 9001 } };
    const metadataOf = (count: number) => {
      const metadata = Object.fromEntries(Array.from({ length: count }, (_, index) => [`entry-${index}`, '']));
      return registrationOf({ name: 'a', registration: { metadata } }, context, place, '1.2.3').metadata ?? {};
    };
    assert.deepEqual([metadataOf(62)['version'], Object.keys(metadataOf(62)).length], ['1.2.3', 64]);
    assert.deepEqual([metadataOf(63)['version'], Object.keys(metadataOf(63)).length], [undefined, 64]);
    const own = { name: 'a', registration: { metadata: { version: 'own' } } };
    assert.equal(registrationOf(own, context, place, '1.2.3').metadata?.['version'], 'own');
  });
});
