/**
 * The methods that are let through: those of the IANA registry and of WebDAV that common servers know. A method that a
 * server behind us does not know ends in its parser, so it is answered here.
 */
const METHODS: ReadonlyMap<string, string> = new Map(
  [
    ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'],
    ...['ACL', 'BIND', 'CHECKOUT', 'COPY', 'LINK', 'LOCK', 'MERGE', 'MKACTIVITY', 'MKCALENDAR', 'MKCOL', 'MOVE'],
    ...['PROPFIND', 'PROPPATCH', 'PURGE', 'REBIND', 'REPORT', 'SEARCH', 'UNBIND', 'UNLINK', 'UNLOCK'],
  ].map((method) => [method, method]),
);

/** The shared string of the method that is the first `length` characters of the text, or `undefined` if it is not known. */
export function knownMethod(text: string, length: number): string | undefined {
  if (length === 3 && text.charCodeAt(0) === 0x47 && text.charCodeAt(1) === 0x45 && text.charCodeAt(2) === 0x54) {
    return 'GET';
  }
  return METHODS.get(text.substring(0, length));
}
