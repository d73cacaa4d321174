import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../engine/programs.ts';
import { goFor } from '../go-for.ts';
import { countedTests } from './counted.ts';
import { runSuite } from './run-suite.ts';
import { buildSuite } from './suite-build.ts';

/** Tests of the official client that pass with our registry, one per line. */
const expected = readFileSync(join(import.meta.dirname, 'expected-passes.txt'), 'utf8')
  .trim()
  .split('\n');

test('the tests of the official Go client that passed still pass', { timeout: 600_000 }, async (t) => {
  const go = goFor(t);
  if (go === undefined) return;
  const folder = temporaryFolder(t);
  const suite = await buildSuite(go, 'api', folder, { forOurs: true });
  const counted = await countedTests(suite);
  assert.deepEqual(
    expected.filter((name) => !counted.includes(name)),
    [],
    'expected, but no test that counts',
  );
  const { verdicts } = await runSuite(suite, { folder, tests: expected });
  const slow = expected.filter((name) => verdicts.get(name) !== 'pass');
  t.diagnostic(`${expected.length - slow.length} of ${expected.length} pass at once`);
  if (slow.length === 0) return;
  // They have fixed waits, which a busy machine does not keep: what failed gets the machine for itself.
  const again = await runSuite(suite, { folder, tests: slow, parallel: 1 });
  assert.deepEqual(
    slow.filter((name) => again.verdicts.get(name) !== 'pass'),
    [],
    again.output,
  );
});

test('the tests of the official Go client for its watch plans pass', { timeout: 600_000 }, async (t) => {
  const go = goFor(t);
  if (go === undefined) return;
  const folder = temporaryFolder(t);
  const suite = await buildSuite(go, 'watch', folder, { forOurs: true });
  const tests = await countedTests(suite);
  assert.ok(tests.length > 20, `only ${tests.length} tests`);
  const { verdicts, output } = await runSuite(suite, { folder, tests });
  assert.deepEqual(
    tests.filter((name) => verdicts.get(name) !== 'pass'),
    [],
    output,
  );
});
