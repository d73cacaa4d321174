import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import fc from 'fast-check';
import { readXml } from './read-xml.ts';
import { xmlAsJson } from './xml-body.ts';
import { keyOf, xmlName, xmlText } from './xml-names.ts';

const read = (text: string): unknown => xmlAsJson(readXml(Buffer.from(text)));

function refusal(text: string | Uint8Array): string {
  try {
    readXml(typeof text === 'string' ? Buffer.from(text) : text);
  } catch (error) {
    if (isAppError(error, 'INVALID_REQUEST')) return error.detail ?? '';
    throw error;
  }
  return assert.fail('It was read');
}

describe('XML', () => {
  it('reads as the JSON that clients write for the same', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
      <instance xmlns="x"><app>WEB</app><port enabled="true">8080</port><!-- c --><metadata><a__b>1 &lt; 2 &#x41;</a__b>
      <management.port><![CDATA[<81>]]></management.port></metadata><leaseInfo/></instance>`;
    assert.deepEqual(read(text), {
      '@xmlns': 'x',
      app: 'WEB',
      port: { '@enabled': 'true', $: '8080' },
      metadata: { a_b: '1 < 2 A', 'management.port': '<81>' },
      leaseInfo: '',
    });
  });

  it('expands nothing, fetches nothing, and is told where it is wrong', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>`;
    assert.match(refusal(bomb), /document type is not accepted/);
    assert.match(refusal('<a>&c;</a>'), /invalid character entity|entity/);
    assert.match(refusal('<a>\n<b></a>'), /line 2/);
    for (const text of ['', ' ', 'x', '<a', '<a/><b/>', '<a b=1/>', '{"a":1}', '</a>', '<a/>x'])
      assert.match(refusal(text), /^Cannot read the XML: /, text);
    assert.match(refusal(new Uint8Array([0x3c, 0x61, 0xff, 0x3e])), /UTF-8/);
  });

  it('is bounded in depth and in number', () => {
    assert.match(refusal('<a>'.repeat(100_000)), /nested deeper than 12/);
    assert.match(refusal(`<a>${'<b/>'.repeat(20_000)}</a>`), /more than 10000 elements/);
  });

  it('never fails in another way, whatever comes', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      '"',
      '=',
      '&',
      ';',
      '!',
      '[',
      ']',
      '-',
      '?',
      'CDATA',
      'DOCTYPE',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          readXml(Buffer.from(pieces.join('')));
        } catch (error) {
          assert.ok(isAppError(error, 'INVALID_REQUEST'));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('names of elements', () => {
  it('are spelled as the library of Eureka spells them', () => {
    for (const [key, name] of [
      ['management.port', 'management.port'],
      ['a_b', 'a__b'],
      ['$x', '_-x'],
      ['x y', 'x_.0020y'],
      ['1a', '_.0031a'],
    ] as const) {
      assert.equal(xmlName(key), name);
      assert.equal(keyOf(name), key);
    }
  });

  it('hold any key, and give it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (key) => {
        const element = readXml(Buffer.from(`<${xmlName(key)}/>`));
        assert.equal(keyOf(element.name), key);
      }),
    );
  });

  it('and any text can be written, with what XML cannot have replaced', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const { text: back } = readXml(Buffer.from(`<a>${xmlText(text)}</a>`));
        assert.equal(back, text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD'));
      }),
    );
  });
});
