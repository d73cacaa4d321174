/** How a call failed before a whole answer was there. */
export type CallFailure =
  /** No request can be made of what was given: a bad address, scheme, method, field or body. A mistake in the caller. */
  | { readonly kind: 'unsendable'; readonly cause: unknown }
  /** No connection: nothing listens, no route, or the name is unknown. Nothing was sent, so trying elsewhere is safe. */
  | { readonly kind: 'refused'; readonly cause: unknown }
  /** The connection broke after the request was sent, or while it was. The peer may have acted on it. */
  | { readonly kind: 'reset'; readonly cause: unknown }
  /** The deadline of the whole call passed. The peer may have acted on it. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** The caller's own signal was aborted. */
  | { readonly kind: 'cancelled'; readonly cause: unknown }
  /** An answer came that is no HTTP, too large, no JSON, or not what was promised. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly cause: unknown };

const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);

/** What the TLS handshake fails with, the check of the certificate included: the request was not sent yet. */
const tlsFailure = /^(?:CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA)/;

/** The one place where Node's network errors get our words. */
export function mapNetworkError(error: unknown): CallFailure {
  const code = codeOf(error);
  if (notConnected.has(code) || tlsFailure.test(code)) return { kind: 'refused', cause: error };
  if (code.startsWith('HPE_')) return { kind: 'invalid', reason: 'the answer is not valid HTTP', cause: error };
  return { kind: 'reset', cause: error };
}

function codeOf(error: unknown): string {
  // With several addresses to try, Node gathers one error for each.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
