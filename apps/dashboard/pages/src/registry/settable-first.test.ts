import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigSetting } from '@flotilla/dashboard/wire';
import { settableFirst } from './settable-first.ts';

test('what is set for the service comes first, then what is set for all, what could be set, and what cannot', () => {
  const order = settableFirst([
    setting('LOCAL', { local: 'It is a secret.' }),
    setting('B_FREE', {}),
    setting('A_FREE', {}),
    setting('SHARED', { shared: '1' }),
    setting('OWN', { value: '1', shared: '2' }),
    setting('HIDDEN', { isHidden: true, local: 'It is a secret.' }),
  ]);
  assert.deepEqual(
    order.map(({ name }) => name),
    ['HIDDEN', 'OWN', 'SHARED', 'A_FREE', 'B_FREE', 'LOCAL'],
  );
});

function setting(name: string, rest: Partial<ConfigSetting>): ConfigSetting {
  return { name, live: false, isHidden: false, ...rest };
}
