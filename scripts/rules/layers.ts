import type { Import } from './imports.ts';

/**
 * What stands in a folder, lowest first: its folders, and files that are named with `.ts`. Each may import only what is
 * named before it; files that are not named stand on top of all. Tests may look at everything.
 */
export const layerTable: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts/src': ['clock.ts', 'foreseen-error.ts', 'json', 'time', 'http-client'],
  'packages/http1/src': ['bytes', 'reasons', 'fields', 'head', 'body', 'serialise', 'conformance'],
  'packages/kit/src': [
    'scheduling',
    'sources',
    'config',
    'host',
    'liveness',
    'output',
    'guard',
    'logger',
    'problem',
    'resource',
    'telemetry',
    'database',
    'health',
    'otlp',
    'idempotency',
    'redis',
    'cache',
    'central',
    'workers',
    'client',
    'calling',
    'api',
    'http',
    'openapi',
    'grpc',
    'exporting',
    'events',
    'admin',
    'service',
  ],
  'packages/kit/src/database': [
    'database-setup-error.ts',
    'unique-violation.ts',
    'setup-failure.ts',
    'migration.ts',
    'compare-migrations.ts',
    'database-kind.ts',
    'statement-watch.ts',
    'migrating',
    'sqlite',
    'server',
    'postgres',
    'mysql',
  ],
  'packages/kit/src/otlp': ['generated'],
  'packages/kit/src/grpc': ['generated', 'wire', 'errors', 'server', 'requests', 'client'],
  'packages/registry/src': [
    'access',
    'record',
    'store',
    'lease',
    'watch',
    'catalog',
    'write',
    'keys',
    'trail',
    'guard',
    'state',
    'health',
    'operations',
    'registry.ts',
    'registry-metrics.ts',
    'admission',
    'http',
    'consul',
    'eureka',
    'dns',
  ],
  'packages/registry/src/consul': [
    'base',
    'filter',
    'shapes',
    'agent',
    'catalog',
    'health',
    'kv',
    'session',
    'cluster',
  ],
  'packages/registry/src/health': ['schedule', 'probe', 'verdict'],
  'packages/registry-client/src': [
    'urls',
    'retry',
    'registry-kind.ts',
    'http',
    'discovery',
    'registration',
    'central',
    'list',
    'flotilla',
    'consul',
    'eureka',
    'dns',
  ],
  'packages/gateway/src': [
    'balance',
    'config',
    'target',
    'headers',
    'attempt',
    'health',
    'upstream',
    'exchange',
    'engine',
    'policy',
    'routes',
    'aggregate',
    'local',
    'documents',
    'socket-engine',
  ],
  'packages/gateway/src/socket-engine': ['time', 'memory', 'sides', 'upstream', 'exchange', 'client', 'http2', 'tls'],
  'packages/fleet/src': ['config', 'plan', 'ports', 'supervise', 'register', 'run', 'control', 'watch'],
  'packages/dashboard/src': [
    'wire',
    'store',
    'collector',
    'queries',
    'telemetry',
    'sources',
    'alerts',
    'actions',
    'server',
  ],
  // `page-table.ts`, which names the pages, and `main.tsx` stand on top.
  'apps/dashboard/pages/src': ['styles', 'i18n', 'browser', 'api', 'app', 'ui', 'shell', 'overview'],
  'packages/testing/src': [
    'fake-clock.ts',
    'recording-logger.ts',
    'wait-until.ts',
    'net',
    'http',
    'upstream',
    'expectations',
    'faults',
    'cluster',
    'fleet',
  ],
  'packages/conformance/src': [
    'collect-garbage.ts',
    'recording-tracer.ts',
    'raw-client.ts',
    'raw-request.ts',
    'fake-candidates.ts',
    'fake-connection.ts',
    'fake-discovery.ts',
    'raw-upstream.ts',
    'served-registry.ts',
    'openapi',
    'http',
    'store',
    'cluster',
    'suites',
    'registries',
    'databases',
    'tls',
    'grpc',
    'protocols',
  ],
  // Messages are made of what HTTP speaks of.
  'packages/user-contract/src': [
    'user-paths.ts',
    'user-errors.ts',
    'email.ts',
    'user.ts',
    'user-api.ts',
    'user-client.ts',
    'grpc',
  ],
  'packages/order-contract/src': ['order-paths.ts', 'order-errors.ts', 'order.ts', 'grpc'],
  'apps/cli/src': ['output', 'arguments', 'help', 'up', 'running', 'inspect', 'registry', 'verbs'],
  'apps/order-service/src': ['migrations', 'store', 'use-cases', 'orders.ts', 'routes', 'grpc'],
  'apps/user-service/src': ['migrations', 'store', 'users.ts', 'routes', 'grpc'],
};

/** Imports of `path` that lead up in the layering of a folder around it. */
export function* upwardImports(path: string, imports: readonly Import[]): Generator<string> {
  for (const [folder, layers] of Object.entries(layerTable)) {
    const own = childOf(folder, path);
    if (own === undefined) continue;
    for (const { line, target } of imports) {
      const other = childOf(folder, target);
      if (other === undefined || other === own || heightOf(layers, other) <= heightOf(layers, own)) continue;
      yield `${path}:${line}: ${own} is below ${other} in ${folder}: move what both need to a lower folder`;
    }
  }
}

/** The folder or file directly in `folder` through which the way to `path` leads. */
function childOf(folder: string, path: string): string | undefined {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split('/', 1)[0] : undefined;
}

function heightOf(layers: readonly string[], child: string): number {
  const at = layers.indexOf(child);
  return at < 0 ? layers.length : at;
}
