import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldNameId } from '@flotilla/http1';
import { asksForBoundLogin, bringsBoundLogin, isBound } from './bound-login.ts';

const idsOf = (fields: readonly string[]): number[] =>
  fields.flatMap((name, at) => (at % 2 === 0 ? [fieldNameId(name.toLowerCase())] : []));

for (const [value, bound] of [
  ['NTLM', true],
  ['ntlm TlRMTVNTUAABAAAA', true],
  ['Negotiate', true],
  ['nEGOTIATE YIIabc==', true],
  ['Kerberos', true],
  ['Nego2', true],
  ['Basic realm="a", NTLM', true],
  ['Basic realm="a",\tNegotiate , Digest realm="b"', true],
  ['Digest realm="a", nonce="b", Negotiate YII=', true],
  ['Basic realm="a b, NTLM', true],
  ['Basic realm="NTLM"', false],
  ['Basic TlRMTSBOZWdvdGlhdGU=', false],
  ['Bearer realm="a", error="b"', false],
  ['Bearer NTLM', false],
  ['NTLMv3 x', false],
  ['Negotiated', false],
  ['Digest realm="a", negotiate="b"', false],
  ['', false],
] as const) {
  test(`${JSON.stringify(value)} is ${bound ? '' : 'not '}a login bound to its connection`, () => {
    assert.equal(isBound(value), bound);
  });
}

test('every field of that name counts, and no other', () => {
  const fields = ['Server', 'NTLM', 'WWW-Authenticate', 'Basic realm="x"', 'WWW-Authenticate', 'Negotiate'];
  assert.equal(asksForBoundLogin(fields, idsOf(fields)), true);
  assert.equal(asksForBoundLogin(fields.slice(0, 4), idsOf(fields.slice(0, 4))), false);
  assert.equal(asksForBoundLogin(['proxy-authenticate', 'NTLM'], idsOf(['proxy-authenticate', ''])), true);
  const request = ['Host', 'h', 'X-Scheme', 'NTLM', 'authorization', 'ntlm TlRM'];
  assert.equal(bringsBoundLogin(request, idsOf(request)), true);
  assert.equal(bringsBoundLogin(request.slice(0, 4), idsOf(request.slice(0, 4))), false);
});
