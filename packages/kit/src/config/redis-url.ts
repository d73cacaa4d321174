import type { Reading } from '@flotilla/contracts';
import { newSetting, type Setting } from './setting.ts';

/** Where a Redis is, read from `REDIS_URL`. */
export interface RedisLocation {
  readonly host: string;
  readonly port: number;
  /** Whether to use TLS: `rediss://`. */
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The number of the database, from the path of the URL. */
  readonly database: number;
  /** A file with the certificates to trust instead of Node's own, from `?cacert=`; only with TLS. */
  readonly caFile: string | undefined;
}

const example = 'redis://127.0.0.1:6379';
const defaultPort = 6379;

/** Redis has 16 databases unless it is told otherwise; more than this many is a mistake. */
const highestDatabase = 9_999;

/** Reads a `REDIS_URL`: `redis://host`, `rediss://user:password@host:6380/1`. No problem it reports shows the text. */
export function readRedisUrl(raw: string): Reading<RedisLocation> {
  const scheme = /^(rediss?):\/\//i.exec(raw)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const problem = /^[^\s/]+:\d+(?:\/.*)?$/.test(raw)
      ? 'is only a host and port; write a URL'
      : 'does not begin with redis:// or rediss://';
    return { ok: false, problem };
  }
  const url = URL.parse(raw);
  if (url === null || url.hostname === '') {
    const problem = raw.includes('@')
      ? 'is not a URL with a valid host and port; write characters such as @ / : # % of the password as %40 %2F %3A %23 %25'
      : 'is not a URL with a valid host and port';
    return { ok: false, problem };
  }
  if (url.port === '0') return { ok: false, problem: 'has the port 0; name the port that Redis listens on' };
  const database = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
  if (database === undefined || Number(database) > highestDatabase)
    return { ok: false, problem: 'has a path that is not the number of a database, such as /1' };
  const parameters = [...url.searchParams.keys()];
  if (parameters.some((name) => name !== 'cacert') || url.hash !== '')
    return { ok: false, problem: 'has parameters after the path; only ?cacert=<file> is known' };
  const caFile = url.searchParams.get('cacert');
  const tls = scheme === 'rediss';
  if (caFile !== null && (!tls || caFile === ''))
    return { ok: false, problem: 'has ?cacert=, which names a file and needs rediss://' };
  const [username, password] = [plain(url.username), plain(url.password)];
  if (username === null || password === null)
    return { ok: false, problem: 'has a % in its user or password that is not followed by two hex digits; write %25' };
  return {
    ok: true,
    value: {
      // An IPv6 address has brackets only in URLs.
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? defaultPort : Number(url.port),
      tls,
      username: username === '' ? undefined : username,
      password: password === '' ? undefined : password,
      database: Number(database),
      caFile: caFile ?? undefined,
    },
  };
}

/** Where Redis is, from a `REDIS_URL` that the configuration has accepted. Throws an `Error` for any other text. */
export function redisLocation(redisUrl: string): RedisLocation {
  const reading = readRedisUrl(redisUrl);
  if (!reading.ok) throw new Error(`The URL of Redis ${reading.problem}`);
  return reading.value;
}

/** `REDIS_URL`: checked here, kept as text. */
export function redisUrl(options: { readonly describe: string; readonly local: string }): Setting<string | undefined> {
  return newSetting<string | undefined>(
    {
      expects: 'a URL that begins with redis:// or rediss://',
      standsAlone: false,
      read(raw) {
        const reading = readRedisUrl(raw);
        return reading.ok ? { ok: true, value: raw } : reading;
      },
    },
    { ...options, optional: true, example },
  );
}

/** The text without percent encoding; null if that is wrong. */
function plain(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
