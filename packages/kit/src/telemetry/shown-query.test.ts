import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownQuery } from './shown-query.ts';

test('a query is shown without its secrets, however their names are written', () => {
  assert.equal(
    shownQuery('a=1&Access_Token=x&to%6ben=y&X-Amz-Signature=z&b&c=%zz&%zz=1&api-key='),
    'a=1&Access_Token=REDACTED&to%6ben=REDACTED&X-Amz-Signature=REDACTED&b&c=%zz&%zz=1&api-key=REDACTED',
  );
  assert.equal(shownQuery(`a=1&token=${'x'.repeat(600)}`), 'a=1&token=REDACTED');
});

test('what only has to be shown to be used is not shown: codes of OAuth, keys, answers of SAML, signatures', () => {
  assert.equal(
    shownQuery('code=a&state=b&SAMLResponse=c&client_assertion=d&id_token_hint=e&key=f&sig=g&access_token=h&page=2'),
    'code=REDACTED&state=b&SAMLResponse=REDACTED&client_assertion=REDACTED&id_token_hint=REDACTED&key=REDACTED&sig=REDACTED&access_token=REDACTED&page=2',
  );
});
