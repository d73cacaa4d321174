import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../e2e/support/eventually.ts';
import { Server } from '../engine/programs.ts';
import { freePorts } from './free-ports.ts';
import type { Peer } from './peer.ts';

/** Starts a real Consul as a durable server of its own, on loopback, with its data in `folder`. */
export async function startConsul(consul: string, folder: string, node = 'replay'): Promise<Peer> {
  const [http = 0, dns = 0, server = 0, lan = 0, wan = 0] = await freePorts(5);
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const ports = [`-http-port=${http}`, `-dns-port=${dns}`, `-server-port=${server}`, `-serf-lan-port=${lan}`];
  const args = [
    ...['agent', '-server', '-bootstrap-expect=1', `-node=${node}`, '-bind=127.0.0.1', '-client=127.0.0.1'],
    ...[...ports, `-serf-wan-port=${wan}`, `-data-dir=${data}`],
    ...['-hcl', 'performance { raft_multiplier = 1 }', '-hcl', 'limits { http_max_conns_per_client = 1000 }'],
    ...['-hcl', 'disable_update_check = true'],
  ];
  const url = `http://127.0.0.1:${http}`;
  const start = async (): Promise<Server> => {
    const started = new Server(consul, args);
    await started.accepting(http);
    // A leader, and its own node in the catalog.
    await eventually('Consul is ready', async () =>
      (await textOf(`${url}/v1/health/node/${node}`)).includes('serfHealth'),
    );
    return started;
  };
  let running = await start();
  return {
    url,
    port: http,
    dnsPort: dns,
    async restart() {
      await running[Symbol.asyncDispose]();
      running = await start();
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function textOf(url: string): Promise<string> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).text();
  } catch {
    return '';
  }
}
