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
