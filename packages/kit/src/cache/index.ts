export type { Cache, CachedKind, EndWrite } from './cache.ts';
export { type CacheContext, cacheOfService, type ServiceCacheParts } from './cache-of-service.ts';
export { cacheTables } from './cache-table.ts';
export { beginWriteIn, cachedRecords } from './cached-records.ts';
export { directCache } from './direct-cache.ts';
export { type CacheOptions, openCache } from './open-cache.ts';
