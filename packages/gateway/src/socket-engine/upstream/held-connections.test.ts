import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultEngineLimits } from '../../config/limits.ts';
import type { RequestHead } from '../../headers/request-head.ts';
import { ConnectionUse, HeldConnections } from './held-connections.ts';
import { connectionShares } from './pool-settings.ts';

/** Who is counted as who it says; of a head only that is used. */
const head = (remoteAddress: string): RequestHead => ({ remoteAddress }) as unknown as RequestHead;

function heldBy(...clients: string[]): { readonly use: ConnectionUse }[] {
  return clients.map((client) => {
    const use = new ConnectionUse();
    use.begin(head(client), 0);
    return { use };
  });
}

test('counts are the same, whether kept up to date or computed anew', () => {
  let asked = 0;
  const open = heldBy('a', 'b', 'a');
  const held = new HeldConnections(open, {
    ...{ shares: connectionShares(defaultEngineLimits), configured: defaultEngineLimits },
    countedClient({ remoteAddress }) {
      asked += 1;
      return remoteAddress;
    },
  });
  for (const { use } of open) held.taken(use);
  assert.equal(asked, 0, 'nobody has asked');
  assert.equal(held.plainOf('a'), 2);
  const [first, second] = open;
  assert.ok(first !== undefined && second !== undefined);
  held.released(first.use);
  first.use.end();
  held.released(first.use);
  held.released(second.use);
  second.use.longLived = true;
  held.released(second.use);
  const [more] = heldBy('b');
  assert.ok(more !== undefined);
  held.taken(more.use);
  open.push(more);
  const kept = [held.plainOf('a'), held.plainOf('b'), held.plainOf('c')];
  held.forget();
  assert.deepEqual(kept, [held.plainOf('a'), held.plainOf('b'), held.plainOf('c')]);
  assert.deepEqual(kept, [1, 1, 0]);
});
