import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnProgram } from '@flotilla/testing';
import { freePorts } from './free-ports.ts';
import { nodeName, type Peer } from './peer.ts';

/** Starts our registry as a program of its own, on loopback, with its data in `folder`. */
export async function startOurs(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Peer> {
  const [http = 0, dns = 0] = await freePorts(2);
  mkdirSync(folder, { recursive: true });
  const program = await spawnProgram({
    entry: join(import.meta.dirname, '../../apps/service-registry/src/main.ts'),
    env: {
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: `${http}`,
      DNS_PORT: `${dns}`,
      DATABASE_URL: `sqlite:${join(folder, 'registry.db')}`,
      CONSUL_DATACENTER: 'dc1',
      CONSUL_NODE: nodeName,
      LOG_LEVEL: 'info',
      ...env,
    },
  });
  return {
    url: `http://127.0.0.1:${http}`,
    port: http,
    dnsPort: dns,
    async restart() {
      await program.kill();
      await program.start();
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
