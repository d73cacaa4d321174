import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettingsTable } from './settings-table.ts';

test('the table of settings is parsed by its columns', () => {
  const table = 'SETTING      VALUE      FROM\nSERVER_PORT  8001       default\nREDIS_URL    (not set)  unset\n';
  assert.deepEqual(readSettingsTable(table), [
    { name: 'SERVER_PORT', value: '8001', from: 'default' },
    { name: 'REDIS_URL', value: '(not set)', from: 'unset' },
  ]);
  assert.deepEqual(readSettingsTable('usage: x'), []);
});
