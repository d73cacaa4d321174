import { isSecretName } from '../logger/secret-name.ts';

/** What signed URLs, and the steps of OAuth, OpenID Connect and SAML, carry, in the form in which names are compared. */
const credentials: ReadonlySet<string> = new Set([
  'awsaccesskeyid',
  'signature',
  'sig',
  'xgoogsignature',
  'xamzsignature',
  'xamzsecuritytoken',
  'xamzcredential',
  'xgoogcredential',
  'code',
  'codeverifier',
  'assertion',
  'clientassertion',
  'idtokenhint',
  'samlrequest',
  'samlresponse',
  'ticket',
  'jwt',
  'key',
  'otp',
  'pwd',
  'sessionid',
  'sid',
]);

/** Longer ones are cut: nobody reads them, and callers choose them. */
const maxLength = 500;

/** The query of a URL for a span, without `?`: values whose names say that they are secret are `REDACTED`. */
export function shownQuery(query: string): string {
  const cut = query.slice(0, maxLength);
  // A secret ends with its value, so one that is cut is still found by its name.
  return cut.replaceAll(/([^&=]+)=([^&]*)/g, (whole, name: string) => (isSecret(name) ? `${name}=REDACTED` : whole));
}

function isSecret(name: string): boolean {
  const plain = decoded(name);
  return isSecretName(plain) || credentials.has(plain.toLowerCase().replaceAll(/[-_]/g, ''));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
