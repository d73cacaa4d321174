import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, readVersion, type Version } from './version.ts';

function version(text: string): Version {
  const read = readVersion(text);
  assert.ok(read, text);
  return read;
}

test('only complete versions are valid', () => {
  for (const text of [
    '',
    '1',
    '1.2',
    'v1.2.3',
    '1.2.3.4',
    '01.2.3',
    '1.2.3-',
    '1.2.3-rc',
    '1.2.3-foo.1',
    '1.2.3 ',
    'latest',
  ])
    assert.equal(readVersion(text), undefined, text);
});

test('versions are ordered by number, and prereleases come before their release', () => {
  const texts = ['0.9.9', '0.10.0', '1.0.0-alpha.2', '1.0.0-beta.1', '1.0.0-rc.9', '1.0.0-rc.10', '1.0.0', '1.0.1'];
  const shuffled = [...texts].sort().map(version).sort(compareVersions);
  assert.deepEqual(
    shuffled.map(({ text }) => text),
    texts,
  );
  assert.equal(compareVersions(version('1.0.0-rc.1'), version('1.0.0-rc.1')), 0);
});
