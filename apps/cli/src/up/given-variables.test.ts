import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { givenVariables } from './given-variables.ts';

test('a secret inside a value is hidden', () => {
  const secrets: Readonly<Record<string, string>> = {
    DB_PWD: 'hunter2',
    DSN: 'Server=db;User Id=me;Password=hunter2;Port=5432',
    LIBPQ: "host=db password='hunter2 hunter2' user=me",
    HOOK: 'https://hooks/?room=7&access_token=hunter2',
    OPTIONS: '--api-key hunter2 --verbose --secret=hunter2',
    SETTINGS: '{"user":"me","dbPassword": "hunter2"}',
    SEVERAL: 'redis://:hunter2@a,redis://:hunter2@b',
  };
  const table = givenVariables({ program: { env: secrets }, env: secrets } as unknown as PlacedSpec);
  assert.doesNotMatch(table, /hunter2/);
  for (const shown of ['Server=db', 'Port=5432', 'user=me', 'room=7', '--verbose', '"user":"me"', '@b'])
    assert.ok(table.includes(shown), table);
});

test('the variables that a program gets are shown, without secrets', () => {
  const own = { STORE_URL: 'redis://me:hunter2@store:6379', API_KEY: 'hunter2', MODE: 'fast' };
  const env = { ...own, PATH: '/bin', SERVER_PORT: '8004', PORT: '8004', REGISTRY_URL: 'http://127.0.0.1:8500' };
  // Of a whole spec only these are looked at.
  const table = givenVariables({ program: { env: own }, env } as unknown as PlacedSpec);
  assert.deepEqual(
    table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ +/)),
    [
      ['SETTING', 'VALUE', 'FROM'],
      ['SERVER_PORT', '8004', 'fleet'],
      ['PORT', '8004', 'fleet'],
      ['REGISTRY_URL', 'http://127.0.0.1:8500', 'fleet'],
      ['STORE_URL', 'redis://***@store:6379', 'flotilla.config.ts'],
      ['API_KEY', '***', 'flotilla.config.ts'],
      ['MODE', 'fast', 'flotilla.config.ts'],
    ],
  );
});
