import { ForeseenError } from '@flotilla/contracts';

/**
 * Why Redis did not do something: `away`: there is no connection, or it broke meanwhile; `late`: no reply in time; `refused`: the
 * reply is an error.
 */
export type RedisFailure = 'away' | 'late' | 'refused';

/** Redis did not do what it was asked. Whether it has done it all the same is unknown, unless it refused. */
export class RedisError extends ForeseenError {
  override readonly name = 'RedisError';
  readonly kind: RedisFailure;

  constructor(kind: RedisFailure, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The first word of an error reply, such as `WRONGPASS`: the rest, and the command, may hold what nobody else should see. */
export function replyCode(error: Error): string {
  // What a script may not do has no code of its own, in the words of Redis 7.2 and of older ones.
  if (/^ERR (?:ACL failure in script\b|The user executing the script can't\b)/.test(error.message)) return 'NOPERM';
  return /^[A-Z][A-Z0-9_]*(?=\s|$)/.exec(error.message)?.[0] ?? 'ERR';
}

/** Whether `error` is an error reply of Redis, and not one of the connection. */
export function isReply(error: Error): boolean {
  return error.name === 'ReplyError';
}

/** Describes why there is no connection, for `/ready` and the log; without anything that may be secret. */
export function describeFailure(error: Error, tls: boolean = false): string {
  if (isReply(error)) return describeReply(replyCode(error), error.message);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error instanceof RedisError ? error.message : 'the connection broke';
  if (code === 'ETIMEDOUT' && tls) return 'it does not answer; if it does not speak TLS, use redis:// (ETIMEDOUT)';
  if (code === 'ECONNRESET' && !tls) return 'it closes the connection; if it speaks TLS, use rediss:// (ECONNRESET)';
  const known = connectionFailures.get(code);
  return known === undefined ? `the connection failed (${code})` : `${known} (${code})`;
}

const connectionFailures: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens at the address of REDIS_URL'],
  ['ENOTFOUND', 'the host of REDIS_URL is unknown'],
  ['EAI_AGAIN', 'the host of REDIS_URL cannot be looked up now'],
  ['ETIMEDOUT', 'the address of REDIS_URL does not answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted; name its authority with ?cacert=<file>'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted; name its authority with ?cacert=<file>'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted; name its authority with ?cacert=<file>'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host than that of REDIS_URL'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS; use redis:// instead of rediss://'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'it does not speak TLS; use redis:// instead of rediss://'],
]);

function describeReply(code: string, message: string): string {
  switch (code) {
    case 'WRONGPASS':
      return 'it refuses the user or password of REDIS_URL (WRONGPASS)';
    case 'NOAUTH':
      return 'it wants a password, and REDIS_URL has none (NOAUTH)';
    case 'NOPERM': {
      const command = /to run the '([a-z|]{1,40})' command/i.exec(message)?.[1];
      return command === undefined
        ? 'the user of REDIS_URL lacks a right that is needed; the guide to the cache lists them (NOPERM)'
        : `the user of REDIS_URL may not run ${command} (NOPERM)`;
    }
    case 'READONLY':
      return 'it is a replica, which cannot be written to (READONLY)';
    case 'LOADING':
      return 'it is still loading its data (LOADING)';
    default:
      if (/index is out of range/i.test(message)) return 'it has no database of the number in REDIS_URL';
      if (/invalid password/i.test(message)) return 'it refuses the password of REDIS_URL';
      return `it answers with an error (${code})`;
  }
}
