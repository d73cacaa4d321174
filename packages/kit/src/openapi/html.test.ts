import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, prose } from './html.ts';

test('whatever stands in a template is text, unless a template has made it', () => {
  const name = `"><script>alert('x')</script>&`;
  const inner = html`<b>${name}</b>`;
  const { text } = html`<p title="${name}">${[inner, 1, undefined]}</p>`;
  assert.doesNotMatch(text, /<script|[^<b>p"]'/);
  assert.match(text, /^<p title="&#34;&#62;&#60;script/);
  assert.match(text, /<b>&#34;.*<\/b>1<\/p>$/);
});

test('code is marked in prose, and is text all the same', () => {
  assert.equal(prose('see `<id>` & `').text, 'see <code>&#60;id&#62;</code> &#38; `');
});
