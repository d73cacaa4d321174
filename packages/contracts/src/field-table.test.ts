import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FieldCode, fieldMessage, fieldTable, locales, relayedFieldProblem } from './index.ts';

const rows = Object.entries(fieldTable);

test('every code has a text in every language, and the Chinese one is Chinese', () => {
  for (const [code, texts] of rows) {
    assert.match(code, /^[A-Z][A-Z_]*$/);
    for (const locale of locales) assert.ok(texts[locale].trim() !== '', `${code} has no text in ${locale}`);
    assert.match(texts['zh-CN'], /\p{Script=Han}/u, code);
    assert.doesNotMatch(texts.en, /\p{Script=Han}/u, code);
  }
});

test('no two codes say the same, and both languages take the same parameters', () => {
  for (const locale of locales) assert.equal(new Set(rows.map(([, texts]) => texts[locale])).size, rows.length, locale);
  const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();
  for (const [code, texts] of rows) assert.deepEqual(places(texts['zh-CN']), places(texts.en), code);
});

test('a text is said in the language asked for, with its parameters filled in', () => {
  const tooLong = { code: 'TOO_LONG', parameters: { max: 5 } } as const;
  assert.equal(fieldMessage(tooLong, 'en'), 'must have at most 5 characters');
  assert.equal(fieldMessage(tooLong, 'zh-CN'), '最多 5 个字符');
});

test('what another program has said is handed on in its words, and with its code if it is one of ours', () => {
  const relayed = relayedFieldProblem('/name', '不能为空', 'EMPTY');
  assert.deepEqual([relayed.code, fieldMessage(relayed, 'en')], ['EMPTY', '不能为空']);
  const unknown: readonly unknown[] = [undefined, 7, 'NEW_CODE', 'constructor'];
  const codes: readonly FieldCode[] = unknown.map((code) => relayedFieldProblem('/name', 'x', code).code);
  assert.deepEqual(new Set(codes), new Set(['NOT_VALID']));
});
