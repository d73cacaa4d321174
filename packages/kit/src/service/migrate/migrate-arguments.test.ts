import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flag, text } from '../../config/index.ts';
import { type MigrateRequest, readMigrateArguments } from './migrate-arguments.ts';

const settings = {
  DATABASE_URL: text({ describe: 'The database', default: 'sqlite:x.db' }),
  SEED_DEMO_DATA: flag({ describe: 'Rows', default: true }),
};
const ids = ['0001-one', '0002-two', '0010-ten'];
const read = (line: string): MigrateRequest =>
  readMigrateArguments(
    line.split(' ').filter((word) => word !== ''),
    settings,
    ids,
  );
const run = { kind: 'run', dryRun: false, json: false, settings: [] } as const;

test('up goes to the end, and down takes back one, unless they are told how far', () => {
  assert.deepEqual(read('status --json'), { ...run, verb: 'status', target: { kind: 'all' }, json: true });
  assert.deepEqual(read('up'), { ...run, verb: 'up', target: { kind: 'all' } });
  assert.deepEqual(read('down'), { ...run, verb: 'down', target: { kind: 'steps', steps: 1 } });
  assert.deepEqual(read('--dry-run up --steps 2'), {
    ...run,
    verb: 'up',
    target: { kind: 'steps', steps: 2 },
    dryRun: true,
  });
  assert.deepEqual(read('down --to 0002-two'), { ...run, verb: 'down', target: { kind: 'to', id: '0002-two' } });
  assert.deepEqual(read('up --to=0010'), { ...run, verb: 'up', target: { kind: 'to', id: '0010-ten' } });
  assert.deepEqual(read('down --to none'), { ...run, verb: 'down', target: { kind: 'to', id: undefined } });
});

test('flags of settings are passed on', () => {
  const given = read('up --database-url=sqlite:y.db --seed-demo-data --config-file a.json');
  assert.deepEqual(given, {
    ...run,
    verb: 'up',
    target: { kind: 'all' },
    settings: ['--database-url=sqlite:y.db', '--seed-demo-data', '--config-file=a.json'],
  });
});

test('help is help, wherever it is asked for', () => {
  for (const line of ['--help', '-h', 'up --help', 'down --to 9 --help'])
    assert.deepEqual(read(line), { kind: 'help' });
});

for (const [line, said] of [
  ['', /Say what to do: status, up or down/],
  ['stats', /"stats" is none of status, up and down\. Did you mean status\?/],
  ['up down', /"down" is one word too many/],
  ['up --stpes 2', /no flag --stpes\. Did you mean --steps\?/],
  ['up --steps', /--steps needs a value: --steps 2/],
  ['up --steps 0', /whole number from 1, not "0"/],
  ['up --steps 1 --to 0001', /not both/],
  ['up --to 9', /no migration "9"\. There are 0001-one, 0002-two, 0010-ten\.$/],
  ['up --to none', /no migration "none"/],
  ['down --to 00', /no migration "00".*, or none\.$/],
  ['status --dry-run', /--dry-run belongs to up and down/],
  ['status --to 0001', /--to and --steps belong to up and down/],
] as const) {
  test(`"migrate ${line}" is refused with what is wrong`, () => {
    const request = read(line);
    assert.equal(request.kind, 'mistake');
    assert.match(request.kind === 'mistake' ? request.message : '', said);
  });
}
