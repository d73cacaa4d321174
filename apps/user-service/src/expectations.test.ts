// What others rely on. If this fails after a change, they would have to change first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAllExpectations, type StateSet, spawnProgram, verifyExpectations } from '@flotilla/testing';
import { asker } from '@flotilla/testing/http';

const consumers = new URL('../../../packages/user-contract/expectations/', import.meta.url);

test('user-service answers as its consumers expect', async () => {
  await using program = await spawnProgram({
    entry: new URL('main.ts', import.meta.url).pathname,
    env: {
      SERVER_PORT: '0',
      GRPC_PORT: '0',
      REGISTRY_URL: 'http://127.0.0.1:1',
      DATABASE_URL: 'sqlite::memory:',
      LOG_LEVEL: 'error',
    },
  });
  const ask = asker(program.url);
  let added = 0;
  const addUser = async (): Promise<StateSet> => {
    added += 1;
    const { status, body } = await ask('POST', '/users', { name: 'Cyd', email: `cyd-${added}@example.com` });
    assert.equal(status, 201);
    return { values: { id: Number(body?.['id']) } };
  };
  await verifyExpectations(await readAllExpectations(consumers), {
    url: program.url,
    states: {
      'there is a user': addUser,
      async 'there is no such user'() {
        const { values } = await addUser();
        assert.equal((await ask('DELETE', `/users/${values?.['id']}`)).status, 204);
        return { values: { ...values } };
      },
    },
  });
});
