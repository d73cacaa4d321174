import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findSetting, nearestName, readArguments } from './index.ts';

describe('nearestName', () => {
  it('finds the name that was probably meant, or none if nothing is close', () => {
    const names = ['--server-port', '--server-host', '--log-level'];
    assert.equal(nearestName('--sever-port', names), '--server-port');
    assert.equal(nearestName('--loglevel', names), '--log-level');
    assert.equal(nearestName('--zzz', names), undefined);
  });

  it('counts two swapped letters as one mistake', () => {
    assert.equal(nearestName('USER_SERVCIE__', ['USER_SERVICE__'], 1), 'USER_SERVICE__');
    assert.equal(nearestName('USER_SERCVEI__', ['USER_SERVICE__'], 1), undefined);
    assert.equal(nearestName('USER__', ['USER_SERVICE__'], 1), undefined);
  });

  it('finds a distance of at most one change per letter, and zero only for the name itself', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        assert.equal(nearestName(a, [b], Math.max(a.length, b.length)), b);
        assert.equal(nearestName(a, [a], 0), a);
        assert.equal(nearestName(a, [b], 1) === b, nearestName(b, [a], 1) === a);
      }),
    );
  });
});

describe('findSetting', () => {
  it("prefers a program's own variable to that of all programs, and that to the file; an empty one counts as unset", () => {
    const file = new Map([['LOG_LEVEL', 'file']]);
    const env = { LOG_LEVEL: 'all', USER_SERVICE__LOG_LEVEL: 'own' };
    const find = (variables: Record<string, string>) =>
      findSetting('user-service', 'LOG_LEVEL', { env: variables, file });
    assert.deepEqual(find(env), { place: 'own-variable', name: 'USER_SERVICE__LOG_LEVEL', value: 'own' });
    assert.deepEqual(find({ ...env, USER_SERVICE__LOG_LEVEL: '' })?.value, 'all');
    assert.deepEqual(find({ LOG_LEVEL: '' }), { place: 'file', name: 'LOG_LEVEL', value: 'file' });
    assert.equal(findSetting('user-service', 'LOG_LEVEL', { env: {} }), undefined);
  });
});

describe('readArguments', () => {
  const read = (...argv: string[]) => readArguments(argv, { valued: ['--port'], alone: ['--quiet', '-h'] });

  it('reads a value after "=" and in the next argument', () => {
    const port = { kind: 'flag', flag: '--port', value: '1' };
    assert.deepEqual(read('--port=1', '--port', '1'), [port, port]);
    assert.deepEqual(read('--port=a=b'), [{ ...port, value: 'a=b' }]);
  });

  it('takes no value for a boolean flag', () => {
    assert.deepEqual(read('--quiet', 'x', '-h', '--quiet=no'), [
      { kind: 'alone', flag: '--quiet', value: undefined },
      { kind: 'word', word: 'x' },
      { kind: 'alone', flag: '-h', value: undefined },
      { kind: 'alone', flag: '--quiet', value: 'no' },
    ]);
  });

  it('does not use a flag as a value', () => {
    const none = { kind: 'no-value', flag: '--port' };
    assert.deepEqual(read('--port', '--quiet', 'x'), [none, ...read('--quiet', 'x')]);
    assert.deepEqual(read('--port', '--', '--port'), [none, { kind: 'word', word: '--port' }]);
    assert.deepEqual(read('--port', '-1'), [{ kind: 'flag', flag: '--port', value: '-1' }]);
    assert.deepEqual([read('--port'), read('--port='), read('--port', '')], [[none], [none], [none]]);
  });

  it('reports an unknown flag once, as it was written', () => {
    for (const [written, flag] of [
      ['--prot=1', '--prot'],
      ['-p=1', '-p'],
      ['-abc', '-abc'],
      ['--__proto__', '--__proto__'],
      ['--constructor=1', '--constructor'],
    ] as const)
      assert.deepEqual(read(written), [{ kind: 'unknown', flag }], written);
  });

  it('treats everything after "--" as words', () => {
    assert.deepEqual(read('--', '--port'), [{ kind: 'word', word: '--port' }]);
  });

  it('reads any command line', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('--port', '--quiet', '-h', '--', '-', '=', '--=', '-=', '--port='),
    );
    fc.assert(fc.property(fc.array(word), (argv) => read(...argv).length <= 2 * argv.length));
  });
});
