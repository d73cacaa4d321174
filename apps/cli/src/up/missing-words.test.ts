import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { missingWords } from './missing-words.ts';

test('waiting is reported with the program and what it lacks', () => {
  const words = (program: object, port?: number, after: readonly string[] = []): string => {
    const all = { role: 'service', launch: { kind: 'command' }, health: undefined, ...program };
    // Of a whole spec only these are looked at.
    return missingWords({ name: 'stock', program: all, port, after } as unknown as PlacedSpec, ['db', 'stock']);
  };
  assert.equal(words({}, 8004, ['db', 'cache']), 'stock (which waits for db)');
  assert.equal(words({ health: { path: '/up' } }, 8004), 'stock (whose /up on port 8004 does not answer well)');
  assert.equal(words({}, 8004), 'stock (which does not listen on port 8004)');
  assert.equal(words({}), 'stock');
  assert.match(words({ launch: { kind: 'node' } }, 8004), /not said that it is ready; .* set "health"/);
  assert.equal(words({ launch: { kind: 'node' }, role: 'gateway' }, 8080), 'stock');
});
