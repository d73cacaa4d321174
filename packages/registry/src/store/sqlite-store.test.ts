import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';
import { FakeClock, instanceStoreCases, instanceStoreConformance, type StoreUnderTest } from '@flotilla/testing';
import type { Change, CommitResult, InstanceStore } from './instance-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

async function temporaryFile(t?: TestContext): Promise<{ file: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-store-'));
  t?.after(() => rm(folder, { recursive: true }));
  return { folder, file: join(folder, 'sub', 'registry.db') };
}

instanceStoreConformance('The SQLite store', async () => {
  const { folder, file } = await temporaryFile();
  return { open: async () => openSqliteStore({ file }), dispose: () => rm(folder, { recursive: true }) };
});

/** Every way to break a store that the suite must notice: each wraps a good one. */
const defects: Readonly<Record<string, (store: InstanceStore) => Partial<InstanceStore>>> = {
  'counts revisions from the instances that are there': (store) => ({
    load: async () => {
      const contents = await store.load();
      return { ...contents, revision: Math.max(0, ...contents.instances.map(({ revision }) => revision)) };
    },
  }),
  'passes over conditions': (store) => ({
    commit: (changes) => store.commit(changes.map((change) => withoutCondition(change))),
  }),
  'writes what comes before a conflict': (store) => ({
    commit: async (changes) => {
      let last: CommitResult = { kind: 'committed', revisions: [] };
      for (const change of changes) {
        last = await store.commit([change]);
        if (last.kind === 'conflict') return last;
      }
      return last;
    },
  }),
  'forgets signs of life': () => ({ noteSeen: async () => {} }),
  'forgets when the registry worked last': (store) => ({ noteSeen: (signs) => store.noteSeen(signs, 0) }),
  'names every history anew': (store) => ({
    load: async () => ({ ...(await store.load()), history: String(Math.random()) }),
  }),
  'names all histories alike': (store) => ({ load: async () => ({ ...(await store.load()), history: 'the history' }) }),
  'forgets tokens': (store) => ({
    load: async () => {
      const contents = await store.load();
      const bare = contents.instances.map((stored) => {
        const { token: _, ...record } = stored.record;
        return { ...stored, record };
      });
      return { ...contents, instances: bare };
    },
  }),
  'forgets maintenance with its instance': (store) => ({
    load: async () => {
      const contents = await store.load();
      const isThere = (id: string): boolean => contents.instances.some(({ record }) => record.id === id);
      return { ...contents, maintenance: contents.maintenance.filter(({ id }) => isThere(id)) };
    },
  }),
  'says it is well when it is closed': () => ({ check: async () => {} }),
  'loses the order of tags': (store) => ({
    commit: (changes) =>
      store.commit(
        changes.map((change) =>
          change.kind === 'put'
            ? { ...change, record: { ...change.record, tags: change.record.tags.toSorted() } }
            : change,
        ),
      ),
  }),
};

function withoutCondition(change: Change): Change {
  if (change.kind !== 'put' && change.kind !== 'delete') return change;
  const { expectedRevision: _, ...rest } = change;
  return rest;
}

for (const [defect, breakIt] of Object.entries(defects)) {
  test(`the conformance suite notices a store that ${defect}`, async (t) => {
    const failures: string[] = [];
    for (const { title, run } of instanceStoreCases) {
      const { file, folder } = await temporaryFile();
      const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
      t.after(dispose);
      const open = async (): Promise<InstanceStore> => {
        const store = openSqliteStore({ file });
        const good: InstanceStore = {
          maxChanges: store.maxChanges,
          load: () => store.load(),
          commit: (changes) => store.commit(changes),
          noteSeen: (signs, aliveMs) => store.noteSeen(signs, aliveMs),
          check: () => store.check(),
          close: () => store.close(),
        };
        return { ...good, ...breakIt(store) };
      };
      const subject: StoreUnderTest = { open, dispose };
      await run(subject).catch(() => failures.push(title));
    }
    assert.ok(failures.length > 0);
  });
}

test('a database that was lost begins anew beyond anything it can have reached, also within a millisecond', async (t) => {
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
  assert.ok(result.kind === 'committed' && revision > Math.max(...result.revisions));
  clock.advance(1_000);
  const reopened = openSqliteStore({ file, clock });
  // Nothing was written, so nobody can know a revision of it: a later beginning is as good.
  assert.ok((await reopened.load()).revision >= revision);
  await reopened.close();
});

test('a file that is no database is refused, and says which file it is', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'notes.db');
  await writeFile(file, 'These are notes, and no database at all.'.repeat(100));
  assert.throws(() => openSqliteStore({ file }), { name: 'DatabaseSetupError', message: /notes\.db.*not a database/ });
});

test('a database with damaged pages is refused with what to do', async (t) => {
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

test('a database of a newer version is refused untouched', async (t) => {
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
  database.exec("UPDATE instances SET tags = '[broken'");
  database.close();
  const damaged = openSqliteStore({ file });
  await assert.rejects(damaged.load(), { name: 'DatabaseSetupError', message: /instance i1 of web/ });
  await damaged.close();
});

test('a file that another registry has open is refused, and free again once that one is closed', async (t) => {
  const { folder } = await temporaryFile(t);
  const file = join(folder, 'registry.db');
  const first = openSqliteStore({ file });
  assert.throws(() => openSqliteStore({ file }), { name: 'DatabaseSetupError', message: /in use by another process/ });
  await first.commit([putOf('i1')]);
  await first.close();
  await openSqliteStore({ file }).close();
});

function putOf(id: string): Change {
  return {
    kind: 'put',
    lastSeenMs: 1,
    record: {
      name: 'web',
      id,
      address: '10.0.0.1',
      port: 80,
      tags: ['a'],
      metadata: {},
      weight: 1,
      status: 'passing',
      lease_ms: 60_000,
      registered_at: '2026-01-01T00:00:00.000Z',
    },
  };
}
