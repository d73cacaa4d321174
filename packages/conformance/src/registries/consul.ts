import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@flotilla/testing';
import { type Engine, engineCache, findProgram } from './engine.ts';
import { ForeignProcess } from './foreign-process.ts';

/**
 * HashiCorp's Consul: on `PATH`, or Debian 11's package unpacked beside the system, which holds the last version that
 * Debian had.
 */
export function findConsul(): Engine {
  return findProgram('consul', [join(engineCache, 'consul', 'usr', 'bin', 'consul')]);
}

/** How a Consul is started. */
export interface ConsulOptions {
  /** Of {@link findConsul}. */
  readonly path: string;
  /** Whether it knows after a restart what it knew before. Default false: `-dev`, all in memory. */
  readonly durable?: boolean;
  /** What its configuration says beside, as HCL. */
  readonly config?: string;
  /** Turns on ACLs that deny everything without this token. */
  readonly token?: string;
}

/** A real Consul agent on loopback, a server by itself. */
export interface RunningConsul extends AsyncDisposable {
  /** Its HTTP API, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly dnsPort: number;
  /** Kills it. */
  stop(): Promise<void>;
  /** Starts it again on the same ports. */
  start(): Promise<void>;
}

/** Starts a Consul on free ports, and waits until it has a leader and itself in its catalogue. */
export async function startConsul({ path, durable = false, config, token }: ConsulOptions): Promise<RunningConsul> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-consul-'));
  const [port = 0, dnsPort = 0, server = 0, lan = 0, wan = 0] = await Promise.all(
    Array.from({ length: 5 }, () => freePort()),
  );
  const url = `http://127.0.0.1:${port}`;
  const ports = { http: port, dns: dnsPort, server, serf_lan: lan, serf_wan: wan, grpc: -1, https: -1 };
  const hcl = (value: object): string[] => ['-hcl', JSON.stringify(value)];
  const consul = new ForeignProcess({
    path,
    args: [
      'agent',
      ...(durable ? ['-server', '-bootstrap', '-data-dir', folder] : ['-dev']),
      ...['-bind=127.0.0.1', '-client=127.0.0.1', '-node=consul-of-a-test', '-log-level=warn'],
      ...hcl({ ports, disable_update_check: true, limits: { http_max_conns_per_client: 5_000 } }),
      ...(config === undefined ? [] : ['-hcl', config]),
      ...(token === undefined ? [] : hcl({ acl: aclOf(token) })),
    ],
    readyWithinMs: 30_000,
    isReady: () => isReady(url, token),
  });
  await consul.start();
  return {
    url,
    port,
    dnsPort,
    stop: () => consul.stop(),
    start: () => consul.start(),
    async [Symbol.asyncDispose]() {
      await consul[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function aclOf(token: string): object {
  return { enabled: true, default_policy: 'deny', tokens: { master: token, agent: token } };
}

async function isReady(url: string, token: string | undefined): Promise<boolean> {
  const init = token === undefined ? {} : { headers: { 'x-consul-token': token } };
  try {
    const leader = await (await fetch(`${url}/v1/status/leader`, init)).text();
    const own = await (await fetch(`${url}/v1/health/service/consul`, init)).text();
    return leader.includes(':') && own.includes('serfHealth');
  } catch {
    return false;
  }
}
