import { type RedisScript, redisScript } from '../redis/index.ts';

/*
 * What a key holds: `v|<epoch>|<shape>|<JSON>`, a value; `l|<token>`, the lease of a reader who is loading it; or
 * `w|<token>@<time>;…`, the writes that are under way, each with the time in milliseconds when it no longer counts. Anything else
 * was written by somebody else, and counts as nothing.
 */

const readKey = `
local held = redis.pcall('GET', KEYS[1])
if type(held) ~= 'string' then held = '' end`;

/** The writes under way, without those whose time is over, and without ARGV[1]. */
const readWrites = `${readKey}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local writes = ''
if string.sub(held, 1, 2) == 'w|' then
  for token, till in string.gmatch(held, '(%w+)@(%d+);') do
    if token ~= ARGV[1] and tonumber(till) > now then writes = writes .. token .. '@' .. till .. ';' end
  end
end`;

/**
 * Takes a lease: ARGV is the beginning of a value that can be used, a token, and how many milliseconds the lease lasts. Returns
 * 'leased', or what the key holds if that is a value, a lease or a write.
 */
export const leaseScript: RedisScript = redisScript(
  'cache.lease',
  `${readKey}
local kind = string.sub(held, 1, 2)
if kind == 'l|' or kind == 'w|' or string.sub(held, 1, #ARGV[1]) == ARGV[1] then return held end
redis.call('SET', KEYS[1], 'l|' .. ARGV[2], 'PX', ARGV[3])
return 'leased'`,
);

/** Puts a value where the lease is: ARGV is the token, the value, and how many milliseconds to keep it. */
export const fillScript: RedisScript = redisScript(
  'cache.fill',
  `${readKey}
if held == 'l|' .. ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end
return 0`,
);

/** Gives the lease of the token ARGV[1] back. */
export const releaseScript: RedisScript = redisScript(
  'cache.release',
  `${readKey}
if held == 'l|' .. ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`,
);

/** Begins a write: ARGV is its token, and after how many milliseconds it no longer counts. Whatever the key held is gone. */
export const beginWriteScript: RedisScript = redisScript(
  'cache.begin-write',
  `${readWrites}
local till = string.format('%.0f', now + ARGV[2])
redis.call('SET', KEYS[1], 'w|' .. writes .. ARGV[1] .. '@' .. till .. ';', 'PX', ARGV[2])
return 1`,
);

/** Ends the write of the token ARGV[1]: the key holds nothing after it, except other writes that are under way. */
export const endWriteScript: RedisScript = redisScript(
  'cache.end-write',
  `${readWrites}
if writes == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], 'w|' .. writes, 'KEEPTTL') end
return 1`,
);
