import { createHash } from 'node:crypto';
import type { RedisScript } from './redis.ts';

/** Makes a script of Lua code. */
export function redisScript(lua: string): RedisScript {
  // Redis names scripts by their SHA-1; nothing depends on its strength.
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}
