import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { recordStoreCases, recordStoreConformance, storeWith } from '@flotilla/conformance';
import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';
import { FakeClock } from '@flotilla/testing';
import type { Change } from '../record/log-record.ts';
import type { RecordStore } from './record-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

async function temporaryFile(t?: TestContext): Promise<{ file: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-store-'));
  t?.after(() => rm(folder, { recursive: true }));
  return { folder, file: join(folder, 'sub', 'registry.db') };
}

recordStoreConformance('The SQLite store', async () => {
  const { folder, file } = await temporaryFile();
  return { open: async () => openSqliteStore({ file }), dispose: () => rm(folder, { recursive: true }) };
});

/** Every way to break a store that the suite must notice: each wraps a good one. */
const defects: Readonly<Record<string, (store: RecordStore) => Partial<RecordStore>>> = {
  'counts revisions from the records that are there': (store) => ({
    load: async () => {
      const contents = await store.load();
      return { ...contents, revision: Math.max(0, ...contents.records.map(({ revision }) => revision)) };
    },
  }),
  'passes over conditions': (store) => ({ commit: (changes) => store.commit(changes) }),
  'writes what comes before a conflict': (store) => ({
    commit: async (changes, conditions) => {
      for (const change of changes.slice(0, 1)) await store.commit([change]);
      return store.commit(changes, conditions);
    },
  }),
  'makes a commit of each change': (store) => ({
    commit: async (changes, conditions) => {
      let last = await store.commit([], conditions);
      for (const change of changes) last = await store.commit([change]);
      return last;
    },
  }),
  'forgets which revision made a record': (store) => ({
    load: async () => {
      const contents = await store.load();
      const records = contents.records.map((record) => ({ ...record, createdRevision: record.revision }));
      return { ...contents, records };
    },
  }),
  'forgets signs of life': () => ({ noteSeen: async () => {} }),
  'forgets when the registry worked last': (store) => ({ noteSeen: (signs) => store.noteSeen(signs, 0) }),
  'gives the history a new name each time': (store) => ({
    load: async () => ({ ...(await store.load()), history: String(Math.random()) }),
  }),
  'names all histories alike': (store) => ({ load: async () => ({ ...(await store.load()), history: 'the history' }) }),
  'forgets checks and wishes': (store) => ({
    load: async () => {
      const contents = await store.load();
      return { ...contents, records: contents.records.filter(({ kind }) => kind === 'instance') };
    },
  }),
  'passes over ranges': (store) => ({
    commit: (changes, conditions) =>
      store.commit(
        changes.map((change) =>
          change.type === 'delete-range' ? { type: 'delete', kind: change.kind, key: change.from } : change,
        ),
        conditions,
      ),
  }),
  'removes the end of a range as well': (store) => ({
    commit: (changes, conditions) =>
      store.commit(
        changes.flatMap((change): readonly Change[] =>
          change.type === 'delete-range' && change.to !== undefined
            ? [change, { type: 'delete', kind: change.kind, key: change.to }]
            : [change],
        ),
        conditions,
      ),
  }),
  'says it is well when it is closed': () => ({ check: async () => {} }),
  'loses the order of tags': (store) => ({
    commit: (changes, conditions) =>
      store.commit(
        changes.map((change) =>
          change.type === 'put' && change.kind === 'instance'
            ? { ...change, value: { ...change.value, tags: change.value.tags.toSorted() } }
            : change,
        ),
        conditions,
      ),
  }),
  'does not report a gap': (store) => ({
    async *follow(_from, signal) {
      yield* store.follow((await store.load()).revision, signal);
    },
  }),
  'tells a commit twice': (store) => ({
    async *follow(from, signal) {
      for await (const event of store.follow(from, signal)) yield* event.kind === 'commit' ? [event, event] : [event];
    },
  }),
  'writes lines of the trail after their commit': (store) => ({
    async commit(changes, conditions, lines) {
      const result = await store.commit(changes, conditions);
      await store.commit([], [], lines);
      return result;
    },
  }),
  'tells nothing of the trail': (store) => ({
    async *follow(from, signal) {
      for await (const event of store.follow(from, signal))
        yield event.kind === 'commit' ? { ...event, lines: [] } : event;
    },
  }),
  'forgets the services of the trail': (store) => ({
    commit: (changes, conditions, lines) =>
      store.commit(
        changes,
        conditions,
        lines?.map(({ atMs, text }) => ({ atMs, text })),
      ),
  }),
  'tells each change of a commit alone': (store) => ({
    async *follow(from, signal) {
      for await (const event of store.follow(from, signal)) {
        if (event.kind !== 'commit') yield event;
        else for (const change of event.changes) yield { ...event, changes: [change] };
      }
    },
  }),
};

for (const [defect, breakIt] of Object.entries(defects)) {
  test(`the conformance suite notices a store that ${defect}`, async (t) => {
    const failures: string[] = [];
    for (const { title, needs, run } of recordStoreCases) {
      if (needs !== undefined || failures.length > 0) continue;
      const { file, folder } = await temporaryFile();
      const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
      t.after(dispose);
      const open = async (): Promise<RecordStore> => {
        const store = openSqliteStore({ file });
        return storeWith(store, breakIt(store));
      };
      const tooLong = new Promise<never>((_, reject) => {
        setTimeout(reject, 1_000).unref();
      });
      await Promise.race([run({ open, dispose }), tooLong]).catch(() => failures.push(title));
    }
    assert.ok(failures.length > 0);
  });
}

