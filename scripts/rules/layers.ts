/**
 * The folders of a package (or app) below its `src`, lowest first. A folder may import only folders named before it.
 * Files directly in `src` stand on top of all folders, except those named here (with `.ts`), which have the place they
 * are named in. `.oxlintrc.json` is generated from this table; a folder that is missing in it fails `npm run lint`.
 */
export const layerTable: Readonly<Record<string, readonly string[]>> = {
  'packages/http1': ['bytes', 'reasons', 'fields', 'head', 'body', 'serialise', 'conformance'],
  'packages/kit': [
    'config',
    'host',
    'logger',
    'problem',
    'sqlite',
    'resource',
    'health',
    'telemetry',
    'workers',
    'client',
    'calling',
    'http',
    'service',
  ],
  'packages/registry': [
    'store',
    'lease',
    'watch',
    'catalog',
    'write',
    'state',
    'registry.ts',
    'registry-metrics.ts',
    'http',
  ],
  'packages/registry-client': ['retry', 'transport', 'discovery', 'registration', 'flotilla'],
  'packages/gateway': [
    'config',
    'target',
    'headers',
    'routes',
    'attempt',
    'balance',
    'upstream',
    'exchange',
    'engine',
    'aggregate',
    'local',
    'socket-engine',
  ],
  'packages/testing': ['fake-clock.ts', 'wait-until.ts', 'http', 'cluster', 'conformance', 'tls'],
  'apps/cli': ['plan', 'ports', 'output', 'supervise', 'arguments', 'up'],
  'apps/order-service': ['migrations', 'store', 'routes'],
  'apps/user-service': ['migrations', 'store', 'routes'],
};
