// What others rely on. If this fails after a change, they would have to change first.
import { test } from 'node:test';
import { readAllExpectations, spawnProgram, verifyExpectations } from '@flotilla/testing';

const consumers = new URL('../../../packages/order-contract/expectations/', import.meta.url);

test('order-service answers as its consumers expect', async () => {
  await using program = await spawnProgram({
    entry: new URL('main.ts', import.meta.url).pathname,
    env: {
      SERVER_PORT: '0',
      GRPC_PORT: '0',
      REGISTRY_URL: 'http://127.0.0.1:1',
      DATABASE_URL: 'sqlite::memory:',
      SEED_DEMO_DATA: 'true',
      LOG_LEVEL: 'error',
    },
  });
  await verifyExpectations(await readAllExpectations(consumers), {
    url: program.url,
    // The demo data has orders of user 1.
    states: { 'a user has orders': () => ({ values: { user_id: 1 } }) },
  });
});
