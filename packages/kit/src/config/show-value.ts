const secretParameters = /([?&][^=&#]*(?:password|passwd|secret|token|key)[^=&#]*=)[^&#]*/gi;

/** `value` as it may be shown: secrets as `***`, also a password inside a URL; long values cut. */
export function showValue(value: unknown, secret: boolean): string {
  if (value === undefined) return '(not set)';
  if (secret) return '***';
  const shown = typeof value === 'string' ? maskPassword(value) : JSON.stringify(value);
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}

/** Hides the password of a URL, or of what looks like one: a mistyped URL must not put it in a log. */
export function maskPassword(value: string): string {
  const masked = value.replace(secretParameters, '$1***');
  if (URL.canParse(masked) && masked.includes('://')) {
    const { username, password } = new URL(masked);
    if (username === '' && password === '') return masked;
  }
  const at = masked.lastIndexOf('@');
  const start = masked.includes('://') ? masked.indexOf('://') + 3 : 0;
  const colon = masked.indexOf(':', start);
  if (at < 0 || colon < 0 || colon > at) return masked;
  return `${masked.slice(0, colon + 1)}***${masked.slice(at)}`;
}
