import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { type Migration, type MigrationTarget, openDatabase, openMigrations } from '@flotilla/kit/database';

/** How a kind of database migrates. */
export interface MigrationTraits {
  /** Whether a migration that fails leaves nothing behind. */
  readonly whole: boolean;
  /** SQL that takes a fifth of a second. */
  readonly slow: string;
  /** SQL that takes more than a second. */
  readonly slower: string;
}

/** How many programs start at once. */
const crowd = 10;

const one: Migration = {
  id: '0001-one',
  sql: ({ wholeNumber }) => `CREATE TABLE one (x ${wholeNumber}); INSERT INTO one VALUES (1);`,
  down: () => 'DROP TABLE one;',
};
const two: Migration = {
  id: '0002-two',
  sql: ({ wholeNumber }) => `CREATE TABLE two (x ${wholeNumber}); INSERT INTO two VALUES (2);`,
  down: () => 'DROP TABLE two;',
  backwardCompatible: true,
};
const broken: Migration = {
  id: '0003-broken',
  sql: ({ wholeNumber }) =>
    `CREATE TABLE three (x ${wholeNumber}); INSERT INTO three VALUES (3); INSERT INTO nowhere VALUES (3);`,
};
const mended: Migration = {
  id: '0003-broken',
  sql: ({ wholeNumber }) =>
    `CREATE TABLE three (x ${wholeNumber}); INSERT INTO three VALUES (3); INSERT INTO three VALUES (4);`,
};

/** Tests that every kind of database migrates alike. `fresh` gives the URL of a new, empty database. */
export function describeMigrations(name: string, fresh: () => Promise<string>, traits: MigrationTraits): void {
  const run = async (
    direction: 'up' | 'down',
    url: string,
    migrations: readonly Migration[],
    target: MigrationTarget,
  ): Promise<readonly string[]> => {
    const opened = await openMigrations({ url, migrations, look: false });
    try {
      return (await opened.run(direction, target)).ran;
    } finally {
      await opened.close();
    }
  };
  const up = (url: string, migrations: readonly Migration[]): Promise<readonly string[]> =>
    run('up', url, migrations, { kind: 'all' });
  const down = (url: string, migrations: readonly Migration[], steps: number): Promise<readonly string[]> =>
    run('down', url, migrations, { kind: 'steps', steps });
  const numbers = async (url: string, table: string, migrations: readonly Migration[]): Promise<unknown> => {
    const database = await openDatabase<Record<string, { readonly x: number }>>({ url, migrations });
    try {
      const rows = await database.query.selectFrom(table).select('x').orderBy('x').execute();
      return rows.map(({ x }) => x);
    } finally {
      await database.close();
    }
  };

  describe(`${name} migrates`, () => {
    it('up, once, and down, from the last one', async () => {
      const url = await fresh();
      assert.deepEqual(await up(url, [one]), [one.id]);
      assert.deepEqual(await up(url, [one, two]), [two.id]);
      assert.deepEqual(await up(url, [one, two]), []);
      assert.deepEqual(await numbers(url, 'two', [one, two]), [2]);
      // The release before it.
      assert.deepEqual(await numbers(url, 'one', [one]), [1]);
      assert.deepEqual(await down(url, [one, two], 1), [two.id]);
      assert.deepEqual(await down(url, [one, two], 9), [one.id]);
      assert.deepEqual(await up(url, [one, two]), [one.id, two.id]);
      await assert.rejects(up(url, [one, { id: two.id, sql: () => 'SELECT 1' }]), /0002-two\.ts has changed/);
    });

    it('once for all programs that start at the same time', async () => {
      const url = await fresh();
      const ran = await startTogether(url, traits.slow, crowd);
      assert.deepEqual(ran.flat(), ['0001-slow', '0002-last'], 'each migration ran in one of the programs');
    });

    it('not for longer than it may wait for what others have locked', async () => {
      const url = await fresh();
      await up(url, [one]);
      const change: Migration = {
        id: '0002-change',
        sql: ({ wholeNumber }) => `ALTER TABLE one ADD COLUMN y ${wholeNumber};`,
      };
      const holder = await openDatabase<{ readonly one: { readonly x: number } }>({ url, migrations: [one] });
      const opened = await openMigrations({
        url,
        migrations: [one, change],
        look: false,
        migrateWaitMs: 0,
        migrateLockTimeoutMs: 500,
      });
      try {
        const held = await holder.transaction(async (transaction) => {
          await transaction.query.updateTable('one').set({ x: 5 }).execute();
          return opened.run('up', { kind: 'all' }).catch((error: unknown) => opened.describe(error));
        });
        // A transaction of SQLite has the whole database.
        assert.match(
          String(held),
          /0002-change\.ts waited 500 ms for what others have locked|another process has been migrating/,
        );
        assert.deepEqual((await opened.run('up', { kind: 'all' })).ran, [change.id]);
      } finally {
        await opened.close();
        await holder.close();
      }
    });

    it('completely, also if the program is killed meanwhile and another goes on', async () => {
      const url = await fresh();
      const child = startProgram(url, traits.slower);
      try {
        assert.equal(await child.next(), 'loaded');
        child.go();
        assert.equal(await child.next(), 'migrating');
        // In the middle of the slow statement.
        await new Promise((resolve) => setTimeout(resolve, 500));
      } finally {
        child.kill();
      }
      await child.exit;
      assert.deepEqual((await startTogether(url, traits.slower, 2)).flat(), ['0001-slow', '0002-last']);
    });

    it('and says what a migration that failed has left, and goes on from there once it is corrected', async () => {
      const url = await fresh();
      const failed = await up(url, [one, broken]).catch((error: unknown) => error);
      assert.ok(failed instanceof Error);
      if (traits.whole) {
        assert.match(
          failed.message,
          /^migrations\/0003-broken\.ts failed \(.*nowhere.*\)\. Nothing was changed; correct/,
        );
        assert.deepEqual(await up(url, [one, mended]), [one.id, mended.id]);
      } else {
        assert.match(
          failed.message,
          /^migrations\/0003-broken\.ts failed at statement 3 of 3 \(.*nowhere.*\): INSERT INTO nowhere VALUES \(3\)\. Statements 1 to 2 have taken effect and stay so\. Correct statement 3/,
        );
        const rewritten: Migration = { id: broken.id, sql: () => 'CREATE TABLE drei (x INT); SELECT 1; SELECT 2' };
        await assert.rejects(
          up(url, [one, rewritten]),
          /half done, and one of its first 2 statements.* has changed since/,
        );
        await assert.rejects(down(url, [one, mended], 1), /half done.*Finish it with migrate up/);
        const late: Migration = { id: '0002-late', sql: () => 'CREATE TABLE zwei (x INT)' };
        await assert.rejects(
          up(url, [one, late, mended]),
          /^DatabaseSetupError: migrations\/0002-late\.ts comes before 0003-broken, which is half done/,
        );
        assert.deepEqual(await up(url, [one, mended]), [mended.id]);
      }
      assert.deepEqual(await numbers(url, 'three', [one, mended]), [3, 4]);
    });
  });
}

