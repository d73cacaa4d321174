import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantsColour } from '@flotilla/kit/terminal';
import fc from 'fast-check';
import { FleetOutput } from './fleet-output.ts';
import { LineSplitter } from './line-splitter.ts';

class Sink {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

function setUp(format: 'pretty' | 'json' = 'pretty', coloured = false) {
  const stdout = new Sink();
  const stderr = new Sink();
  const colour = { stdout: coloured, stderr: coloured };
  const output = new FleetOutput({ names: ['gateway', 'user-service'], stdout, stderr, colour, format });
  return { output, stdout, stderr };
}

test('each line carries the name of its process, padded to the same width', () => {
  const { output, stdout, stderr } = setUp();
  output.stream('gateway', 'stdout').push(Buffer.from('one\ntwo\n'));
  output.stream('user-service', 'stderr').push(Buffer.from('bad\n'));
  output.say('hello');
  assert.equal(stdout.text, 'gateway      | one\ngateway      | two\nflotilla     | hello\n');
  assert.equal(stderr.text, 'user-service | bad\n');
});

test('lines of two processes are never mixed, however their bytes arrive', () => {
  const { output, stdout } = setUp();
  const a = output.stream('gateway', 'stdout');
  const b = output.stream('user-service', 'stdout');
  a.push(Buffer.from('first '));
  b.push(Buffer.from('other\n'));
  a.push(Buffer.from('half'));
  a.end();
  assert.equal(stdout.text, 'user-service | other\ngateway      | first half\n');
});

test('a JSON log line is shown as readable text, with its fields and the stack of its error', () => {
  const { output, stdout } = setUp();
  const line = {
    level: 'error',
    time: '2026-01-01T00:00:00.250Z',
    service: 'gateway',
    instance: 'gateway',
    port: 8080,
    text: 'a b',
    err: { message: 'no', stack: 'Error: no\n    at x', cause: { message: 'because' } },
    msg: 'it\u001b[31m failed',
  };
  output.stream('gateway', 'stdout').push(Buffer.from(`${JSON.stringify(line)}\n`));
  const [first = '', ...rest] = stdout.text.split('\n');
  assert.match(first, /^gateway {6}\| \d\d:\d\d:\d\d\.250 ERROR it\\u001b\[31m failed port=8080 text="a b"$/);
  assert.deepEqual(rest, [
    'gateway      |     Error: no',
    'gateway      |         at x',
    'gateway      |     caused by: because',
    '',
  ]);
});

test("with LOG_FORMAT=json lines are passed on unchanged, and the supervisor's are JSON too", () => {
  const { output, stdout } = setUp('json');
  output.stream('gateway', 'stdout').push(Buffer.from('{"level":"info","time":"t","msg":"m"}\n'));
  output.say('hello');
  const [first = '', second = ''] = stdout.text.split('\n');
  assert.equal(first, '{"level":"info","time":"t","msg":"m"}');
  assert.equal((JSON.parse(second) as { msg: string }).msg, 'hello');
});

test('names are coloured only if colours are enabled', () => {
  const { output, stdout } = setUp('pretty', true);
  output.stream('gateway', 'stdout').push(Buffer.from('x\n'));
  assert.equal(stdout.text, '\u001b[36mgateway      |\u001b[0m x\n');
});

test('when muted, errors are still shown', () => {
  const { output, stdout, stderr } = setUp();
  output.mute();
  output.stream('gateway', 'stdout').push(Buffer.from('x\n'));
  output.stream('gateway', 'stderr').push(Buffer.from('y\n'));
  assert.equal(stdout.text, '');
  assert.equal(stderr.text, 'gateway      | y\n');
});

test('text split anywhere, even inside a character, gives the same lines', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(40)), (parts, cuts) => {
      const text = parts.map((part) => part.replace(/[\r\n]/g, '')).join('\n');
      const bytes = Buffer.from(text);
      const splitter = new LineSplitter();
      const lines: string[] = [];
      let from = 0;
      for (const cut of cuts) {
        lines.push(...splitter.push(bytes.subarray(from, from + cut)));
        from += cut;
      }
      lines.push(...splitter.push(bytes.subarray(from)), ...splitter.end());
      assert.equal(lines.join('\n'), text.endsWith('\n') ? text.slice(0, -1) : text);
    }),
  );
});

test('a line without an end is passed on in pieces instead of being buffered', () => {
  const splitter = new LineSplitter();
  assert.equal(splitter.push(Buffer.alloc(200_000, 'a')).length, 3);
});

test('colour follows FORCE_COLOR, then NO_COLOR, then the terminal', () => {
  const terminal = { isTTY: true };
  assert.equal(wantsColour({}, terminal), true);
  assert.equal(wantsColour({}, {}), false);
  assert.equal(wantsColour({ TERM: 'dumb' }, terminal), false);
  assert.equal(wantsColour({ NO_COLOR: '1' }, terminal), false);
  assert.equal(wantsColour({ NO_COLOR: '' }, terminal), true);
  assert.equal(wantsColour({ FORCE_COLOR: '1' }, {}), true);
  assert.equal(wantsColour({ FORCE_COLOR: '1', NO_COLOR: '1' }, {}), true);
  assert.equal(wantsColour({ FORCE_COLOR: '0' }, terminal), false);
});

test("a program's line cannot control the terminal, end the supervisor or imitate a log line", () => {
  const { output, stdout } = setUp();
  const stream = output.stream('gateway', 'stdout');
  const escape = String.fromCharCode(0x1b);
  const deep = `{"level":"info","time":"t","msg":"m","a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  const field = { level: 'info', time: '\u009b2J', msg: '\u001b[2J', path: '\u009b31m\u202e', '\u007f': '\u0085 x' };
  stream.push(Buffer.from(`${deep}\n${JSON.stringify(field)}\nplain \u001b[31mred\u001b[0m \u001b]0;title\u0007\n`));
  stream.end();
  assert.doesNotMatch(
    stdout.text.replaceAll(new RegExp(`\n|${escape}\\[(?:31|0)m`, 'g'), ''),
    /[\p{Cc}\p{Bidi_Control}]/u,
  );
  assert.match(stdout.text, new RegExp(`plain ${escape}\\[31mred${escape}\\[0m \\\\u001b\\]0;title\\\\u0007`));
  assert.ok(stdout.text.includes(deep), 'shown as it is');
});
