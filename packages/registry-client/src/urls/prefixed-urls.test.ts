import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PrefixedForm, readPrefixedUrls } from './prefixed-urls.ts';

const form: PrefixedForm = {
  prefix: 'shelf',
  defaultPorts: { http: 7_000, https: 7_001 },
  options: ['dc', 'tag'],
  pathProblem: (path) => (path.includes('/v1') ? 'ends in /v1' : undefined),
};

function problemOf(text: string, of: PrefixedForm = form): string | undefined {
  const read = readPrefixedUrls(text, of);
  return read.ok ? undefined : read.problem;
}

test('reads one or several URLs behind the prefix, with default ports, and the options of all', () => {
  const read = readPrefixedUrls(
    'Shelf+HTTP://a, shelf+https://b/front/?dc=west&tag=x , shelf+http://[::1]:80?tag=y&tag=x,shelf+https://c:443',
    form,
  );
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.urls.map(({ protocol, host, pathname }) => `${protocol}//${host}${pathname}`),
    ['http://a:7000/', 'https://b:7001/front/', 'http://[::1]/', 'https://c/'],
  );
  assert.deepEqual(
    [...read.value.options],
    [
      ['dc', 'west'],
      ['tag', 'x'],
      ['tag', 'y'],
    ],
  );
});

test('each mistake is described, with its place among several, and never repeated', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['shelf://secret:1', /^does not begin with shelf\+http:\/\/ or shelf\+https:\/\/$/],
    ['http://secret:1', /^does not begin with shelf\+http/],
    ['shelf+http:/secret', /^does not begin with shelf\+http/],
    ['shelf+ftp://secret', /^does not begin with shelf\+http/],
    ['shelf+http://', /^is not a URL with a valid host and port$/],
    ['shelf+http://secret:70000', /^is not a URL with a valid host and port$/],
    ['shelf+http://secret:0', /^is not a URL with a valid host and port$/],
    ['shelf+http://sec ret:1', /^is not a URL with a valid host and port$/],
    ['shelf+http://me:secret@a:1', /^contains a login: remove it, and set REGISTRY_TOKEN instead$/],
    ['shelf+http://secret@a', /^contains a login/],
    ['shelf+http://a:1/#secret', /^has a part after "#": remove it$/],
    ['shelf+http://a:1/secret/v1', /^ends in \/v1$/],
    ['shelf+http://a:1/?token=secret', /^has an unknown option after "\?" \(known: dc, tag\)$/],
    ['shelf+http://a:1,b:2', /^does not begin with .* \(URL 2\)$/],
    ['shelf+http://a:1,', /^does not begin with .* \(URL 2\)$/],
  ];
  for (const [text, expected] of cases) {
    assert.match(problemOf(text) ?? '', expected, text);
    assert.doesNotMatch(problemOf(text) ?? '', /secret/);
  }
});

test('a kind may ask for a port, and for no options', () => {
  const strict: PrefixedForm = { prefix: 'shelf', options: [], pathProblem: () => undefined };
  for (const text of ['shelf+http://a', 'shelf+https://a/x:1', 'shelf+http://[::1]/', 'shelf+http://a?b:1'])
    assert.equal(problemOf(text, strict), 'names no port', text);
  for (const text of ['shelf+http://a:80', 'shelf+https://[::1]:443/x'])
    assert.equal(problemOf(text, strict), undefined, text);
  assert.equal(problemOf('shelf+http://a:1?b', strict), 'has a part after "?": remove it');
});
