import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_LIMITS, type ParsedRequestHead } from '@flotilla/http1';
import fc from 'fast-check';
import { type Http2Reading, Http2RequestReader } from './http2-request.ts';

const limits = { ...DEFAULT_LIMITS, underscores: 'allow' } as const;
const usual = [':method', 'GET', ':scheme', 'https', ':path', '/a', ':authority', 'a.example'];

function read(raw: readonly string[], hasBody = false): Http2Reading<ParsedRequestHead> {
  return new Http2RequestReader(limits).head(raw, hasBody);
}

function accepted(raw: readonly string[], hasBody = false): ParsedRequestHead {
  const reading = read(raw, hasBody);
  if (reading.kind === 'refused') throw new Error(`refused: ${reading.rejection.reason}`);
  return reading.value;
}

function reasonOf(raw: readonly string[]): string {
  const reading = read(raw);
  return reading.kind === 'refused' ? reading.rejection.reason : 'read';
}

/** Replaces one pseudo-field of the usual ones, or leaves it out. */
function change(name: string, value?: string): string[] {
  return usual.flatMap((part, at) => {
    if (at % 2 === 1) return [];
    if (part !== name) return [part, usual[at + 1] ?? ''];
    return value === undefined ? [] : [name, value];
  });
}

describe('the head of an HTTP/2 request', () => {
  it('means the same as one of HTTP/1.1', () => {
    const head = accepted([...usual, 'x-a', '1', 'cookie', 'a=1', 'x-b', '', 'cookie', 'b=2', 'te', 'trailers'], true);
    assert.deepEqual([head.method, head.pathAndQuery, head.host, head.framing], ['GET', '/a', 'a.example', 'chunked']);
    assert.deepEqual(head.fields, [
      ...['host', 'a.example', 'x-a', '1', 'x-b', '', 'cookie', 'a=1; b=2', 'transfer-encoding', 'chunked'],
    ]);
    assert.equal(accepted([...usual, 'content-length', '0'], true).framing, 'length');
    assert.equal(accepted(usual).framing, 'none');
  });

  it('may name its host in either field, or the same host in both', () => {
    assert.equal(accepted([...change(':authority'), 'host', 'b.example']).host, 'b.example');
    assert.equal(accepted([...usual, 'host', 'A.example']).host, 'a.example');
    assert.equal(reasonOf([...usual, 'host', 'b.example']), 'bad-host');
    assert.equal(reasonOf([...usual, 'host', 'a.example', 'host', 'a.example']), 'repeated-host');
    assert.equal(reasonOf([...usual, ':authority', 'a.example']), 'repeated-host');
    assert.equal(reasonOf(change(':authority')), 'missing-host');
    assert.equal(reasonOf(change(':authority', 'user@a.example')), 'bad-host');
  });

  it('has each of its parts once and in its plain form', () => {
    assert.equal(reasonOf(change(':path')), 'bad-target');
    assert.equal(reasonOf(change(':path', '')), 'bad-target');
    assert.equal(reasonOf(change(':path', 'http://b.example/')), 'bad-target');
    assert.equal(reasonOf(change(':path', '/a HTTP/1.1')), 'bad-target');
    assert.equal(reasonOf(change(':path', '*')), 'bad-target-form');
    assert.equal(accepted(change(':path', '*').with(1, 'OPTIONS')).pathAndQuery, '*');
    assert.equal(reasonOf(change(':method')), 'bad-method');
    assert.equal(reasonOf(change(':method', 'GET /b')), 'bad-method');
    assert.equal(reasonOf(change(':method', 'CONNECT')), 'unknown-method');
    assert.equal(reasonOf([...usual, ':method', 'POST']), 'bad-request-line');
    assert.equal(reasonOf([...usual, ':path', '/b']), 'bad-request-line');
    assert.equal(reasonOf(change(':scheme', 'http')), 'bad-request-line');
    assert.equal(reasonOf([...usual, ':protocol', 'websocket']), 'bad-field-name');
  });

  it('has no connection-specific field and no upper-case name', () => {
    for (const name of ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']) {
      assert.equal(reasonOf([...usual, name, 'x']), 'bad-connection', name);
    }
    assert.equal(reasonOf([...usual, 'te', 'gzip']), 'bad-connection');
    assert.equal(reasonOf(change(':authority', '')), 'bad-host');
    assert.equal(accepted(change(':authority', 'a.example:')).host, 'a.example');
    const trailers = new Http2RequestReader(limits).trailers(['x-a', '1', 'connection', 'close']);
    assert.equal(trailers.kind === 'refused' ? trailers.rejection.reason : '', 'bad-connection');
    for (const name of ['X-A', '', 'a b', 'a:b', 'a\r\nb', 'ä', ' host', 'Host']) {
      assert.equal(reasonOf([...usual, name, 'x']), 'bad-field-name', JSON.stringify(name));
    }
  });

  it('has no value with a control character or surrounding white space', () => {
    for (const value of ['a\r\nb: c', 'a\nb', 'a\0', '\u010d\u010a', ' a', 'a\t', '\u{1f600}']) {
      assert.equal(reasonOf([...usual, 'x', value]), 'bad-field-value', JSON.stringify(value));
      assert.equal(reasonOf(change(':path', `/${value}`)), value === ' a' ? 'bad-target' : 'bad-field-value');
      assert.equal(reasonOf(change(':authority', value)), 'bad-field-value');
    }
  });

  it('keeps to the limits of HTTP/1.1', () => {
    assert.equal(reasonOf([...usual, 'x', 'a'.repeat(9_000)]), 'field-line-too-long');
    assert.equal(reasonOf([...usual, ...Array.from({ length: 100 }, () => ['a', 'b']).flat()]), 'too-many-fields');
    assert.equal(reasonOf(change(':path', `/${'a'.repeat(8_192)}`)), 'target-too-long');
  });
});

