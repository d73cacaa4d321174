import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetOf } from '@flotilla/conformance';
import { Mistake } from '../arguments/mistake.ts';
import { readOptions } from '../arguments/read-options.ts';
import { upVerb } from '../verbs/up-verb.ts';
import { readUpWords, type UpOptions } from './up-words.ts';

const fleet = fleetOf();
const read = (line: string): UpOptions => readUpWords(readOptions(upVerb, line.split(' ').slice(1)), fleet);

test('up alone runs every program once', () => {
  const options = read('up');
  assert.deepEqual(
    options.only.map((program) => program.name),
    ['gateway', 'service-registry', 'user-service', 'order-service'],
  );
  assert.equal(options.scale.size, 0);
  assert.equal(options.freePorts, false);
});

test('--no-dashboard leaves out the dashboard, and --only does so unless it names it', () => {
  const whole = fleetOf({ dashboard: {} });
  const names = (line: string): readonly string[] =>
    readUpWords(readOptions(upVerb, line.split(' ').slice(1)), whole).only.map(({ name }) => name);
  assert.ok(names('up').includes('dashboard'));
  assert.ok(!names('up --no-dashboard').includes('dashboard'));
  assert.deepEqual(names('up --only user-service'), ['user-service']);
  assert.deepEqual(names('up --only user-service,dashboard'), ['user-service', 'dashboard']);
  assert.throws(() => names('up --only dashboard --no-dashboard'), Mistake);
});

test('--scale and --only are accepted in every usual form', () => {
  for (const line of [
    'up --scale order-service=3 --scale user-service=2',
    'up --scale=order-service=3,user-service=2',
  ]) {
    assert.deepEqual(
      [...read(line).scale],
      [
        ['order-service', 3],
        ['user-service', 2],
      ],
    );
  }
  const names = (line: string): string[] => read(line).only.map((program) => program.name);
  assert.deepEqual(names('up --only user-service,service-registry'), ['service-registry', 'user-service']);
  assert.deepEqual(names('up --only=gateway'), ['gateway']);
});

test('each mistake is answered with a correction', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['up now', /"now" is not expected.*npm start -- --verbose/],
    ['up --scale', /needs a value, such as --scale order-service=3/],
    ['up --only user-servise', /Did you mean user-service\?/],
    ['up --only billing', /Choose one of: gateway, service-registry, user-service, order-service/],
    ['up --scale order-service', /name=number/],
    ['up --scale order-service=0', /from 1 to 32.*--only/],
    ['up --scale order-service=1.5', /"1.5" is not a whole number/],
    ['up --scale order-service=-1', /"-1" is not a whole number/],
    ['up --scale order-service=1e9', /"1e9" is not a whole number/],
    ['up --scale order-service=33', /from 1 to 32/],
    ['up --scale service-registry=2', /runs once/],
    ['up --only gateway --scale user-service=2', /--only leaves this program out/],
    ['up --hang-limit 2', /from 3 to 86400, or 0/],
  ];
  for (const [line, message] of cases) {
    assert.throws(
      () => read(line),
      (error) => error instanceof Mistake && message.test(error.message),
      line,
    );
  }
});
