import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UpstreamRoom } from './upstream-room.ts';

test('when all room is taken, an idle connection makes way; without one, the attempt fails', () => {
  let idle = 1;
  const room: UpstreamRoom = new UpstreamRoom(2, () => {
    if (idle === 0) return false;
    idle -= 1;
    room.give();
    return true;
  });
  assert.deepEqual([room.take(), room.take(), room.take()], [undefined, undefined, undefined]);
  assert.equal(room.take()?.kind, 'exhausted');
  room.give();
  assert.equal(room.take(), undefined);
});
