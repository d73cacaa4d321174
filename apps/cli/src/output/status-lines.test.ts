import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth } from '@flotilla/kit/text-width';
import fc from 'fast-check';
import { type StatusProgram, statusLines } from './status-lines.ts';

const fleet: readonly StatusProgram[] = [
  { name: 'gateway', port: 8080, states: ['ready'] },
  { name: 'service-registry', port: 8500, states: ['ready'] },
  { name: 'user-service', port: 8001, states: ['ready', 'restarting'] },
  { name: 'order-service', port: 8002, states: ['starting'] },
];
const plain = { columns: 120, rows: 24, colour: false, unicode: true };

test('a wide terminal shows everything in one line', () => {
  assert.deepEqual(statusLines(fleet, plain), [
    '● gateway :8080  ● service-registry :8500  ○ user-service ×2 :8001 restarting  ○ order-service :8002 starting',
  ]);
});

test('a narrower one shows two lines, then no ports, then only unhealthy programs', () => {
  assert.deepEqual(statusLines(fleet, { ...plain, columns: 80 }), [
    '● gateway :8080  ● service-registry :8500  ○ user-service ×2 :8001 restarting',
    '○ order-service :8002 starting',
  ]);
  assert.deepEqual(statusLines(fleet, { ...plain, columns: 60 }), [
    '● gateway  ● service-registry  ○ user-service ×2 restarting',
    '○ order-service starting',
  ]);
  assert.deepEqual(statusLines(fleet, { ...plain, columns: 40 }), ['2 of 4 ready, user-service restarting,…']);
  assert.equal(statusLines(fleet, { ...plain, columns: 80, rows: 8 }).length, 1);
});

test('states differ without colours, and in ASCII', () => {
  const [line = ''] = statusLines(fleet.slice(2), { ...plain, unicode: false });
  assert.equal(line, '- user-service x2 :8001 restarting  - order-service :8002 starting');
  assert.match(statusLines(fleet, { ...plain, colour: true })[0] ?? '', /32m●/);
});

test('the status is never wider than the terminal and never more than two lines', () => {
  const program = fc.record({
    name: fc.stringMatching(/^[a-z][a-z-]{0,40}$/),
    port: fc.option(fc.nat(65_535), { nil: undefined }),
    states: fc.array(fc.constantFrom('ready', 'starting', 'restarting', 'stopped', 'ended'), {
      minLength: 1,
      maxLength: 5,
    }),
  });
  fc.assert(
    fc.property(
      fc.array(program),
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 1, max: 60 }),
      (programs, columns, rows) => {
        const lines = statusLines(programs, { columns, rows, colour: true, unicode: true });
        assert.ok(lines.length <= 2);
        for (const line of lines) assert.ok(textWidth(line) < columns, line);
      },
    ),
  );
});
