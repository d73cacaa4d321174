import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rendered } from './answer.ts';
import { SharedBodies } from './shared-bodies.ts';

test('an answer is made once for each state of what is asked for, and forgotten when others need the room', () => {
  const bodies = new SharedBodies();
  let made = 0;
  const make = (size: number) => (): Rendered => {
    made += 1;
    return { status: 200, headers: {}, body: Buffer.alloc(size) };
  };
  const first = bodies.get('a', '1', make(1));
  assert.equal(bodies.get('a', '1', make(1)), first);
  assert.notEqual(bodies.get('b', '1', make(1)), first);
  assert.notEqual(bodies.get('a', '2', make(1)), first);
  assert.equal(made, 3);
  for (let index = 0; index < 20; index += 1) bodies.get(`large ${index}`, '1', make(1_000_000));
  bodies.get('large 19', '1', make(1));
  assert.equal(made, 23);
  bodies.get('a', '2', make(1));
  assert.equal(made, 24);
});
