import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DEFAULT_LIMITS,
  fieldNameId,
  lowerNameAt,
  type ParsedRequestHead,
  RequestHeadParser,
  valueOf,
} from '../index.ts';

function parse(...lines: string[]): ParsedRequestHead {
  const parser = new RequestHeadParser({ ...DEFAULT_LIMITS, underscores: 'drop' });
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  assert.equal(parser.push(bytes, 0, bytes.length), bytes.length);
  assert.equal(parser.rejection, undefined);
  assert.ok(parser.head !== undefined);
  return parser.head;
}

const get = (...lines: string[]): ParsedRequestHead => parse('GET /a HTTP/1.1', 'Host: a', ...lines);
const post = (...lines: string[]): ParsedRequestHead => parse('POST /a HTTP/1.1', 'Host: a', ...lines);
const get10 = (...lines: string[]): ParsedRequestHead => parse('GET /a HTTP/1.0', ...lines);

describe('the facts of a request head', () => {
  it('say whether the connection stays open', () => {
    assert.equal(get().keepAlive, true);
    assert.equal(get('Connection: close').keepAlive, false);
    assert.equal(get('Connection: keep-alive, CLOSE').keepAlive, false);
    assert.equal(get('Connection: keep-alive', 'Connection: close').keepAlive, false);
    assert.equal(get('Connection: x').keepAlive, true);
    assert.equal(get10().keepAlive, false);
    assert.equal(get10('Connection: Keep-Alive').keepAlive, true);
    assert.equal(get10('Connection: x').keepAlive, false);
  });

  it('list what Connection names, in lower case and from all of its fields', () => {
    assert.deepEqual(get().connection, []);
    assert.deepEqual(get('Connection: X-A,,\tclose ', 'connection: X-B').connection, ['x-a', 'close', 'x-b']);
  });

  it('offer an upgrade only where HTTP has one', () => {
    assert.deepEqual(get('Connection: Upgrade', 'Upgrade: WebSocket').upgrade, ['websocket']);
    assert.deepEqual(get('Connection: upgrade', 'Upgrade: a/1, b', 'Upgrade: c').upgrade, ['a/1', 'b', 'c']);
    assert.deepEqual(get('Upgrade: websocket').upgrade, []);
    assert.deepEqual(get10('Connection: upgrade', 'Upgrade: websocket').upgrade, []);
  });

  it('distinguish expectations', () => {
    const waits = post('Expect: 100-Continue', 'Content-Length: 1');
    assert.deepEqual([waits.expectContinue, waits.unknownExpectation], [true, false]);
    const noBody = get('Expect: 100-continue');
    assert.deepEqual([noBody.expectContinue, noBody.unknownExpectation], [false, false]);
    assert.equal(post('Expect: 100-continue', 'Content-Length: 0').expectContinue, false);
    for (const odd of ['y 100-continue', '100-continue, x', '100-continu', '100-continue;x']) {
      const head = post(`Expect: ${odd}`, 'Content-Length: 1');
      assert.deepEqual([head.expectContinue, head.unknownExpectation], [false, true], odd);
    }
    const twice = post('Expect: 100-continue', 'Expect: ,100-CONTINUE', 'Content-Length: 1');
    assert.deepEqual([twice.expectContinue, twice.unknownExpectation], [true, false]);
    const empty = post('Expect: ', 'Content-Length: 1');
    assert.deepEqual([empty.expectContinue, empty.unknownExpectation], [false, false]);
    assert.equal(get10('Expect: x').unknownExpectation, false);
  });

  it('say how the body is framed', () => {
    assert.deepEqual([get().framing, get().contentLength], ['none', -1]);
    const empty = post('Content-Length: 0');
    assert.deepEqual([empty.framing, empty.contentLength], ['length', 0]);
    const largest = post('Content-Length: 9007199254740991');
    assert.deepEqual([largest.framing, largest.contentLength], ['length', Number.MAX_SAFE_INTEGER]);
    assert.equal(post('Transfer-Encoding: chunked').framing, 'chunked');
  });

  it('announce trailers only for a chunked body', () => {
    assert.equal(post('Trailer: X', 'Transfer-Encoding: chunked').announcesTrailers, true);
    assert.equal(post('Trailer: X', 'Content-Length: 1').announcesTrailers, false);
  });

  it('split an absolute target into its parts', () => {
    const head = parse('OPTIONS HTTPS://B.example:8443 HTTP/1.1', 'Host: a');
    assert.deepEqual(
      [head.form, head.scheme, head.host, head.pathAndQuery],
      ['absolute', 'https', 'B.example:8443', '*'],
    );
    assert.equal(parse('GET http://b?x HTTP/1.1', 'Host: a').pathAndQuery, '/?x');
    assert.equal(parse('GET http://b/x?y HTTP/1.1', 'Host: a').pathAndQuery, '/x?y');
  });
});

