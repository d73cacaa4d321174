import { FIELD_ID_COUNT, fieldNameId } from '../fields/field-names.ts';

/**
 * Names that mean nothing after the body, since they decide on framing, routing, credentials, the connection or the reading
 * of the content, which were decided before it (RFC 9110 section 6.5.1). They are dropped: nobody after us can take them for
 * more.
 */
const FORBIDDEN: readonly string[] = [
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'proxy-connection', 'upgrade'],
  ...['te', 'trailer', 'expect', 'max-forwards', 'http2-settings', 'authorization', 'proxy-authorization'],
  ...['proxy-authenticate', 'www-authenticate', 'cookie', 'set-cookie', 'content-encoding', 'content-type'],
  ...['content-range', 'cache-control', 'via', 'forwarded', 'x-forwarded-for', 'x-forwarded-proto'],
  ...['x-forwarded-host', 'x-forwarded-port', 'x-real-ip'],
];

/** By id of a name: 1 when a field with it is no trailer. Names without an id share the 0 and may. */
export const FORBIDDEN_TRAILERS: Uint8Array = (() => {
  const table = new Uint8Array(FIELD_ID_COUNT);
  for (const name of FORBIDDEN) table[fieldNameId(name)] = 1;
  // A name that is missing in the table of usual names would forbid every unknown one.
  if (table[0] === 1) throw new Error('Every forbidden trailer must be in the table of usual names.');
  return table;
})();
