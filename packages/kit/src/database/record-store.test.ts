import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError, coreErrors, isAppError } from '@flotilla/contracts';
import { entityTag, type Precondition } from '../resource/index.ts';
import type { Migration } from './migration.ts';
import { type Database, openDatabase } from './open-database.ts';
import { type RecordStore, recordStore } from './record-store.ts';

interface CartRow {
  readonly id: number;
  readonly owner: string;
  readonly note: string | null;
  readonly total_cents: number;
}

interface Cart {
  readonly id: number;
  readonly owner: string;
  readonly note: string | null;
  readonly total: number;
}

const createCarts: Migration = {
  id: '0001-create-carts',
  sql: ({ newId, text, wholeNumber, strictTable }) => `CREATE TABLE carts (
    id ${newId}, owner ${text(50)} NOT NULL, owner_key ${text(50)} NOT NULL UNIQUE, note ${text(50)}, total_cents ${wholeNumber} NOT NULL
  ) ${strictTable};`,
};

let database: Database<unknown>;
let carts: RecordStore<CartRow, Cart>;
let plain: RecordStore<CartRow>;
const columns = ['id', 'owner', 'note', 'total_cents'] as const;
const derive = ({ owner }: { readonly owner?: string | undefined }): Readonly<Record<string, string>> =>
  owner === undefined ? {} : { owner_key: owner.toLowerCase() };
before(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', migrations: [createCarts] });
  carts = recordStore<CartRow, Cart>(database, {
    table: 'carts',
    columns,
    derive,
    show: ({ total_cents, ...rest }) => ({ ...rest, total: total_cents / 100 }),
  });
  plain = recordStore<CartRow>(database, {
    table: 'carts',
    columns,
    derive,
    notFound: coreErrors.GONE,
    taken: () => new AppError('CONFLICT'),
  });
});
after(() => database.close());

const failsWith = (code: string) => (error: unknown) => isAppError(error) && error.code === code;
/** The condition of somebody who has read `record`. */
const unchanged = (record: unknown): Precondition => ({
  match: [{ weak: false, opaque: entityTag(JSON.stringify(record)) }],
  noneMatch: [],
});

test('a record is added, found, changed and removed, as callers see it', async () => {
  const added = await carts.add({ owner: 'Ada', note: null, total_cents: 950 });
  assert.deepEqual(added, { id: added.id, owner: 'Ada', note: null, total: 9.5 });
  assert.deepEqual(await carts.find(added.id), added);
  assert.deepEqual(await carts.get(added.id), added);
  const changed = await carts.change(added.id, { total_cents: 1, note: undefined });
  assert.deepEqual(changed, { ...added, total: 0.01 });
  assert.deepEqual(await carts.change(added.id, {}), changed, 'a change of nothing is none');
  assert.equal((await carts.change(added.id, { note: 'soon' })).note, 'soon');
  assert.equal((await carts.change(added.id, { note: null })).note, null);
  assert.deepEqual(await carts.remove(added.id), changed);
  assert.equal(await carts.find(added.id), undefined);
  const next = await carts.add({ owner: 'Ada', note: null, total_cents: 1 });
  assert.ok(next.id > added.id, 'an id is not given away again');
  await carts.remove(next.id);
});

test("a missing record is NOT_FOUND, or the service's own error", async () => {
  for (const run of [
    () => carts.get(999),
    () => carts.change(999, { note: 'x' }),
    () => carts.change(999, {}),
    () => carts.remove(999),
    () => carts.remove(999, unchanged({})),
  ])
    await assert.rejects(run, failsWith('NOT_FOUND'));
  await assert.rejects(plain.get(999), failsWith('GONE'));
});

test("a duplicate of a unique value is ALREADY_EXISTS, or the service's own error", async () => {
  const bob = await carts.add({ owner: 'Bob', note: null, total_cents: 1 });
  const eve = await carts.add({ owner: 'Eve', note: null, total_cents: 1 });
  await assert.rejects(carts.add({ owner: 'BOB', note: null, total_cents: 1 }), failsWith('ALREADY_EXISTS'));
  await assert.rejects(carts.change(eve.id, { owner: 'bob' }), failsWith('ALREADY_EXISTS'));
  await assert.rejects(plain.change(eve.id, { owner: 'bob' }), failsWith('CONFLICT'));
  assert.equal((await carts.change(bob.id, { owner: 'BOB' })).owner, 'BOB', 'its own value it may keep');
});

test('of two callers who change what both have read, the second gets an error, and cannot remove it either', async () => {
  const read = await carts.add({ owner: 'Two', note: null, total_cents: 1 });
  const first = await carts.change(read.id, { note: 'first' }, unchanged(read));
  for (const late of [
    () => carts.change(read.id, { note: 'second' }, unchanged(read)),
    () => carts.change(read.id, {}, unchanged(read)),
    () => carts.remove(read.id, unchanged(read)),
  ])
    await assert.rejects(late, failsWith('PRECONDITION_FAILED'));
  assert.deepEqual(await carts.get(read.id), first);
  await carts.change(read.id, { note: null }, unchanged(first));
  assert.equal((await carts.remove(read.id, unchanged(read))).owner, 'Two', 'null is compared as a value');
});

