import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionWords } from './option-words.ts';

const format = { duration: (ms: number) => `<${ms} ms>`, bytes: (value: number) => `<${value} B>` };

test('durations and sizes are told with a unit that fits, lists and groups without the marks of JSON', () => {
  const options = {
    timeoutMs: 5_000,
    maxBodyBytes: 1_024,
    by: 'client',
    on: [502, 503],
    breaker: { failures: 5, forMs: 10_000 },
    hedge: false,
  };
  assert.equal(
    optionWords(options, format),
    'timeout <5000 ms>, maxBody <1024 B>, by client, on 502 | 503, breaker (failures 5, for <10000 ms>), hedge false',
  );
});

test('what is not set is not told, and a name that is nothing but a unit stays', () => {
  assert.equal(optionWords({ a: undefined, b: null, Ms: 3 }, format), 'Ms 3');
});
