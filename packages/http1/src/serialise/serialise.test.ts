import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHAR_CLASS, TOKEN, VALUE } from '../bytes/char-class.ts';
import { isToken } from '../bytes/token.ts';
import { readRequests, readResponse } from '../conformance/index.ts';
import {
  chunkHeader,
  fieldLine,
  isFieldValue,
  LAST_CHUNK,
  lastChunk,
  requestHead,
  requestLine,
  responseHead,
  statusLine,
} from '../index.ts';

const latin1 = (text: string): Buffer[] => [Buffer.from(text, 'latin1')];

describe('what is written', () => {
  it('is what the parser reads, for requests', () => {
    const fields = ['Host', 'a.example', 'X-Name', 'J\xfcrgen', 'X-Empty', '', 'Cookie', 'a=1', 'Cookie', 'b=2'];
    const [request] = readRequests(latin1(requestHead('DELETE', '/a?b=%20', fields))).requests;
    assert.equal(request?.head.method, 'DELETE');
    assert.equal(request.head.target, '/a?b=%20');
    assert.deepEqual(request.head.fields, fields);
  });

  it('is what the parser reads, for a chunked response with trailers', () => {
    const head = responseHead(200, 'Tr\xe8s bien', ['Transfer-Encoding', 'chunked']);
    const bytes = `${head}${chunkHeader(26)}${'a'.repeat(26)}\r\n${lastChunk(['X-Sum', '1'])}`;
    const reading = readResponse(latin1(bytes));
    assert.equal(reading.at, 'end');
    assert.equal(reading.heads[0]?.reasonPhrase, 'Tr\xe8s bien');
    assert.equal(reading.body.length, 26);
    assert.deepEqual(reading.trailers, ['X-Sum', '1']);
    assert.equal(lastChunk([]), LAST_CHUNK);
  });
});

describe('what could split a message is not written', () => {
  for (const text of ['a\r\nb', 'a\nb', 'a\rb', 'a\0b', 'a\x7fb', 'a\u010ab', 'a\u{1f600}b']) {
    it(`not ${JSON.stringify(text)} as name, value, reason, method or target`, () => {
      assert.throws(() => fieldLine(text, '1'), TypeError);
      assert.throws(() => fieldLine('X-A', text), TypeError);
      assert.throws(() => statusLine(200, text), TypeError);
      assert.throws(() => requestLine(text, '/'), TypeError);
      assert.throws(() => requestLine('GET', `/${text}`), TypeError);
    });
  }

  it('not a name or method with a space or colon, and nothing empty', () => {
    for (const name of ['', 'X A', 'X:A', ' X']) assert.throws(() => fieldLine(name, '1'), TypeError);
    assert.throws(() => requestLine('GET /', '/'), TypeError);
    assert.throws(() => requestLine('GET', '/a HTTP/1.1'), TypeError);
    assert.throws(() => requestLine('GET', ''), TypeError);
  });

  it('not a status that the parser would refuse', () => {
    for (const status of [0, 99, 600, 1000, 200.5, Number.NaN]) assert.throws(() => statusLine(status), TypeError);
  });

  it('not a chunk that would end the body', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) assert.throws(() => chunkHeader(size), RangeError);
  });
});

it('the patterns for writing and the table for reading allow the same characters', () => {
  for (let code = 0; code < 0x300; code++) {
    const character = String.fromCharCode(code);
    const bits = CHAR_CLASS[code] ?? 0;
    assert.equal(isFieldValue(character), (bits & VALUE) !== 0, `value ${code}`);
    assert.equal(isToken(character), (bits & TOKEN) !== 0 || character === '_', `token ${code}`);
  }
});
