import { setTimeout as wait } from 'node:timers/promises';
import { type FaultProxy, freePort, withFaults } from '@flotilla/testing';
import { temporaryFolder } from '../e2e/support/fleet.ts';
import { spawnCommand } from '../e2e/support/spawned.ts';

/** What `npm start` runs, with somebody who asks it things, and order-service behind a proxy that can harm it. */
export interface DrillFleet extends AsyncDisposable {
  readonly dashboardUrl: string;
  readonly gatewayUrl: string;
  /** What stands between order-service and whoever calls it. */
  readonly orders: FaultProxy;
}

/** What people ask for, again and again. */
const asked = ['/users/1/orders', '/api/user-with-orders?user_id=1', '/users/2', '/orders?user_id=2', '/users'];

/** How long a person rests between two requests. */
const restMs = 60;

/** Starts the fleet on free ports, with data of its own. */
export async function startDrillFleet(): Promise<DrillFleet> {
  await using cleanup = new AsyncDisposableStack();
  const data = temporaryFolder();
  cleanup.defer(() => data.remove());
  const port = await freePort();
  const orders = cleanup.use(await withFaults(`http://127.0.0.1:${port}`));
  const env = { ORDER_SERVICE__SERVER_PORT: String(port), ORDER_SERVICE__ADVERTISE_PORT: String(orders.port) };
  const args = ['apps/cli/src/main.ts', 'up', '--free-ports', '--data', data.folder];
  const up = spawnCommand(process.execPath, args, { ...env, MAX_WORKERS: '1' });
  cleanup.defer(async () => {
    up.child.kill('SIGTERM');
    await up.ended;
  });
  await up.says(/Ctrl-C stops everything/);
  const [, dashboardUrl = ''] = await up.says(/^Dashboard: (\S+)$/m);
  const [, gatewayUrl = ''] = await up.says(/^ {2}gateway +(\S+)$/m);
  const load = askAlways(gatewayUrl);
  cleanup.defer(() => load.stop());
  const kept = cleanup.move();
  return { dashboardUrl, gatewayUrl, orders, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Asks one thing after the other, in two hands, whatever comes back. */
function askAlways(gatewayUrl: string): { stop(): Promise<void> } {
  const over = new AbortController();
  const hands = [0, 2].map(async (first) => {
    for (let index = first; !over.signal.aborted; index += 1) {
      const answer = fetch(gatewayUrl + (asked[index % asked.length] ?? '/'), { signal: over.signal });
      await answer.then((each) => each.arrayBuffer()).catch(() => undefined);
      await wait(restMs);
    }
  });
  return {
    async stop() {
      over.abort();
      await Promise.all(hands);
    },
  };
}