test('a new database continues beyond any revision that a lost one can have reached, even within a millisecond', async (t) => {
  const clock = new FakeClock();
  const { folder, file } = await temporaryFile(t);
  const first = openSqliteStore({ file, clock });
  const result = await first.commit(Array.from({ length: first.maxChanges }, (_, index) => putOf(`i${index}`)));
  await first.close();
  await rm(join(folder, 'sub'), { recursive: true });
  clock.advance(1);
  const second = openSqliteStore({ file, clock });
  const { revision } = await second.load();
  await second.close();
  assert.ok(result.kind === 'committed' && revision > result.revision);
  clock.advance(1_000);
  const reopened = openSqliteStore({ file, clock });
  // Nothing was written, so nobody can know a revision of it: a later beginning is as good.
  assert.ok((await reopened.load()).revision >= revision);
  await reopened.close();
});

test('a file that is not a database is refused by name', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'notes.db');
  await writeFile(file, 'These are notes, and no database at all.'.repeat(100));
  assert.throws(() => openSqliteStore({ file }), { name: 'DatabaseSetupError', message: /notes\.db.*not a database/ });
});

test('a database with damaged pages is refused with advice', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'registry.db');
  const store = openSqliteStore({ file });
  const changes = Array.from({ length: 500 }, (_, index) => putOf(`i${index}`));
  await store.commit(changes);
  await store.close();
  const pages = await readFile(file);
  pages.fill(0xa5, 8192, pages.length - 4096);
  await writeFile(file, pages);
  assert.throws(
    () => openSqliteStore({ file }),
    (error) => error instanceof DatabaseSetupError && /registry\.db.*(damaged|corrupt)/.test(error.message),
  );
});

test('a database of a newer version is refused and left untouched', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'registry.db');
  await openSqliteStore({ file }).close();
  const database = new DatabaseSync(file);
  database.exec("INSERT INTO flotilla_migrations VALUES ('0999-from-the-future', 'x', '2030-01-01')");
  database.close();
  assert.throws(() => openSqliteStore({ file }), { name: 'DatabaseSetupError', message: /newer version/ });
});

test('a record that no registry could have written is named', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'registry.db');
  const store = openSqliteStore({ file });
  await store.commit([putOf('i1')]);
  await store.close();
  const database = new DatabaseSync(file);
  database.exec("UPDATE records SET value = '[broken'");
  database.close();
  const damaged = openSqliteStore({ file });
  await assert.rejects(damaged.load(), { name: 'DatabaseSetupError', message: /the instance web\/i1/ });
  await damaged.close();
});

test('a file that another registry has open is refused, and available once that one is closed', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'registry.db');
  const first = openSqliteStore({ file });
  assert.throws(() => openSqliteStore({ file }), {
    name: 'DatabaseSetupError',
    message: /Another process is using the database/,
  });
  await first.commit([putOf('i1')]);
  await first.close();
  await openSqliteStore({ file }).close();
});

function putOf(id: string): Change {
  return {
    type: 'put',
    kind: 'instance',
    key: `web/${id}`,
    lease: { owner: 'only', seenMs: 1 },
    value: {
      name: 'web',
      id,
      address: '10.0.0.1',
      port: 80,
      tags: ['a'],
      metadata: {},
      weight: 1,
      lease_ms: 60_000,
      registered_at: '2026-01-01T00:00:00.000Z',
    },
  };
}

test('the trail drops its oldest lines, by number and by age, a range at a time, and never its last one', async (t) => {
  const { file } = await temporaryFile(t);
  const open = (): RecordStore => openSqliteStore({ file, trail: { maxLines: 1_000, maxAgeMs: 10_000 } });
  const store = open();
  const kept = async (from: RecordStore): Promise<readonly number[]> => {
    const places: number[] = [];
    for (let next: number | undefined = Number.MAX_SAFE_INTEGER; next !== undefined; ) {
      const page = await from.readTrail({ before: next, limit: 100 });
      places.push(...page.lines.map(({ place }) => place));
      next = page.next;
    }
    return places;
  };
  for (let batch = 0; batch < 40; batch += 1)
    await store.commit(
      [],
      [],
      Array.from({ length: 50 }, () => ({ atMs: 1_000, text: '{}' })),
    );
  const many = await kept(store);
  assert.ok(many.length >= 1_000 && many.length < 1_300, `${many.length} lines`);
  assert.equal(many[0], 2_000);
  for (let batch = 0; batch < 20; batch += 1)
    await store.commit(
      [],
      [],
      Array.from({ length: 64 }, () => ({ atMs: 20_000, text: '{}' })),
    );
  await store.close();
  const reopened = open();
  t.after(() => reopened.close());
  for (let batch = 0; batch < 5; batch += 1)
    await reopened.commit(
      [],
      [],
      Array.from({ length: 256 }, () => ({ atMs: 90_000, text: '{}' })),
    );
  await reopened.commit([], [], [{ atMs: 190_000, text: '{}' }]);
  const late = await kept(reopened);
  assert.equal(late[0], 2_000 + 20 * 64 + 5 * 256 + 1);
  assert.ok(late.length <= 1_257, `${late.length} lines`);
});

test('a service that is rare in a long trail is found page by page, and a page looks through a part of it', async (t) => {
  const { file } = await temporaryFile(t);
  const store = openSqliteStore({ file });
  t.after(() => store.close());
  await store.commit([], [], [{ atMs: 1, service: 'rare', text: '{}' }]);
  const others = Array.from({ length: 10_000 }, () => ({ atMs: 1, service: 'often', text: '{}' }));
  await store.commit([], [], others);
  const first = await store.readTrail({ service: 'rare', limit: 10 });
  assert.deepEqual(first.lines, []);
  const second = await store.readTrail({ service: 'rare', limit: 10, before: first.next });
  assert.deepEqual([second.lines.length, second.next], [1, undefined]);
});
