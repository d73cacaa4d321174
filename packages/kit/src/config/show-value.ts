/** Also in the form of other tools: `Server=h;Password=secret`. */
const secretParameters = /((?:^|[?&;])[^=&;#]*(?:password|passwd|pwd|secret|token|key)[^=&;#]*=)[^&;#]*/gi;
/** What stands where a port does, and is none: the password of a URL whose host was left out. */
const noPort = /(:\/\/[^/?#@:[\]]*:)(?!\d{1,5}(?:[/?#,]|$))[^/?#]+/;

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
  if (at < 0) return masked.replace(noPort, '$1***');
  const start = masked.includes('://') ? masked.indexOf('://') + 3 : 0;
  const colon = masked.indexOf(':', start);
  if (colon < 0 || colon > at) return masked;
  return `${masked.slice(0, colon + 1)}***${masked.slice(at)}`;
}
