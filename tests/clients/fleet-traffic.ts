import type { Fleet } from '../e2e/support/fleet.ts';

/** What clients of the reference services do, with mistakes. */
const requests: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/users/1'],
  ['GET', '/api/user/?id=1'],
  ['GET', '/api/user-with-orders?user_id=1'],
  ['GET', '/users/1/orders'],
  ['GET', '/orders?user_id=1'],
  ['POST', '/orders', { user_id: 1, item: 'Tea', amount: 5 }],
  // order-service asks user-service about a user that it does not know.
  ['POST', '/orders', { user_id: 999_999, item: 'Tea', amount: 5 }],
  ['GET', '/users/999999'],
  ['GET', '/no-such-path'],
];
const pauseMs = 20;

/** Requests at the gateway, one after the other, until it is disposed of. Now and then an instance of order-service is killed. */
export function steadyTraffic(fleet: Fleet, killEvery = 150): AsyncDisposable {
  const gateway = fleet.url('gateway');
  let ended = false;
  const run = async (): Promise<void> => {
    for (let count = 0; !ended; count += 1) {
      const [method, path, body] = requests[count % requests.length] ?? ['GET', '/'];
      await fetch(`${gateway}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : {
              body: JSON.stringify(body),
              headers: { 'content-type': 'application/json', 'idempotency-key': `"order-${count}"` },
            }),
      })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
      if (count % killEvery === killEvery - 1) {
        const [victim] = fleet.processesOf('order-service');
        if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      ended = true;
      await running;
    },
  };
}
