import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { fakeHost } from '@flotilla/conformance';
import type { Registrar } from '@flotilla/contracts';
import { waitUntil } from '@flotilla/testing';
import { ExportTraceServiceRequestSchema, type Span } from '../otlp/index.ts';
import type { ServiceDefinition } from './definitions.ts';
import { runService } from './run-service.ts';

const definition: ServiceDefinition = {
  name: 'cart-service',
  defaultPort: 0,
  setup: ({ app }) => void app.get('/carts', () => ({})),
};

async function listening(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  // A server on TCP has an address of this kind once it listens.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Collector {
  readonly url: string;
  readonly spans: readonly Span[];
  /** The versions of the programs that sent them. */
  readonly versions: ReadonlySet<unknown>;
}

/** Takes spans by OTLP/HTTP. */
async function collector(t: TestContext): Promise<Collector> {
  const spans: Span[] = [];
  const versions = new Set<unknown>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { resourceSpans } = fromBinary(ExportTraceServiceRequestSchema, Buffer.concat(parts));
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      for (const { resource } of resourceSpans)
        versions.add(resource?.attributes.find(({ key }) => key === 'service.version')?.value?.value.value);
      response.end();
    });
  });
  t.after(() => server.closeAllConnections());
  return { url: await listening(t, server), spans, versions };
}

/** The environment of a program that sends nothing but traces. */
function tracesTo(url: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    LOG_FORMAT: 'json',
    ...env,
  };
}

describe('the telemetry of a program', () => {
  it('loses nothing when the program stops right after a request', async (t) => {
    const { url, spans } = await collector(t);
    const program = fakeHost(tracesTo(url));
    await runService(definition, program.host);
    await fetch(`${program.url()}/carts`);
    await waitUntil('the request is logged', () => program.state.out.includes('"path":"/carts"'));
    program.emit('SIGTERM');
    assert.equal(await program.exited(), 0);
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['GET /carts'],
    );
    // The line of the request leads to its span.
    const spanId = Buffer.from(spans[0]?.spanId ?? []).toString('hex');
    assert.match(program.state.out, new RegExp(`"spanId":"${spanId}"`));
  });

  it('names the version that the registration names', async (t) => {
    const { url, versions } = await collector(t);
    const program = fakeHost(tracesTo(url));
    await runService({ ...definition, registration: { metadata: { version: '1.2.0' } } }, program.host);
    await fetch(`${program.url()}/carts`);
    assert.match(await (await fetch(`${program.url()}/metrics`)).text(), /target_info\{[^}]*service_version="1\.2\.0"/);
    program.emit('SIGTERM');
    assert.equal(await program.exited(), 0);
    assert.deepEqual([...versions], ['1.2.0']);
  });

  it('names the version of its package where the registration names none, and registers it', async (t) => {
    const { url, versions } = await collector(t);
    const program = fakeHost(tracesTo(url));
    const registered: unknown[] = [];
    const registrar: Registrar = {
      register({ metadata }) {
        registered.push(metadata);
        return { acknowledged: Promise.resolve(), report() {}, handOver() {}, deregister: async () => undefined };
      },
    };
    const started = { ...program.host, argv: ['node', import.meta.filename] };
    await runService({ ...definition, registrar: () => registrar }, started);
    await fetch(`${program.url()}/carts`);
    program.emit('SIGTERM');
    assert.equal(await program.exited(), 0);
    const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }; // Our own.
    assert.deepEqual(registered, [{ version }]);
    assert.deepEqual([...versions], [version]);
  });

  it('delays neither a request nor a start, and the program stops all the same, when nothing answers', async (t) => {
    const sockets: { destroy(): void }[] = [];
    const hanging = createTcpServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    const program = fakeHost(tracesTo(await listening(t, hanging)));
    await runService(definition, program.host);
    for (let request = 0; request < 600; request += 1)
      assert.equal((await fetch(`${program.url()}/carts`)).status, 200);
    // More than a batch: spans are on their way, and nobody has taken them.
    assert.ok(sockets.length > 0);
    program.emit('SIGTERM');
    // How long it waits for them is tested with a clock of its own, in start-telemetry.test.ts.
    assert.equal(await program.exited(), 0);
  });

  it('warns once when nobody listens, and the program works and stops as ever', async () => {
    const program = fakeHost(tracesTo('http://127.0.0.1:1', { OTEL_BSP_SCHEDULE_DELAY: '1' }));
    await runService(definition, program.host);
    for (let request = 0; request < 3; request += 1) await fetch(`${program.url()}/carts`);
    const { text } = { text: await (await fetch(`${program.url()}/metrics`)).text() };
    assert.match(text, /otel_exporter_dropped_total\{signal="traces"\}/);
    program.emit('SIGTERM');
    assert.equal(await program.exited(), 0);
    assert.equal(program.state.out.split('cannot send traces').length - 1, 1);
  });

  it('starts with whatever the variables say, warns of what is wrong, and shows no secret', async () => {
    const program = fakeHost(
      tracesTo('gopher://x', {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://user:hunter2@127.0.0.1:1/v1/traces',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'smoke signals',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2,a b=hunter2,hunter2',
        OTEL_TRACES_SAMPLER: 'sometimes',
        OTEL_BSP_MAX_QUEUE_SIZE: 'many',
        OTEL_RESOURCE_ATTRIBUTES: 'x',
        OTEL_PROPAGATORS: 'tracecontext,b3',
        OTEL_SDK_DISABLED: 'yes',
      }),
    );
    await runService(definition, program.host);
    await fetch(`${program.url()}/carts`);
    program.emit('SIGTERM');
    assert.equal(await program.exited(), 0);
    const { out } = program.state;
    const warned = [
      'PROTOCOL',
      'HEADERS',
      'SAMPLER',
      'MAX_QUEUE_SIZE',
      'RESOURCE_ATTRIBUTES',
      'PROPAGATORS',
      'DISABLED',
    ];
    for (const name of warned) assert.match(out, new RegExp(`"level":"warn".*OTEL_[A-Z_]*${name}`), name);
    assert.doesNotMatch(out, /hunter2/);
  });

  it('is off without an endpoint, when it is disabled, and when nothing would be kept', async (t) => {
    const { url, spans } = await collector(t);
    for (const env of [
      { LOG_FORMAT: 'json' },
      tracesTo(url, { OTEL_SDK_DISABLED: 'TRUE' }),
      tracesTo(url, { OTEL_TRACES_EXPORTER: 'none' }),
      tracesTo(url, { OTEL_TRACES_SAMPLER: 'always_off' }),
    ]) {
      const program = fakeHost(env);
      let enabled: boolean | undefined;
      await runService({ ...definition, setup: (context) => void (enabled = context.tracer.enabled) }, program.host);
      assert.equal(enabled, false);
      program.emit('SIGTERM');
      assert.equal(await program.exited(), 0);
    }
    assert.deepEqual(spans, []);
  });
});
