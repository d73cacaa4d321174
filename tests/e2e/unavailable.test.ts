// A needed service is away: the gateway says which one, and when to try again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, send } from './support/ask.ts';
import { startFleet } from './support/fleet.ts';

test('an aggregate whose service is unavailable is 503 with Retry-After, and names the service', async () => {
  await using fleet = await startFleet({ args: ['--only', 'gateway,service-registry,user-service'] });
  const answer = await ask(`${fleet.url('gateway')}/api/user-with-orders?user_id=1`);
  assert.equal(answer.status, 503, answer.text);
  assert.equal((answer.json as { code: string }).code, 'ORDER_SERVICE_UNAVAILABLE');
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  const chinese = await ask(`${fleet.url('gateway')}/api/user-with-orders?user_id=1`, {
    headers: { 'accept-language': 'zh' },
  });
  assert.match(chinese.text, /订单服务不可用/);
  const proxied = await ask(`${fleet.url('gateway')}/api/order/?id=1`);
  assert.equal(proxied.status, 503, proxied.text);
  assert.match(proxied.headers.get('retry-after') ?? '', /^\d+$/);
  const user = await ask(`${fleet.url('gateway')}/api/user/?id=1`);
  assert.equal(user.status, 200, 'what does not need the missing service still works');
});

test('an order is not created while user-service is unavailable and has never told of the user', async () => {
  await using fleet = await startFleet({ args: ['--only', 'service-registry,order-service'] });
  const list = async (): Promise<string> => (await ask(`${fleet.url('order-service')}/orders`)).text;
  const before = await list();
  const answer = await send('POST', `${fleet.url('order-service')}/orders`, { user_id: 1, item: 'x', amount: 1 });
  assert.equal(answer.status, 503, answer.text);
  assert.equal((answer.json as { code: string }).code, 'USER_SERVICE_UNAVAILABLE');
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  assert.equal(await list(), before);
});
