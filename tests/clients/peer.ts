import { startConsul } from '@flotilla/conformance/registries';

/** A server that is asked at `url`, and can be killed and started again with what it knew. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where it answers DNS queries. */
  readonly dnsPort: number;
  restart(): Promise<void>;
}

/** The name of the node in both: it is in answers. */
export const nodeName = 'consul-of-a-test';

/** A real Consul, durable and soon a leader. */
export async function startRealConsul(path: string): Promise<Peer> {
  const consul = await startConsul({ path, durable: true, config: 'performance { raft_multiplier = 1 }' });
  const { url, port, dnsPort } = consul;
  return {
    url,
    port,
    dnsPort,
    async restart() {
      await consul.stop();
      await consul.start();
    },
    [Symbol.asyncDispose]: () => consul[Symbol.asyncDispose](),
  };
}
