import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSentence } from './sentence.ts';

test('a text becomes a sentence with one end, whoever wrote it', () => {
  assert.deepEqual(['It failed', 'It failed.', 'Why?', '失败。', 'and so on…', 'It failed. \n'].map(asSentence), [
    'It failed.',
    'It failed.',
    'Why?',
    '失败。',
    'and so on…',
    'It failed.',
  ]);
});
