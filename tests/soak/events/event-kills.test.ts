import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killAndReadBack } from './kill-and-read-back.ts';
import { databasesOf } from './tried-database.ts';

const seed = 20_261_201;

test(`services that are killed twelve times at labelled points lose no event, and apply none twice (seed ${seed})`, {
  timeout: 180_000,
}, async () => {
  await using databases = await databasesOf('sqlite');
  const report = await killAndReadBack({ kills: 12, seed, databaseOf: (name) => databases.make(name) });
  assert.deepEqual(report.findings, []);
  // It has to have met what it is about.
  assert.ok(report.events > 12, `${report.events} events were told`);
});
