import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { curlCommand } from './curl-command.ts';

/** What a real shell makes of the words of a command. */
function wordsOf(command: string): readonly string[] {
  // Each word ends with a NUL byte, which no word can contain.
  const output = execFileSync('sh', ['-c', `set -- ${command}; printf '%s\\0' "$@"`], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

test('a shell reads back every text that was quoted, whatever is in it', () => {
  const texts = [
    'plain',
    "it's",
    "''",
    '$HOME `id` $(id) !! \\ "x"',
    'a&b;c|d>e<f',
    'two\nlines',
    '商品A',
    '*?[a]~#',
    '-n',
  ];
  for (const text of texts) {
    assert.equal(wordsOf(curlCommand({ method: 'POST', url: 'http://h/', body: text })).at(-1), text);
  }
});

test('a query with several parameters stays one word', () => {
  const command = curlCommand({ method: 'GET', url: 'http://127.0.0.1:8080/orders?user_id=1&limit=5' });
  assert.deepEqual(wordsOf(command), ['curl', '-i', 'http://127.0.0.1:8080/orders?user_id=1&limit=5']);
});

test('a POST with a body needs no method; other methods are named', () => {
  const url = 'http://127.0.0.1/x';
  assert.equal(curlCommand({ method: 'POST', url, body: '@x' }), `curl -i ${url} --data-raw @x`);
  assert.equal(curlCommand({ method: 'PUT', url, body: '1' }), `curl -i -X PUT ${url} --data-raw 1`);
  assert.equal(curlCommand({ method: 'POST', url }), `curl -i -X POST ${url}`);
  assert.equal(curlCommand({ method: 'HEAD', url }), `curl -i -I ${url}`);
  assert.equal(curlCommand({ method: 'GET', url, body: '1' }), `curl -i -X GET ${url} --data-raw 1`);
});

test('curl is told to send brackets and dots in a path as they are', () => {
  assert.match(curlCommand({ method: 'GET', url: 'http://h/a?ids[]=1' }), /^curl -i -g /);
  assert.match(curlCommand({ method: 'GET', url: 'http://h/a/../b' }), /--path-as-is/);
  assert.doesNotMatch(curlCommand({ method: 'GET', url: 'http://h/a.b/c..d' }), /--path-as-is/);
});

test('headers are whole words, and empty ones are sent', () => {
  const command = curlCommand({
    method: 'GET',
    url: 'http://h/',
    headers: { accept: 'text/plain, */*', 'x-empty': '' },
  });
  assert.deepEqual(wordsOf(command), ['curl', '-i', 'http://h/', '-H', 'accept: text/plain, */*', '-H', 'x-empty;']);
});
