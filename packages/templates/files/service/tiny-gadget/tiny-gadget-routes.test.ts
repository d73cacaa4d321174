import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Database, openDatabase } from '@flotilla/kit/database';
import { type ServedApp, serveApp } from '@flotilla/testing/http';
import { addTinyGadgetRoutes } from './tiny-gadget-routes.ts';
import { tinyGadgetDatabase, tinyGadgetStore } from './tiny-gadget-store.ts';

let database: Database<unknown>;
let served: ServedApp;
before(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', ...tinyGadgetDatabase });
  served = await serveApp((app) => addTinyGadgetRoutes(app, tinyGadgetStore(database)));
});
after(async () => {
  await served?.close();
  await database?.close();
});

test('a tiny gadget can be added, found, changed and removed', async () => {
  const { ask } = served;
  const added = await ask('POST', '/tiny-gadgets', { name: 'First' });
  assert.equal(added.status, 201);
  const path = added.headers.get('location') ?? '';
  assert.deepEqual((await ask('GET', path)).body, { id: 1, name: 'First' });
  assert.deepEqual((await ask('PATCH', path, { name: 'Renamed' })).body, { id: 1, name: 'Renamed' });
  assert.equal((await ask('DELETE', path)).status, 204);
  assert.equal((await ask('GET', path)).body?.code, 'NOT_FOUND');
});

test('a list is paged', async () => {
  const { ask } = served;
  for (const name of ['A', 'B', 'C']) await ask('POST', '/tiny-gadgets', { name });
  const { body, headers } = await ask('GET', '/tiny-gadgets?limit=2');
  assert.ok(Array.isArray(body));
  assert.equal(body.length, 2);
  assert.match(headers.get('link') ?? '', /rel="next"/);
});

for (const id of ['0', 'x', '1.5', '9007199254740992']) {
  test(`${id} is not a valid id`, async () => {
    assert.equal((await served.ask('GET', `/tiny-gadgets/${id}`)).status, 400);
  });
}

for (const body of [{}, { name: '' }, { name: 1 }, { nmae: 'misspelt' }, 'no JSON']) {
  test(`${JSON.stringify(body)} is refused with 400`, async () => {
    assert.equal((await served.ask('POST', '/tiny-gadgets', body)).status, 400);
  });
}

test('of two concurrent changes, the second one is refused', async () => {
  const { ask } = served;
  const added = await ask('POST', '/tiny-gadgets', { name: 'Shared' });
  const path = added.headers.get('location') ?? '';
  const ifMatch = { 'if-match': added.headers.get('etag') ?? '' };
  assert.equal((await ask('PATCH', path, { name: 'Mine' }, ifMatch)).status, 200);
  assert.equal((await ask('PATCH', path, { name: 'Yours' }, ifMatch)).status, 412);
});
