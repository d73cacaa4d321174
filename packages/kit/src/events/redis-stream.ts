import { type RedisReply, type RedisScript, redisScript } from '../redis/index.ts';

/*
 * A stream holds the events of one service. The id of an entry is `<position>-0`, so none can be there twice; its fields are the
 * name of the feed and the event as JSON. A lease beside it names the instance that relays.
 */

/** The key of a service's stream, as `flotilla:events:user-service`. */
export function streamKey(service: string): string {
  return `flotilla:events:${service}`;
}

/** The key of the lease beside it. */
export function leaseKey(service: string): string {
  return `${streamKey(service)}:relay`;
}

/** The position of the last entry, if it is of the feed `name`: a Lua function. */
const lastOf = `
local function lastOf(name)
  local entry = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if not entry then return '' end
  if entry[2][1] ~= 'feed' or entry[2][2] ~= name then return '' end
  return string.match(entry[1], '^%d+')
end`;

/** Takes the lease: ARGV is a token, how many milliseconds it lasts, and the feed. Returns the last position, or 'other'. */
export const takeScript: RedisScript = redisScript(
  'relay.take',
  `${lastOf}
local owner = redis.call('GET', KEYS[2])
if owner and owner ~= ARGV[1] then return 'other' end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return lastOf(ARGV[3])`,
);

/** Keeps the lease of the token ARGV[1] for ARGV[2] milliseconds; 0: gives it back. */
export const keepScript: RedisScript = redisScript(
  'relay.keep',
  `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[2]) else redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return 1`,
);

/**
 * Appends events: ARGV is the token, the feed, the position after which they come ('' for none), how many entries to keep, and
 * pairs of position and JSON. Returns 'done'; 'other' if another instance relays; 'moved' if the stream ends elsewhere. The
 * stream of another feed is replaced.
 */
export const appendScript: RedisScript = redisScript(
  'relay.append',
  `${lastOf}
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 'other' end
local last = lastOf(ARGV[2])
if last ~= ARGV[3] then return 'moved' end
if last == '' then redis.call('DEL', KEYS[1]) end
for i = 5, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], ARGV[i] .. '-0', 'feed', ARGV[2], 'event', ARGV[i + 1])
end
return 'done'`,
);

/** An entry of a stream. */
export interface StreamEntry {
  readonly position: number;
  readonly feed: string;
  readonly json: string;
}

/** The entries of a reply; undefined if one was written by somebody else. */
export function readEntries(reply: RedisReply): readonly StreamEntry[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  const entries: StreamEntry[] = [];
  for (const entry of reply as readonly RedisReply[]) {
    if (!Array.isArray(entry)) return undefined;
    const [id, fields] = entry as readonly RedisReply[];
    const position = /^([1-9]\d{0,15})-0$/.exec(String(id))?.[1];
    if (position === undefined || !Array.isArray(fields)) return undefined;
    const [feedName, feed, eventName, json] = fields as readonly RedisReply[];
    if (feedName !== 'feed' || eventName !== 'event' || typeof feed !== 'string' || typeof json !== 'string')
      return undefined;
    entries.push({ position: Number(position), feed, json });
  }
  return entries;
}
