/** What operators ask of the gateway itself. */
export const operatorsPaths = ['/flotilla/routes', '/flotilla/upstreams', '/flotilla/explain'] as const;
export type OperatorsPath = (typeof operatorsPaths)[number];

export type OwnPath = '/health' | '/ready' | '/livez' | '/readyz' | '/metrics' | OperatorsPath;
/** What the gateway answers itself, before any route is looked at. */
export const ownPaths: readonly OwnPath[] = ['/health', '/ready', '/livez', '/readyz', '/metrics', ...operatorsPaths];
