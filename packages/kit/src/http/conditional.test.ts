import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { serveApp } from '@flotilla/testing/http';
import { readPrecondition, tagAnswer } from './conditional.ts';

test('a read with the current tag is 304 without a body; any other read gets everything', async (t) => {
  const served = await serveApp((app) => {
    app.get('/thing', { onSend: tagAnswer }, async (_request, reply) => reply.header('link', '<n>').send({ a: 1 }));
    app.get('/none', { onSend: tagAnswer }, async (_request, reply) => reply.code(204).send());
  });
  t.after(() => served.close());
  const first = await served.ask('GET', '/thing');
  const tag = first.headers.get('etag') ?? '';
  assert.match(tag, /^"[\w-]+"$/);
  for (const condition of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await served.ask('GET', '/thing', undefined, { 'if-none-match': condition });
    assert.equal(again.status, 304, condition);
    assert.equal(again.body, undefined);
    assert.equal(again.headers.get('etag'), tag);
    assert.equal(again.headers.get('content-type'), null);
    assert.equal(again.headers.get('link'), '<n>', 'what a cache would update its copy with');
  }
  for (const condition of ['"other"', tag.slice(1), 'x'])
    assert.equal((await served.ask('GET', '/thing', undefined, { 'if-none-match': condition })).status, 200);
  const head = await served.ask('HEAD', '/thing', undefined, { 'if-none-match': tag });
  assert.equal(head.status, 304);
  assert.equal((await served.ask('HEAD', '/thing')).headers.get('etag'), tag);
  assert.equal((await served.ask('GET', '/none')).headers.get('etag'), null);
});

test('a write without the fields has no condition, and an invalid field is refused', () => {
  assert.equal(readPrecondition({}), undefined);
  assert.deepEqual(readPrecondition({ 'if-none-match': '*' }), { match: '*', noneMatch: '*' });
  assert.deepEqual(readPrecondition({ 'if-match': '"a"' }), {
    match: [{ weak: false, opaque: '"a"' }],
    noneMatch: [],
  });
  for (const headers of [{ 'if-match': 'a' }, { 'if-none-match': '' }])
    assert.throws(
      () => readPrecondition(headers),
      (error) => isAppError(error) && error.code === 'INVALID_REQUEST',
    );
});
