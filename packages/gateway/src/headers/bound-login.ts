import { fieldNameId } from '@flotilla/http1';
import type { HeaderList } from './header-list.ts';

const authorization = fieldNameId('authorization');
const challenges = [fieldNameId('www-authenticate'), fieldNameId('proxy-authenticate')] as const;

/**
 * The schemes whose logins belong to the connection they came on, against RFC 9110, 11.2: after one, all that comes on
 * the connection is taken to be the user's. They stand at the beginning of an element of a list. A comma within quotes is
 * taken for the end of one, too: a connection that is taken to be bound and is not costs a little, the reverse a user.
 */
const boundScheme = /(?:^|,)[ \t]*(?:ntlm|negotiate|nego2|kerberos)(?=[ \t,]|$)/i;

/** Whether a request brings credentials that will be bound to the upstream's connection. */
export function bringsBoundLogin(headers: HeaderList, ids: readonly number[]): boolean {
  for (let index = 0; index < ids.length; index++) {
    if (ids[index] === authorization && isBound(headers[index * 2 + 1] ?? '')) return true;
  }
  return false;
}

/** Whether a response asks for a login that will be bound to its connection. */
export function asksForBoundLogin(fields: HeaderList, ids: readonly number[]): boolean {
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index];
    if ((id === challenges[0] || id === challenges[1]) && isBound(fields[index * 2 + 1] ?? '')) return true;
  }
  return false;
}

/** Most values are a long token of another scheme: those are known by their first letter, and that they are no list. */
export function isBound(value: string): boolean {
  const first = value[0];
  if (first !== 'N' && first !== 'n' && first !== 'K' && first !== 'k' && !value.includes(',')) return false;
  return boundScheme.test(value);
}
