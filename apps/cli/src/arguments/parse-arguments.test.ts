import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseArguments, type UpOptions } from './parse-arguments.ts';

function upOptions(line: string): UpOptions {
  const command = parseArguments(line.split(' '));
  assert.equal(command.kind, 'up', command.kind === 'mistake' ? command.message : command.kind);
  return command.kind === 'up' ? command.options : assert.fail();
}

function mistake(line: string): string {
  const command = parseArguments(line === '' ? [] : line.split(' '));
  assert.equal(command.kind, 'mistake');
  return command.kind === 'mistake' ? command.message : assert.fail();
}

test('up alone runs every program once', () => {
  const options = upOptions('up');
  assert.deepEqual(
    options.only.map((program) => program.name),
    ['gateway', 'service-registry', 'user-service', 'order-service'],
  );
  assert.equal(options.scale.size, 0);
  assert.equal(options.freePorts, false);
});

test('scale and only can be given in every usual form', () => {
  for (const line of [
    'up --scale order-service=3 --scale user-service=2',
    'up --scale=order-service=3,user-service=2',
  ]) {
    assert.deepEqual(
      [...upOptions(line).scale],
      [
        ['order-service', 3],
        ['user-service', 2],
      ],
    );
  }
  const names = (line: string): string[] => upOptions(line).only.map((program) => program.name);
  assert.deepEqual(names('up --only user-service,service-registry'), ['service-registry', 'user-service']);
  assert.deepEqual(names('up --only=gateway'), ['gateway']);
});

test('help and version are understood anywhere', () => {
  assert.equal(parseArguments(['--help']).kind, 'help');
  assert.equal(parseArguments(['up', '--only', 'gateway', '-h']).kind, 'help');
  assert.equal(parseArguments(['--version']).kind, 'version');
});

test('each mistake is answered with what would be right', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /flotilla up/],
    ['start', /"start" is not a command/],
    ['up --scal order-service=3', /Did you mean --scale\?/],
    ['up --loud', /no option --loud/],
    ['up now', /"now" is not expected.*npm start -- --scale/],
    ['up --scale', /needs a value, for example --scale order-service=3/],
    ['up --only --free-ports', /--only needs a value/],
    ['up --only=', /--only needs a value/],
    ['up --free-ports=yes', /takes no value/],
    ['up --only user-servise', /Did you mean user-service\?/],
    ['up --only billing', /There are: gateway, service-registry, user-service, order-service/],
    ['up --scale order-service', /name=number/],
    ['up --scale order-service=0', /from 1 to 32.*--only/],
    ['up --scale order-service=1.5', /"1.5" is not a whole number/],
    ['up --scale order-service=-1', /"-1" is not a whole number/],
    ['up --scale order-service=1e9', /"1e9" is not a whole number/],
    ['up --scale order-service=33', /from 1 to 32/],
    ['up --scale service-registry=2', /runs once/],
    ['up --only gateway --scale user-service=2', /--only leaves this program out/],
  ];
  for (const [line, expected] of cases) assert.match(mistake(line), expected, line);
});

test('no command line is too odd to be answered', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('up', '--scale', '--only', 'gateway', 'gateway=2', '--', '='));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      assert.match(parseArguments(words).kind, /^(up|help|version|mistake)$/);
    }),
  );
});
