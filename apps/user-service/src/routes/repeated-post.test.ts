import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { type Answer, serveApp } from '@flotilla/testing/http';
import { userDatabase } from '../store/users.ts';
import { userService } from '../users.ts';
import { addUserRoutes } from './user-routes.ts';

test('a repeated POST adds one user and gets the same answer, also when that was a refusal', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...userDatabase });
  const events = { add: async () => undefined, attribute: () => undefined };
  const users = userService({ database, keys: idempotencyKeys({ database }), events });
  const served = await serveApp((app) => addUserRoutes(app, users));
  t.after(async () => {
    await served.close();
    await database.close();
  });
  const ann = { name: 'Ann', email: 'ann@example.com' };
  const post = (key: string): Promise<Answer> => served.ask('POST', '/users', ann, { 'idempotency-key': key });
  const [first, second] = [await post('"a"'), await post('"a"')];
  assert.equal(first.status, 201);
  assert.deepEqual(
    [second.status, second.text, second.headers.get('location'), second.headers.get('etag')],
    [201, first.text, first.headers.get('location'), first.headers.get('etag')],
  );
  // With another key it is another request, and the address is taken; that stays its answer.
  assert.equal((await post('"b"')).status, 409);
  await served.ask('DELETE', `/users/${first.body?.['id']}`);
  const repeated = await post('"b"');
  assert.deepEqual([repeated.status, repeated.body?.['code']], [409, 'EMAIL_TAKEN']);
  assert.equal(repeated.headers.get('idempotency-replayed'), 'true');
  assert.equal((await served.ask('GET', '/users')).text, '[]');
});
