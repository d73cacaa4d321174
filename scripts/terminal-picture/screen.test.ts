import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawScreen } from './draw-screen.ts';
import { Screen } from './screen.ts';

function shown(...pieces: readonly string[]): string {
  const screen = new Screen();
  for (const piece of pieces) screen.write(piece);
  return screen.text();
}

test('lines are kept in order, without empty ones at the end', () => {
  assert.equal(shown('one  \r\n\r\ntwo\r\n\r\n'), 'one\n\ntwo');
});

test('a line that is rewritten replaces its content', () => {
  assert.equal(shown('starting 1 of 4\r\x1b[Kready\r\n'), 'ready');
  assert.equal(shown('a\r\nb\r\nc\x1b[2A\x1b[2K\rA'), 'A\nb\nc');
  assert.equal(shown('a\r\nb\r\nc\x1b[1;1H\x1b[J'), '');
});

test('split sequences, titles and unknown sequences leave nothing behind', () => {
  assert.equal(shown('\x1b[3', '1mred\x1b', '[0m', '\x1b]0;title\x07 and \x1b[?25l\x1b(Bplain'), 'red and plain');
});

test('a double-width character takes two columns', () => {
  const screen = new Screen();
  screen.write('商a');
  assert.deepEqual(
    screen.rows()[0]?.map(({ character }) => character),
    ['商', '', 'a'],
  );
});

test('the picture shows the text in its colours, escaped', () => {
  const screen = new Screen();
  screen.write('\x1b[31m<b>\x1b[39m & \x1b[1mbold\x1b[0m');
  const picture = drawScreen(screen.rows(), { title: 'a & b', columns: 20 });
  assert.match(picture, /fill="#f07178">&lt;b&gt;<\/text>/);
  assert.match(picture, />&amp;<\/text>/);
  assert.match(picture, /font-weight="bold">bold<\/text>/);
  assert.match(picture, /<title>A terminal: a &amp; b<\/title>/);
});