test('pages are in the order of ids, match their conditions, and contain only valid rows', async () => {
  const made: number[] = [];
  for (let index = 0; index < 7; index += 1)
    made.push((await carts.add({ owner: `page-${index}`, note: index % 2 === 0 ? 'even' : 'odd', total_cents: 7 })).id);
  const ids = async (where: Parameters<typeof carts.page>[1], limit: number): Promise<readonly number[]> => {
    const seen: number[] = [];
    for (let cursor: number | undefined = 0; cursor !== undefined; ) {
      const page: Awaited<ReturnType<typeof carts.page>> = await carts.page({ limit, cursor }, where);
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.nextAfterId;
    }
    return seen;
  };
  assert.deepEqual(await ids({ total_cents: 7 }, 3), made);
  assert.deepEqual(
    await ids({ total_cents: 7, note: 'even' }, 2),
    made.filter((_id, index) => index % 2 === 0),
  );
  assert.deepEqual(await ids({ note: undefined, total_cents: 7 }, 100), made, 'undefined is no condition');
  assert.deepEqual(await ids({ note: "' OR 1=1 --" }, 100), []);
});

test('a value that no column can store is refused before it is written', async () => {
  const strange = { owner: 'X', note: null, total_cents: 'many' as unknown as number };
  await assert.rejects(carts.add(strange));
  assert.deepEqual((await carts.page({}, { owner: 'X' })).rows, []);
});

test('a record keeps its id, whatever a caller sends along', async () => {
  const whole = await carts.add({ owner: 'Whole', note: null, total_cents: 1 });
  const sentBack = { id: whole.id + 1_000, owner: 'Whole', note: 'sent back', total_cents: 1 };
  assert.equal((await carts.change(whole.id, sentBack)).id, whole.id);
  assert.equal(
    (await carts.change(whole.id, { ...sentBack, note: 'x' }, unchanged(await carts.get(whole.id)))).id,
    whole.id,
  );
  assert.equal((await carts.add({ ...sentBack, owner: 'Other' })).id, whole.id + 1);
});

test('a record of which nothing is required may have nothing', async () => {
  const createNotes: Migration = {
    id: '0001-create-notes',
    sql: ({ newId, text, strictTable }) => `CREATE TABLE notes (id ${newId}, note ${text(50)}) ${strictTable};`,
  };
  const other = await openDatabase({ url: 'sqlite::memory:', migrations: [createNotes] });
  const notes = recordStore<Pick<CartRow, 'id' | 'note'>>(other, { table: 'notes', columns: ['id', 'note'] });
  // A caller's `{}`, for a row whose type has optional fields.
  assert.deepEqual(await notes.add({} as { readonly note: null }), { id: 1, note: null });
  await other.close();
});

test('what belongs to a write is written with it, or neither is', async () => {
  const createTrail: Migration = {
    id: '0002-create-trail',
    sql: ({ text, longText }) => `CREATE TABLE trail (kind ${text(20)} NOT NULL, row ${longText} NOT NULL)`,
  };
  const tracked = await openDatabase({
    url: 'sqlite::memory:',
    migrations: [createCarts, createTrail],
  });
  type Tables = { readonly trail: { readonly kind: string; readonly row: string } };
  const rows = (query: Database<unknown>['query']): Database<Tables>['query'] => query;
  let refuses = false;
  const owned = recordStore<CartRow>(tracked, {
    table: 'carts',
    columns,
    derive,
    async alongside(transaction, { kind, row }) {
      const entry = { kind, row: JSON.stringify(row) };
      await rows(transaction.query).insertInto('trail').values(entry).execute();
      if (refuses) throw new Error('refused');
    },
  });
  const trail = async (): Promise<unknown> =>
    (await rows(tracked.query).selectFrom('trail').selectAll().execute()).length;
  const added = await owned.add({ owner: 'Ada', note: null, total_cents: 1 });
  await owned.change(added.id, { note: 'x' });
  await owned.change(added.id, {});
  refuses = true;
  await assert.rejects(owned.add({ owner: 'Eve', note: null, total_cents: 1 }), /refused/);
  await assert.rejects(owned.change(added.id, { note: 'y' }), /refused/);
  await assert.rejects(owned.remove(added.id), /refused/);
  refuses = false;
  await assert.rejects(owned.change(999, { note: 'y' }), failsWith('NOT_FOUND'));
  await assert.rejects(owned.add({ owner: 'ADA', note: null, total_cents: 1 }), failsWith('ALREADY_EXISTS'));
  assert.equal((await owned.get(added.id)).note, 'x');
  assert.equal((await owned.page({})).rows.length, 1);
  assert.equal(await trail(), 2, 'a change of nothing is none');
  await owned.remove(added.id);
  assert.deepEqual(
    (await rows(tracked.query).selectFrom('trail').select('kind').execute()).map(({ kind }) => kind),
    ['added', 'changed', 'removed'],
  );
  await tracked.close();
});

test('in a transaction, records are seen as it left them, and by others only afterwards', async () => {
  const outcome = database.transaction(async (transaction) => {
    const mine = carts.within(transaction);
    const added = await mine.add({ owner: 'Tess', note: null, total_cents: 5 });
    await mine.change(added.id, { total_cents: 6 }, unchanged(added));
    assert.equal((await mine.get(added.id)).total, 0.06);
    assert.deepEqual((await mine.page({}, { owner: 'Tess' })).rows.length, 1);
    throw new Error('not after all');
  });
  await assert.rejects(outcome, /not after all/);
  assert.deepEqual((await carts.page({}, { owner: 'Tess' })).rows, []);
  const kept = await database.transaction((transaction) =>
    carts.within(transaction).add({ owner: 'Tess', note: null, total_cents: 5 }),
  );
  assert.deepEqual(await carts.get(kept.id), kept);
  await carts.remove(kept.id);
});
