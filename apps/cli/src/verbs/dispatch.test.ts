import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import fc from 'fast-check';
import type { Given } from '../arguments/given.ts';
import type { Verb } from '../arguments/verb.ts';
import { dispatch } from './dispatch.ts';
import { verbTable } from './verb-table.ts';

/** A verb that does nothing but keep what it was given. */
function recorded(given: Given[]): Verb {
  return {
    name: 'sail',
    summary: 'go somewhere',
    words: { usage: '<port…>', atLeast: 1, atMost: 2, missing: 'Say where to go, for example: flotilla sail rome' },
    options: [
      { flag: '--knots', value: '<number>', summary: 'how fast', example: '12' },
      { flag: '--at-night', summary: 'also at night' },
    ],
    examples: [{ line: 'flotilla sail rome', does: 'go to Rome' }],
    async run(what) {
      given.push(what);
      return 0;
    },
  };
}

async function run(words: readonly string[], verbs?: readonly Verb[]) {
  const given: Given[] = [];
  const out = { stdout: '', stderr: '' };
  const code = await dispatch(words, {
    env: {},
    stdout: { write: (text) => (out.stdout += text) },
    stderr: { write: (text) => (out.stderr += text) },
    clock: systemClock,
    random: Math.random,
    cwd: '/',
    startedMs: 0,
    version: '1.2.3',
    verbs: verbs ?? [...verbTable.filter(({ name }) => name !== 'up'), recorded(given)],
    onStopRequest: () => undefined,
  });
  return { code, given, ...out };
}

const line = (text: string) => run(text.split(' ').filter((word) => word !== ''));

describe('a command line', () => {
  test('passes words and options to a command, in every usual form', async () => {
    for (const text of ['sail rome --knots 12 --at-night', 'sail --at-night --knots=12 rome']) {
      const { code, given } = await line(text);
      assert.equal(code, 0);
      assert.deepEqual(given[0]?.words, ['rome']);
      assert.equal(given[0]?.value('--knots'), '12');
      assert.equal(given[0]?.has('--at-night'), true);
      assert.equal(given[0]?.value('--at-night'), undefined);
    }
    const { given } = await line('sail rome --knots 1,2 --knots 3');
    assert.deepEqual(given[0]?.list('--knots'), ['1', '2', '3']);
    assert.equal(given[0]?.value('--knots'), '3');
  });

  test('with a mistake is answered with a correction, exit code 64 and nothing on stdout', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /flotilla up/],
      ['sial', /Unknown command "sial"\. Did you mean sail\?\nflotilla --help/],
      ['anchor-the-ship', /Choose one of: .*doctor, .*sail/],
      ['--knots 12', /A command comes before its options/],
      ['sail', /flotilla sail rome\nflotilla sail --help/],
      ['sail a b c', /"c" is not expected here\. It takes 2 words/],
      ['sail rome --knot 3', /Did you mean --knots\?/],
      ['sail rome --fast', /Unknown option --fast\.\n/],
      ['sail rome --knots', /--knots needs a value, such as --knots 12/],
      ['sail rome --knots --at-night', /--knots needs a value/],
      ['sail rome --knots=', /--knots needs a value/],
      ['sail rome --at-night=yes', /--at-night takes no value/],
      ['version now', /"now" is not expected here\. Options begin with "--"/],
      ['completion ksh', /Unknown shell "ksh"\. Choose one of: /],
    ];
    for (const [text, expected] of cases) {
      const { code, stdout, stderr, given } = await line(text);
      assert.equal(code, 64, text);
      assert.match(stderr, expected, text);
      assert.equal(stdout, '', text);
      assert.equal(given.length, 0, text);
    }
  });

  test('is answered, however odd it is', async () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('sail', '--knots', '--help', 'help', '--json', '--', '='));
    await fc.assert(
      fc.asyncProperty(fc.array(word), async (words) => {
        const { code, stdout, stderr, given } = await run(words);
        assert.ok(code === 64 ? stderr !== '' && stdout === '' : stdout !== '' || given.length === 1);
      }),
    );
  });
});

describe('help', () => {
  test('lists every command, and explains one wherever it is requested', async () => {
    const { stdout } = await line('--help');
    for (const { name } of verbTable.filter(({ name }) => name !== 'up'))
      assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
    assert.match(stdout, /^ {2}64 /m);
    for (const text of ['sail --help', 'sail rome -h', 'help sail', 'sail --knots --help']) {
      const { code, stdout: about } = await line(text);
      assert.equal(code, 0);
      assert.match(about, /^flotilla sail <port…> \[options\]\n\nGo somewhere\.\n/);
      assert.match(about, /--knots <number> +how fast/);
    }
  });

  test('fits the terminal', async () => {
    for (const columns of [40, 80]) {
      for (const words of [['--help'], ...verbTable.map(({ name }) => ['help', name])]) {
        let stdout = '';
        const stream = { isTTY: true, columns, write: (text: string) => (stdout += text) };
        await dispatch(words, {
          env: {},
          stdout: stream,
          stderr: stream,
          clock: systemClock,
          random: Math.random,
          cwd: '/',
          startedMs: 0,
          version: '1.2.3',
          verbs: verbTable,
          onStopRequest: () => undefined,
        });
        // What is to be typed is never broken.
        const long = stdout.split('\n').filter((each) => each.length > columns && !/flotilla|--/.test(each));
        assert.deepEqual(long, [], words.join(' '));
      }
    }
  });

  test('is JSON with --json', async () => {
    const { stdout } = await line('help sail --json');
    const { commands } = JSON.parse(stdout) as { commands: { name: string; options: unknown[] }[] };
    assert.deepEqual([commands.length, commands[0]?.name, commands[0]?.options.length], [1, 'sail', 2]);
  });

  test('has an example for each option that takes a value', () => {
    for (const { name, options } of verbTable)
      for (const { flag, value, example } of options)
        assert.equal(example === undefined, value === undefined, `${name} ${flag}`);
  });
});

test('the version is printed', async () => {
  for (const text of ['--version', '-v', 'version'])
    assert.match((await line(text)).stdout, /^flotilla 1\.2\.3 \(Node v/);
  assert.equal((JSON.parse((await line('version --json')).stdout) as { version: string }).version, '1.2.3');
});
