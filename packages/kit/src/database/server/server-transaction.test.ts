import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { ConnectionPool } from './connection-pool.ts';
import { DatabaseFault } from './database-fault.ts';
import type { ServerConnection, Statement, StatementResult } from './server-connection.ts';
import { ServerDriver } from './server-driver.ts';
import type { ServerTransaction } from './server-transaction.ts';

/** A server that takes one statement after the other, and fails those that say so. */
class RecordingConnection implements ServerConnection {
  readonly ran: string[] = [];
  readonly lost = false;

  async run(sql: string): Promise<StatementResult> {
    this.ran.push(sql);
    await new Promise((resolve) => setImmediate(resolve));
    if (sql.includes('FAIL')) throw new DatabaseFault(sql, { verdict: { kind: 'wrong' }, lost: false });
    return { rows: [] };
  }

  async runTogether(statements: readonly Statement[]): Promise<StatementResult> {
    let last: StatementResult = { rows: [] };
    for (const { sql } of statements) last = await this.run(sql);
    return last;
  }

  end(): void {
    // Nothing is held.
  }

  cut(): void {
    // As above.
  }
}

async function begun(): Promise<{ transaction: ServerTransaction; ran: readonly string[] }> {
  const connection = new RecordingConnection();
  const pool = new ConnectionPool({
    clock: new FakeClock(),
    size: 1,
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 2_000,
    question: 'QUESTION',
    onFault: () => undefined,
    connect: async () => connection,
  });
  const driver = new ServerDriver(pool, () => ['BEGIN']);
  return { transaction: await driver.begin(), ran: connection.ran };
}

const statement = (sql: string): Statement => ({ sql, parameters: [1] });

test('statements of a transaction run in the order in which they were asked for, also if nobody waited for the first', async () => {
  const { transaction, ran } = await begun();
  await transaction.executeLater(statement('FIRST'));
  await Promise.all([transaction.execute(statement('SECOND')), transaction.execute(statement('THIRD'))]);
  await transaction.commit();
  assert.deepEqual(ran, ['BEGIN', 'FIRST', 'SECOND', 'THIRD', 'COMMIT']);
});

test('a transaction that is given up while statements run is rolled back after them', async () => {
  const { transaction, ran } = await begun();
  const running = [transaction.execute(statement('FIRST')), transaction.execute(statement('SECOND'))];
  await transaction.rollback();
  await Promise.all(running);
  assert.deepEqual(ran, ['BEGIN', 'FIRST', 'SECOND', 'ROLLBACK']);
});

test('a transaction does not take effect if a statement fails that nobody waited for, whoever caught the error', async () => {
  const { transaction, ran } = await begun();
  await transaction.executeLater(statement('FAIL'));
  await assert.rejects(transaction.execute(statement('SECOND')), /FAIL/);
  await transaction.execute(statement('THIRD'));
  await assert.rejects(transaction.commit(), /FAIL/);
  await transaction.rollback();
  assert.deepEqual(ran, ['BEGIN', 'FAIL', 'THIRD', 'ROLLBACK']);
});

test('an error of a statement that was waited for may be caught, as far as the server allows', async () => {
  const { transaction, ran } = await begun();
  await assert.rejects(transaction.execute(statement('FAIL')), /FAIL/);
  await transaction.execute(statement('SECOND'));
  await transaction.commit();
  assert.deepEqual(ran, ['BEGIN', 'FAIL', 'SECOND', 'COMMIT']);
});