describe('the fields of a request head', () => {
  it('keep order and case, and have ids and lower-case names in any case', () => {
    const head = get('COOKIE: a', 'X-Own: b', 'cookie: c', 'User-Agent: d');
    assert.deepEqual(head.fields, ['Host', 'a', 'COOKIE', 'a', 'X-Own', 'b', 'cookie', 'c', 'User-Agent', 'd']);
    const names = head.ids.map((_, i) => lowerNameAt(head, i));
    assert.deepEqual(names, ['host', 'cookie', 'x-own', 'cookie', 'user-agent']);
    assert.equal(valueOf(head, fieldNameId('Cookie')), 'a');
    assert.equal(valueOf(head, fieldNameId('Date')), undefined);
  });

  it('are plain data even for names that every object has', () => {
    const head = get('constructor: 1', 'toString: 2');
    assert.deepEqual(head.fields.slice(2), ['constructor', '1', 'toString', '2']);
    assert.deepEqual(head.ids.slice(1), [0, 0]);
  });

  it('leave out names with an underscore if told to, and only those', () => {
    const head = get('__proto__: 1', 'X-A: 2', 'Content_Length: 3', 'X-B: 4');
    assert.deepEqual(head.fields.slice(2), ['X-A', '2', 'X-B', '4']);
    assert.equal(head.framing, 'none');
  });
});

it('a head may have as many fields as the limit allows', () => {
  const many = Array.from({ length: 99 }, (_, i) => `X-${i}: ${i}`);
  const { fields } = get(...many);
  assert.equal(fields.length, 200);
  assert.deepEqual(
    fields.slice(2).filter((_, i) => i % 2 === 1),
    many.map((_, i) => `${i}`),
  );
});

describe('a parser', () => {
  it('leaves what follows the head to the caller, in one piece or in many', () => {
    const parser = new RequestHeadParser();
    const bytes = Buffer.from('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    const half = bytes.length / 2;
    for (const cut of [1, 20, half, half + 5, bytes.length]) {
      const targets: string[] = [];
      for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
        for (let at = 0; at < chunk.length; ) {
          at += parser.push(chunk, at, chunk.length);
          if (parser.head === undefined) continue;
          targets.push(parser.head.target);
          parser.reset();
        }
      }
      assert.deepEqual(targets, ['/1', '/2'], `cut at ${cut}`);
      assert.equal(parser.begun, false);
    }
  });

  it('accepts nothing more once it has a head or has refused', () => {
    const parser = new RequestHeadParser();
    const bad = Buffer.from('GET\0');
    assert.equal(parser.push(bad, 0, bad.length), 3);
    assert.equal(parser.rejection?.status, 400);
    assert.equal(parser.push(bad, 0, bad.length), 0);
  });

  it('does not keep the chunk: later changes to it change nothing', () => {
    const parser = new RequestHeadParser();
    const chunk = Buffer.from('GET /a HTTP/1.1\r\nHost: a\r\n');
    parser.push(chunk, 0, chunk.length);
    chunk.fill(0);
    const rest = Buffer.from('X-A: b\r\n\r\n');
    parser.push(rest, 0, rest.length);
    rest.fill(0);
    assert.deepEqual(parser.head?.fields, ['Host', 'a', 'X-A', 'b']);
  });

  it('does not take an empty line for the beginning of a head', () => {
    const parser = new RequestHeadParser();
    for (const byte of ['\r', '\n']) {
      assert.equal(parser.push(Buffer.from(byte), 0, 1), 1);
      assert.deepEqual([parser.begun, parser.state], [false, 'need-more']);
    }
    const bytes = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.equal(parser.push(bytes, 0, bytes.length), bytes.length);
    assert.equal(parser.head?.target, '/');
    parser.reset();
    assert.equal(parser.push(Buffer.from('\r\n'), 0, 2), 2);
    assert.equal(parser.begun, false);
  });

  it('distinguishes an idle connection from a head that has begun', () => {
    const parser = new RequestHeadParser();
    assert.equal(parser.begun, false);
    parser.push(Buffer.from('G'), 0, 1);
    assert.equal(parser.begun, true);
  });
});
