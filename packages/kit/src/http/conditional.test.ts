import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { serveApp } from '@flotilla/testing/http';
import { entityTag, matchesStrongly, matchesWeakly, readTags } from '../resource/entity-tag.ts';
import { tagAnswer, writeIfUnchanged } from './conditional.ts';

test('a condition is any, a list of tags, or nothing that can be read', () => {
  assert.equal(readTags(' * '), '*');
  assert.deepEqual(readTags('"a", W/"b,c" ,, ""'), [
    { weak: false, opaque: '"a"' },
    { weak: true, opaque: '"b,c"' },
    { weak: false, opaque: '""' },
  ]);
  for (const bad of ['', 'a', '"a', 'w/"a"', '"a" "b"', '"a",b', '*, "a"', '"a b"', '"a\u0000"'])
    assert.equal(readTags(bad), undefined, bad);
});

test('reading a condition takes time in proportion to its length', () => {
  const long = `${'"a" ,\t'.repeat(20_000)}x`;
  assert.equal(readTags(long), undefined);
});

test('a weak tag serves for reading, never for writing', () => {
  const tag = entityTag('{}');
  assert.equal(matchesWeakly(readTags(`W/${tag}`), tag), true);
  assert.equal(matchesStrongly(readTags(`W/${tag}`), tag), false);
  assert.equal(matchesStrongly(readTags(`"x", ${tag}`), tag), true);
  assert.equal(matchesStrongly('*', tag), true);
});

test('a read with the tag of what is there is 304 without a body; any other read has all of it', async (t) => {
  const served = await serveApp((app) => {
    app.get('/thing', { onSend: tagAnswer }, async (_request, reply) => reply.header('link', '<n>').send({ a: 1 }));
    app.get('/none', { onSend: tagAnswer }, async (_request, reply) => reply.code(204).send());
  });
  t.after(() => served.close());
  const first = await served.ask('GET', '/thing');
  const tag = first.headers.get('etag') ?? '';
  assert.match(tag, /^"[\w-]{22}"$/);
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

test('a write under a condition compares twice: what is read, and in the store', async () => {
  const current = { id: 1, name: 'A' };
  const tag = entityTag(JSON.stringify(current));
  const expectations: unknown[] = [];
  const guarded = (headers: Record<string, string>, stillThere = true): Promise<string | undefined> =>
    writeIfUnchanged(headers, {
      read: async () => current,
      show: (record) => record,
      write: async (expected) => {
        expectations.push(expected);
        return stillThere ? 'written' : undefined;
      },
    });
  assert.equal(await guarded({}), 'written');
  assert.equal(await guarded({}, false), undefined);
  assert.equal(await guarded({ 'if-match': tag }), 'written');
  assert.deepEqual(expectations, [undefined, undefined, current]);
  const failed = (code: string) => (error: unknown) => isAppError(error) && error.code === code;
  await assert.rejects(guarded({ 'if-match': tag }, false), failed('PRECONDITION_FAILED'));
  await assert.rejects(guarded({ 'if-match': `W/${tag}` }), failed('PRECONDITION_FAILED'));
  await assert.rejects(guarded({ 'if-none-match': '*' }), failed('PRECONDITION_FAILED'));
  await assert.rejects(guarded({ 'if-match': tag.replaceAll('"', '') }), failed('INVALID_REQUEST'));
  assert.equal(expectations.length, 4, 'no store was asked where the condition already fails');
});
