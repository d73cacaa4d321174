import { Session } from 'node:inspector/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerEach, FakeDiscovery, RawClient, rawUpstream } from '@flotilla/conformance';
import { createGateway, createSocketEngine } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import { repository } from './documents.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
const request = 'GET /ship/1 HTTP/1.1\r\nHost: gateway.example\r\n\r\n';

/** The files of the gateway and the codec that run for one proxied GET, on connections that stand. */
export async function filesPassedByGet(): Promise<readonly string[]> {
  await using upstream = await rawUpstream(answerEach(ok));
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  discovery.set('ship', [{ id: 'ship-0', address: upstream.address, port: upstream.port }]);
  const sink = { write: () => undefined };
  const gateway = createGateway({
    config: { routes: [{ kind: 'proxy', match: '/ship/', service: 'ship' }] },
    createEngine: createSocketEngine,
    logger: createLogger({ service: 'gateway', instance: 'test', format: 'json', stdout: sink, stderr: sink }),
    metrics: createMetrics(),
    health: createHealth({ clock }),
    discovery,
    clock,
  });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  using client = await RawClient.connect(port);
  const session = new Session();
  session.connect();
  try {
    const ask = async (): Promise<void> => {
      client.send(request);
      await client.response();
      // What belongs to the request and is done after its answer.
      await new Promise(setImmediate);
    };
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await ask();
    await ask();
    await session.post('Profiler.takePreciseCoverage');
    await ask();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ran = result.filter(({ functions }) => functions.some(({ ranges }) => ranges.some(({ count }) => count > 0)));
    return ran
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => relative(repository, fileURLToPath(url)).replaceAll(sep, '/'))
      .filter((path) => /^packages\/(?:gateway|http1)\/src\//.test(path))
      .sort();
  } finally {
    session.disconnect();
    await gateway.close();
  }
}
