import { FakeDiscovery, type TemporaryCertificate, watchedEngine } from '@flotilla/conformance';
import { createGateway, createSocketEngine, type GatewayConfig } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';

/** A gateway in real time in front of one server: unless a test has other routes, everything is passed on as it is. */
export interface PeerGateway extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Of HTTPS, with a certificate. */
  readonly secureUrl: string;
  /** Where it finds instances; the server is the service `peer`. */
  readonly discovery: FakeDiscovery;
  /** Statuses of the requests so far. */
  readonly statuses: readonly number[];
}

const passOnAll: GatewayConfig = {
  routes: [{ kind: 'proxy', match: '/', service: 'peer', bodyLimitBytes: 0 }],
  trustedProxies: ['127.0.0.1'],
};

export async function peerGateway(
  upstreamPort: number,
  certificate?: TemporaryCertificate,
  config: GatewayConfig = passOnAll,
): Promise<PeerGateway> {
  const discovery = new FakeDiscovery();
  discovery.set('peer', [{ id: 'peer-0', address: '127.0.0.1', port: upstreamPort }]);
  const nowhere = { write: () => undefined };
  const watched = watchedEngine(createSocketEngine);
  const gateway = createGateway({
    config,
    discovery,
    createEngine: watched.createEngine,
    logger: createLogger({ service: 'gateway', instance: 'peers', format: 'json', stdout: nowhere, stderr: nowhere }),
    metrics: createMetrics(),
    health: createHealth(),
    ...(certificate === undefined
      ? {}
      : { tls: { port: 0, certFile: certificate.certFile, keyFile: certificate.keyFile } }),
  });
  const { port, tlsPort } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    discovery,
    secureUrl: `https://127.0.0.1:${tlsPort}`,
    get statuses() {
      return watched.records.map(({ status }) => status);
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      watched.verify();
    },
  };
}