interface Program {
  /** The next line that it prints. */
  next(): Promise<string>;
  go(): void;
  kill(): void;
  readonly exit: Promise<unknown>;
}

/** Starts a program that migrates when it is told to. */
function startProgram(url: string, slow: string): Program {
  const program = `
    import { startDatabase } from '@flotilla/kit/database';
    process.stdout.write('loaded\\n');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    const migrations = [
      { id: '0001-slow', sql: ({ wholeNumber }) => 'CREATE TABLE slow (x ' + wholeNumber + '); ' + ${JSON.stringify(slow)} },
      { id: '0002-last', sql: () => 'INSERT INTO slow VALUES (1)' },
    ];
    // As a service does: with many programs on a busy machine, a connection may come too late.
    const patiently = async (work) => {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (error.code !== 'STORAGE_UNAVAILABLE') throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    };
    const ran = [];
    const onMigrated = (id) => ran.push(id);
    const { database, prepare } = await startDatabase({ url: ${JSON.stringify(url)}, migrations, onMigrated });
    const preparing = patiently(prepare);
    process.stdout.write('migrating\\n');
    await preparing;
    const rows = await patiently(() => database.query.selectFrom('slow').select('x').execute());
    if (rows.length !== 1) throw new Error('there are ' + rows.length + ' rows');
    await database.close();
    process.stdout.write(JSON.stringify(ran) + '\\n');
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => void said.push(text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { done = false, value } = await lines.next();
      if (done) throw new Error(`The program has ended (${String(await exit)}): ${said.join('')}`);
      return String(value);
    },
    go: () => void child.stdin.write('go\n'),
    kill: () => void child.kill('SIGKILL'),
    exit,
  };
}

/** Starts programs that open the database at the same moment. Gives what each of them has migrated. */
async function startTogether(url: string, slow: string, count: number): Promise<readonly (readonly string[])[]> {
  const programs = Array.from({ length: count }, () => startProgram(url, slow));
  try {
    for (const { next } of programs) assert.equal(await next(), 'loaded');
    for (const { go } of programs) go();
    return await Promise.all(
      programs.map(async ({ next, exit }) => {
        assert.equal(await next(), 'migrating');
        const ran: readonly string[] = JSON.parse(await next());
        assert.deepEqual(await exit, [0, null]);
        return ran;
      }),
    );
  } finally {
    for (const { kill } of programs) kill();
  }
}
