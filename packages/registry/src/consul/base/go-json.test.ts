import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBody, struct } from './go-json.ts';
import { Refusal } from './refusal.ts';

const shape = struct('Thing', {
  Name: 'string',
  EnableTagOverride: 'bool',
  Port: 'int',
  TTL: 'duration',
  Tags: { listOf: 'string' },
  Meta: { mapOf: 'string' },
  Check: struct('Check', { HTTP: 'string' }),
  Proxy: 'any',
});
const decode = (text: string): unknown => decodeBody(Buffer.from(text), shape);

test('names are read in any case and with underscores, and come out as the shape has them', () => {
  assert.deepEqual(decode('{"NAME":"a","enable_tag_override":true,"port":1,"check":{"http":"x"}}'), {
    Name: 'a',
    EnableTagOverride: true,
    Port: 1,
    Check: { HTTP: 'x' },
  });
});

test('null is as if it was not there, everywhere', () => {
  assert.deepEqual(decode('{"Name":null,"Tags":null,"Check":null,"Meta":{"a":"b"},"Proxy":null}'), {
    Meta: { a: 'b' },
  });
  assert.deepEqual(decode('null'), {});
});

test('durations are read to milliseconds from texts and from nanoseconds', () => {
  for (const [given, ms] of [
    ['"15s"', 15_000],
    ['"1m30s"', 90_000],
    ['"1.5h"', 5_400_000],
    ['"250ms"', 250],
    ['"-1s"', -1_000],
    ['""', 0],
    ['10000000000', 10_000],
  ] as const)
    assert.deepEqual(decode(`{"TTL":${given}}`), { TTL: ms });
});

test('what is not of its type, unknown or no JSON is refused in words of Go', () => {
  for (const [text, why] of [
    ['', /EOF$/],
    ['{"Name":', /unexpected EOF$/],
    ['{"Name":x}', /invalid character at byte 8/],
    ['[]', /cannot unmarshal array into Go value of type Thing$/],
    ['{"Bogus":1}', /json: unknown field "Bogus"$/],
    ['{"Port":"1"}', /cannot unmarshal string into Go struct field \.Port of type int$/],
    ['{"Port":1.5}', /cannot unmarshal number 1\.5 into/],
    ['{"Tags":"a"}', /of type \[\]string$/],
    ['{"Check":{"Bogus":1}}', /unknown field "Bogus"$/],
    ['{"TTL":"soon"}', /time: invalid duration "soon"$/],
    [`{"Proxy":${'['.repeat(100)}${']'.repeat(100)}}`, /max depth$/],
  ] as const)
    assert.throws(
      () => decode(text),
      (error) => error instanceof Refusal && error.status === 400 && why.test(error.message),
      text,
    );
});

test('names that mean something to JavaScript are names like others', () => {
  assert.throws(() => decode('{"__proto__":1}'), Refusal);
  assert.throws(() => decode('{"constructor":1}'), Refusal);
  assert.deepEqual(Object.keys(decodeBody(Buffer.from('{"Meta":{"__proto__":"x"}}'), shape)['Meta'] ?? {}), [
    '__proto__',
  ]);
});

test('whatever is sent is read or refused', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        decode(text);
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error));
      }
    }),
  );
});
