import { createGateway, createSocketEngine } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeDiscovery, type TemporaryCertificate, watchedEngine } from '@flotilla/testing';

/** A gateway in real time in front of one server: everything is passed on as it is. */
export interface PeerGateway extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Of HTTPS, with a certificate. */
  readonly secureUrl: string;
  /** Statuses of the requests so far. */
  readonly statuses: readonly number[];
}

export async function peerGateway(upstreamPort: number, certificate?: TemporaryCertificate): Promise<PeerGateway> {
  const discovery = new FakeDiscovery();
  discovery.set('peer', [{ id: 'peer-0', address: '127.0.0.1', port: upstreamPort }]);
  const nowhere = { write: () => undefined };
  const watched = watchedEngine(createSocketEngine);
  const gateway = createGateway({
    config: {
      routes: [{ kind: 'proxy', match: '/', service: 'peer', bodyLimitBytes: 0 }],
      trustedProxies: ['127.0.0.1'],
    },
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
