import { createHash } from 'node:crypto';
import type { RedisScript } from './redis.ts';

/** Makes a script of Lua code. `name`: what it does, for spans and metrics: `cache.fill`. */
export function redisScript(name: string, lua: string): RedisScript {
  // Redis names scripts by their SHA-1; nothing depends on its strength.
  return { name, lua, sha: createHash('sha1').update(lua).digest('hex') };
}
