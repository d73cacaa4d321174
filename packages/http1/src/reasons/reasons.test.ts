import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REQUEST_CASES, RESPONSE_CASES } from '../conformance/index.ts';
import { REASONS, TOLERATED } from '../index.ts';

const packages = join(import.meta.dirname, '..', '..', '..');

test('each reason is used by the code that reads, and says why it exists', () => {
  const sources = globSync(['http1/src/{bytes,fields,head,body}/*.ts', 'gateway/src/**/*.ts'], { cwd: packages })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(packages, path), 'utf8'))
    .join('\n');
  for (const [reason, { detail, why }] of Object.entries(REASONS)) {
    assert.ok(sources.includes(`'${reason}'`), `nothing is refused with ${reason}`);
    for (const text of [detail, why]) assert.match(text, /\S.*\.$/, reason);
  }
});

test('each reason of HTTP/1 is in the table of cases', () => {
  const seen = new Set([...REQUEST_CASES, ...RESPONSE_CASES].map(({ refused }) => refused));
  const missing = Object.keys(REASONS).filter((reason) => ![...seen].includes(reason as keyof typeof REASONS));
  // It is HTTP/2's, which is read by the same rules.
  assert.deepEqual(missing, ['bad-connection']);
});

test('each tolerated form says what happens to it and why', () => {
  for (const { form, instead, why } of Object.values(TOLERATED)) {
    assert.match(form, /\S/);
    for (const text of [instead, why]) assert.match(text, /\S.*\.$/);
  }
});