describe('whatever the fields of an HTTP/2 request are', () => {
  // Much that could break out of a line, and characters whose lower byte is such a one.
  const nasty = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\0',
    ' ',
    ':',
    '\r\n\r\n',
    'GET / HTTP/1.1',
    'ඊ',
    'č',
    '\t',
    'é',
    'a',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
  );
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/) },
    { weight: 1, arbitrary: text },
    fc.constantFrom('content-length', 'host', 'cookie', 'te', 'transfer-encoding', 'expect', ':path', ':authority'),
  );
  const value = fc.oneof({ weight: 4, arbitrary: fc.stringMatching(/^[!-~]{0,12}$/) }, { weight: 1, arbitrary: text });
  const pseudo = (usualValue: string): fc.Arbitrary<string | undefined> =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(usualValue) }, { weight: 1, arbitrary: text }, fc.constant(undefined));
  const heads = fc
    .tuple(
      fc.tuple(pseudo('GET'), pseudo('https'), pseudo('/a?b=c'), pseudo('a.example')),
      fc.array(fc.tuple(name, value), { maxLength: 6 }),
    )
    .map(([[method, scheme, path, authority], fields]) => [
      ...Object.entries({ ':method': method, ':scheme': scheme, ':path': path, ':authority': authority }).flatMap(
        ([key, content]) => (content === undefined ? [] : [key, content]),
      ),
      ...fields.flat(),
    ]);

  it('the request that is read is the given one, or none', () => {
    fc.assert(
      fc.property(heads, fc.boolean(), (raw, hasBody) => {
        const reading = read(raw, hasBody);
        if (reading.kind === 'refused') return;
        const head = reading.value;
        const given = pairs(raw);
        assert.equal(head.method, given.find(([key]) => key === ':method')?.[1]);
        assert.equal(head.target, given.find(([key]) => key === ':path')?.[1]);
        const host = given.find(([key]) => key === ':authority') ?? given.find(([key]) => key === 'host');
        // A colon without a port says nothing.
        assert.equal(head.host, host?.[1]?.replace(/:$/, ''));
        const plain = (list: readonly (readonly [string, string])[]): string[] =>
          list
            .filter(([key]) => !key.startsWith(':') && !['host', 'cookie', 'te', 'transfer-encoding'].includes(key))
            .map(([key, content]) => `${key}=${content}`);
        assert.deepEqual(plain(pairs(head.fields)), plain(given));
        assert.equal(head.framing === 'chunked', hasBody && !given.some(([key]) => key === 'content-length'));
      }),
      { numRuns: 3_000 },
    );
  });

  it('trailers are the given ones that have a meaning after the body, or none are accepted', () => {
    const reader = new Http2RequestReader(limits);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (fields) => {
        const reading = reader.trailers(fields.flat());
        if (reading.kind === 'refused') return;
        const meaningless = ['host', 'content-length', 'cookie', 'te', 'expect'];
        assert.deepEqual(reading.value, fields.filter(([key]) => !meaningless.includes(key)).flat());
        assert.ok(!fields.some(([key]) => key === 'transfer-encoding'));
      }),
      { numRuns: 2_000 },
    );
  });
});

function pairs(list: readonly string[]): (readonly [string, string])[] {
  return list.flatMap((key, at) => (at % 2 === 0 ? [[key, list[at + 1] ?? ''] as const] : []));
}
