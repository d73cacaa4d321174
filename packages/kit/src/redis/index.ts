export { openRedis, type RedisOptions } from './open-redis.ts';
export type { Redis, RedisReply, RedisScript } from './redis.ts';
export { RedisError, type RedisFailure } from './redis-error.ts';
export { type RedisContext, redisOfService } from './redis-of-service.ts';
export { redisScript } from './redis-script.ts';
