/**
 * What the suite of the Go client starts as `consul`: reads the configuration of `consul agent -config-file FILE` and
 * becomes our registry, with its ports, data and names, or, where `SUITE_CONSUL` says where it is, a real Consul.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What we read of the configuration. */
interface AgentConfig {
  readonly node_name: string;
  readonly node_id: string;
  readonly node_meta?: Readonly<Record<string, string>>;
  readonly data_dir: string;
  readonly datacenter?: string;
  readonly bind_addr: string;
  readonly ports: { readonly http: number; readonly dns: number };
}

/** What the suite sets for today's Consul, and an old one refuses. */
const newerSettings = ['peering', 'audit', 'version', 'experiments', 'locality', 'segments'];

const [command, option, file] = process.argv.slice(2);
if (command !== 'agent' || option !== '-config-file' || file === undefined) {
  console.error(
    `This stands in for "consul agent -config-file FILE" only, not for: ${process.argv.slice(2).join(' ')}`,
  );
  process.exit(64);
}
const text = readFileSync(file, 'utf8');
const real = process.env['SUITE_CONSUL'];
if (real === undefined) becomeOurs(text);
else becomeReal(real, file, text);

function becomeOurs(configuration: string): void {
  // Written by the suite, or the start fails on it.
  const config = JSON.parse(configuration) as AgentConfig;
  const main = join(import.meta.dirname, '../../../apps/service-registry/src/main.ts');
  process.execve?.(process.execPath, [process.execPath, main], {
    ...process.env,
    SERVER_HOST: config.bind_addr,
    SERVER_PORT: `${config.ports.http}`,
    DNS_PORT: `${config.ports.dns}`,
    DATABASE_URL: `sqlite:${join(config.data_dir, 'registry.db')}`,
    CONSUL_DATACENTER: config.datacenter ?? 'dc1',
    CONSUL_NODE: config.node_name,
    CONSUL_NODE_ID: config.node_id,
    CONSUL_NODE_META: Object.entries(config.node_meta ?? {})
      .map((pair) => pair.join('='))
      .join(','),
    LOG_LEVEL: 'debug',
  });
}

function becomeReal(consul: string, path: string, configuration: string): void {
  const config = JSON.parse(configuration) as Record<string, unknown>;
  const known = Object.entries(config).filter(([name]) => !newerSettings.includes(name));
  const older = `${path}.older.json`;
  writeFileSync(older, JSON.stringify({ ...Object.fromEntries(known), limits: { http_max_conns_per_client: 1_000 } }));
  process.execve?.(consul, [consul, 'agent', '-config-file', older]);
}
