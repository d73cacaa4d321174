import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BodyDecoder, DEFAULT_LIMITS } from '../index.ts';

const start = (...[framing, length]: Parameters<BodyDecoder['start']>): BodyDecoder => {
  const decoder = new BodyDecoder('response');
  decoder.start(framing, length);
  return decoder;
};

describe('a body', () => {
  it('is returned as ranges of the chunk it came in, not as copies', () => {
    const decoder = start('chunked', -1);
    const chunk = Buffer.from('xx3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nyy');
    const ranges: [number, number][] = [];
    let event = decoder.read(chunk, 2, chunk.length);
    while (event === 'data') {
      ranges.push([decoder.dataStart, decoder.dataEnd]);
      event = decoder.read(chunk, decoder.position, chunk.length);
    }
    assert.equal(event, 'end');
    assert.deepEqual(
      ranges.map((range) => chunk.toString('latin1', ...range)),
      ['abc', 'de'],
    );
    assert.equal(chunk.toString('latin1', decoder.position), 'yy');
    assert.equal(decoder.receivedBytes, 5);
  });

  it('without content ends before any byte arrives', () => {
    assert.equal(start('none', -1).ended, true);
    assert.equal(start('length', 0).ended, true);
    assert.equal(start('length', 1).ended, false);
    assert.equal(start('chunked', -1).ended, false);
    assert.equal(start('until-close', -1).ended, false);
  });

  it('is complete at the end of the connection only when that is its framing', () => {
    assert.equal(start('until-close', -1).finish(), true);
    assert.equal(start('none', -1).finish(), true);
    assert.equal(start('length', 5).finish(), false);
    assert.equal(start('chunked', -1).finish(), false);
  });

  it('of a declared length ends with its last byte, without another read', () => {
    const decoder = start('length', 2);
    assert.equal(decoder.read(Buffer.from('hi'), 0, 2), 'data');
    assert.equal(decoder.ended, true);
  });

  it('gets the status of its role when it is refused', () => {
    for (const [role, status] of [
      ['request', 413],
      ['response', 502],
    ] as const) {
      const decoder = new BodyDecoder(role, { ...DEFAULT_LIMITS, maxBodyBytes: 1 });
      decoder.start('length', 2);
      assert.equal(decoder.read(Buffer.alloc(0), 0, 0), 'rejected');
      assert.deepEqual([decoder.rejection?.reason, decoder.rejection?.status], ['body-too-large', status]);
    }
  });

  it('that lasts until close is limited too', () => {
    const decoder = new BodyDecoder('response', { ...DEFAULT_LIMITS, maxBodyBytes: 3 });
    decoder.start('until-close', -1);
    assert.equal(decoder.read(Buffer.from('abc'), 0, 3), 'data');
    assert.equal(decoder.read(Buffer.from('d'), 0, 1), 'rejected');
  });

  it('leaves nothing behind for the next one', () => {
    const decoder = start('chunked', -1);
    const refused = Buffer.from('1;aaaa\r\nx\r\nzz');
    let event = decoder.read(refused, 0, refused.length);
    while (event === 'data') event = decoder.read(refused, decoder.position, refused.length);
    assert.equal(event, 'rejected');
    decoder.start('chunked', -1);
    const good = Buffer.from('0\r\nX-A: 1\r\n\r\n');
    assert.equal(decoder.read(good, 0, good.length), 'end');
    assert.deepEqual(decoder.trailers, ['X-A', '1']);
    decoder.start('length', 0);
    assert.deepEqual(decoder.trailers, []);
    assert.equal(decoder.receivedBytes, 0);
  });
});
