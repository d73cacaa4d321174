import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ParsedResponseHead, ResponseHeadParser } from '../index.ts';

/** The last head of these bytes, in answer to a request of that method. */
function read(bytes: string, method = 'GET'): ParsedResponseHead {
  const parser = new ResponseHeadParser();
  parser.expect(method);
  const chunk = Buffer.from(bytes, 'latin1');
  let head: ParsedResponseHead | undefined;
  for (let at = 0; at < chunk.length; parser.reset()) {
    at += parser.push(chunk, at, chunk.length);
    assert.equal(parser.rejection, undefined, bytes);
    head = parser.head;
  }
  assert.ok(head !== undefined);
  return head;
}

const head = (status: string, ...lines: string[]): string => `${[`HTTP/1.1 ${status}`, ...lines].join('\r\n')}\r\n\r\n`;
const ok = head('200 OK', 'Content-Length: 0');

describe('a response that ends with its head', () => {
  const cases: readonly (readonly [what: string, bytes: string, method: string, length: number, keepAlive: boolean])[] =
    [
      ['204', head('204 X'), 'GET', -1, true],
      ['204 with a length of zero', head('204 X', 'Content-Length: 0'), 'GET', -1, true],
      ['204 that announces content, which may come yet', head('204 X', 'Content-Length: 5'), 'GET', -1, false],
      ['204 with a coding', head('204 X', 'Transfer-Encoding: chunked'), 'GET', -1, false],
      ['204 with an invalid length', head('204 X', 'Content-Length: x'), 'GET', -1, false],
      ['304 with the length of a GET', head('304 X', 'Content-Length: 5'), 'GET', 5, true],
      ['304 with a coding', head('304 X', 'Transfer-Encoding: chunked'), 'GET', -1, true],
      ['304 with both', head('304 X', 'Content-Length: 5', 'Transfer-Encoding: chunked'), 'GET', -1, false],
      ['HEAD with the length of a GET', head('200 X', 'Content-Length: 5'), 'HEAD', 5, true],
      ['HEAD with other lengths', head('200 X', 'Content-Length: 5', 'Content-Length: 6'), 'HEAD', -1, false],
      ['HEAD with an unknown coding', head('200 X', 'Transfer-Encoding: gzip'), 'HEAD', -1, false],
      ['an answer after 100', head('100 X') + ok, 'GET', 0, true],
      ['an answer after 100 with a length of zero', head('100 X', 'Content-Length: 0') + ok, 'GET', 0, true],
      ['an answer after 100 that announced content', head('100 X', 'Content-Length: 5') + ok, 'GET', 0, false],
      ['an answer after 100 with close', head('100 X', 'Connection: close') + ok, 'GET', 0, false],
      ['an answer after 100 of HTTP/1.0', `HTTP/1.0 100 X\r\n\r\n${ok}`, 'GET', 0, false],
    ];
  for (const [what, bytes, method, length, keepAlive] of cases) {
    it(`${what}: ${keepAlive ? 'the connection stays open' : 'the connection is not used again'}`, () => {
      const { contentLength, framing, keepAlive: stays, status } = read(bytes, method);
      assert.deepEqual([contentLength, stays], [length, keepAlive]);
      assert.equal(framing, status === 200 && method === 'GET' ? 'length' : 'none');
    });
  }

  it('keeps what Connection names, wherever the bad field is', () => {
    const { connection } = read(head('204 X', 'Content-Length: x', 'Connection: X-A'));
    assert.deepEqual(connection, ['x-a']);
  });
});

it('is not affected by the request before', () => {
  const parser = new ResponseHeadParser();
  const push = (bytes: string): ParsedResponseHead | undefined => {
    parser.push(Buffer.from(bytes), 0, bytes.length);
    return parser.head;
  };
  parser.expect('GET');
  push(head('100 X', 'Connection: close'));
  parser.reset();
  assert.equal(push(ok)?.keepAlive, false);
  parser.expect('GET');
  assert.equal(push(ok)?.keepAlive, true);
});
