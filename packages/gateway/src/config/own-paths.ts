/** What the gateway answers itself, before any route is looked at. */
export const ownPaths = ['/health', '/ready', '/livez', '/readyz', '/metrics'] as const;
export type OwnPath = (typeof ownPaths)[number];
