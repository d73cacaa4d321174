import type { SetupFailure } from '../setup-failure.ts';

const failures: ReadonlyMap<string, SetupFailure> = new Map([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
    'EPIPE',
    'ENOENT',
    'EACCES',
    'EPERM',
    'ERR_SOCKET_CLOSED',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_WRITE_AFTER_END',
  ].map((code) => [code, 'unreachable'] as const),
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-name'],
  ...[
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_UNTRUSTED',
    'CERT_SIGNATURE_FAILURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'INVALID_CA',
    'INVALID_PURPOSE',
  ].map((code) => [code, 'tls-untrusted'] as const),
]);

/** What a code of the system, or of TLS, says about a server; undefined: nothing. */
export function systemFailure(code: string | undefined): SetupFailure | undefined {
  if (code === undefined) return undefined;
  return failures.get(code) ?? (code.startsWith('ERR_SSL_') || code === 'EPROTO' ? 'other-server' : undefined);
}
