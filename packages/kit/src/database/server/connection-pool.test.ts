import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { ConnectionPool } from './connection-pool.ts';
import { awayFault, type DatabaseFault } from './database-fault.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { ServerConnection, StatementResult } from './server-connection.ts';

/** A server in memory, whose answers tests hold back. */
class FakeServer {
  readonly clock = new FakeClock();
  readonly connections: FakeConnection[] = [];
  /** How often somebody tried to connect. */
  attempts = 0;
  refuses = false;
  silent = false;
  /** Connections that are wanted while this is set come once it resolves. */
  admission: Promise<void> | undefined;
  readonly pool: ConnectionPool;

  constructor(size = 2) {
    this.pool = new ConnectionPool({
      clock: this.clock,
      size,
      statementTimeoutMs: 5_000,
      connectTimeoutMs: 2_000,
      question: 'QUESTION',
      onFault: () => undefined,
      connect: async () => {
        this.attempts += 1;
        if (this.refuses) throw awayFault('refused');
        await this.admission;
        const connection = new FakeConnection(this);
        this.connections.push(connection);
        return connection;
      },
    });
  }

  get open(): number {
    return this.connections.filter(({ lost }) => !lost).length;
  }
}

class FakeConnection implements ServerConnection {
  readonly #server: FakeServer;
  readonly answers: PromiseWithResolvers<StatementResult>[] = [];
  lost = false;
  wasCut = false;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  run(sql: string): Promise<StatementResult> {
    if (sql === 'QUESTION' && !this.#server.silent) return Promise.resolve({ rows: [{ writable: 1 }] });
    const answer = Promise.withResolvers<StatementResult>();
    this.answers.push(answer);
    return answer.promise;
  }

  runTogether(): Promise<StatementResult> {
    return this.run('');
  }

  end(): void {
    this.lost = true;
  }

  cut(): void {
    this.lost = true;
    this.wasCut = true;
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** What a promise came to; undefined: nothing yet. */
function outcomeOf<T>(promise: Promise<T>): { value?: T; fault?: DatabaseFault } {
  const outcome: { value?: T; fault?: DatabaseFault } = {};
  promise.then(
    (value) => {
      outcome.value = value;
    },
    (fault: DatabaseFault) => {
      outcome.fault = fault;
    },
  );
  return outcome;
}

test('at most so many connections are open, and whoever waits gets one in turn, or a refusal after a second', async () => {
  const { pool, clock, connections } = new FakeServer(2);
  const [first] = [await pool.acquire(), await pool.acquire()];
  const waiting = [1, 2, 3].map(() => outcomeOf(pool.acquire()));
  pool.release(first);
  await settled();
  assert.equal(waiting[0]?.value, first);
  assert.equal(waiting[1]?.value, undefined);
  clock.advance(1_000);
  await settled();
  assert.match(waiting[1]?.fault?.message ?? '', /no connection was free within 1000 ms; all 2/);
  assert.equal(waiting[2]?.fault?.verdict.kind, 'busy');
  assert.equal(connections.length, 2);
});

test('a connection that is lost is replaced for whoever waits', async () => {
  const server = new FakeServer(1);
  const first = await server.pool.acquire();
  const waiting = outcomeOf(server.pool.acquire());
  first.spoil();
  server.pool.release(first);
  await settled();
  assert.ok(waiting.value !== undefined && waiting.value !== first);
  assert.equal(server.open, 1);
});

test('a server that refuses is away: everybody is told at once, and it is asked twice a second', async () => {
  const server = new FakeServer();
  server.refuses = true;
  await assert.rejects(server.pool.acquire(), /refused/);
  assert.equal(server.attempts, 1);
  for (let index = 0; index < 10; index += 1) await assert.rejects(server.pool.acquire(), /refused/);
  await settled();
  assert.equal(server.attempts, 2, 'the first refusal was no question');
  server.clock.advance(500);
  await assert.rejects(server.pool.acquire(), /refused/);
  await settled();
  assert.equal(server.attempts, 3);
  server.refuses = false;
  server.clock.advance(500);
  await assert.rejects(server.pool.acquire(), /refused/);
  await settled();
  server.pool.release(await server.pool.acquire());
});

test('a server that does not answer is away, and all its connections are cut', async () => {
  const server = new FakeServer();
  const busy = await server.pool.acquire();
  const running = outcomeOf(busy.run('SLOW', []));
  server.silent = true;
  const asked = outcomeOf(server.pool.ask());
  await settled();
  server.clock.advance(800);
  await settled();
  assert.match(asked.fault?.message ?? '', /not answered within 800 ms/);
  assert.match(running.fault?.message ?? '', /not answered within 800 ms/);
  assert.ok(server.connections.every(({ wasCut }) => wasCut));
  server.pool.release(busy);
  await assert.rejects(server.pool.acquire());
});

test('statements that run long are no sign of a server that is away while it answers others', async () => {
  const server = new FakeServer(2);
  const slow = await server.pool.acquire();
  const running = outcomeOf(slow.run('SLOW', []));
  for (let second = 0; second < 5; second += 1) {
    server.clock.advance(1_000);
    await settled();
  }
  assert.deepEqual(Object.keys(running), [], 'it still runs');
  server.clock.advance(1_500);
  await settled();
  assert.match(running.fault?.message ?? '', /longer than 5000 ms \(DATABASE_STATEMENT_TIMEOUT_MS\)/);
});

test('a new connection that takes long is no sign of a server that is away while it answers on others', async () => {
  const server = new FakeServer(2);
  const [busy, other] = [await server.pool.acquire(), await server.pool.acquire()];
  const running = outcomeOf(other.run('SLOW', []));
  const admission = Promise.withResolvers<void>();
  server.admission = admission.promise;
  const asked = outcomeOf(server.pool.ask());
  await settled();
  server.clock.advance(500);
  const answered = busy.run('QUICK', []);
  server.connections[0]?.answers[0]?.resolve({ rows: [] });
  await answered;
  server.clock.advance(300);
  await settled();
  assert.deepEqual(asked.value, [], 'nobody knows whether it can be written to');
  assert.deepEqual(Object.keys(running), [], 'it still runs');
  server.pool.release(busy);
  server.pool.release(await server.pool.acquire());
  admission.resolve();
  await settled();
  assert.equal(server.open, 2, 'the surplus one is closed');
});

test('an answer that has arrived counts, though this process was held up when it was due', async () => {
  const server = new FakeServer();
  server.silent = true;
  const asked = outcomeOf(server.pool.ask());
  await settled();
  server.clock.advance(800);
  // The timers come first, then what the sockets have.
  server.connections[0]?.answers[0]?.resolve({ rows: [{ writable: 1 }] });
  await settled();
  assert.deepEqual(asked.value, [{ writable: 1 }]);
});

test('connections that nobody uses are closed after a minute, and each is replaced after half an hour', async () => {
  const server = new FakeServer();
  const taken: PooledConnection[] = [await server.pool.acquire(), await server.pool.acquire()];
  for (const connection of taken) server.pool.release(connection);
  server.clock.advance(60_001);
  await server.pool.ask();
  assert.equal(server.open, 1, 'the one that was asked');
  const old = await server.pool.acquire();
  server.clock.advance(30 * 60_000 + 1);
  server.pool.release(old);
  assert.equal(server.open, 0);
});

test('a closed pool has no connections, and gives none', async () => {
  const server = new FakeServer();
  server.pool.release(await server.pool.acquire());
  const busy = await server.pool.acquire();
  const running = outcomeOf(busy.run('SLOW', []));
  server.pool.close();
  server.pool.release(busy);
  await settled();
  assert.match(running.fault?.message ?? '', /closed/);
  assert.equal(server.open, 0);
  await assert.rejects(server.pool.acquire(), /closed/);
  assert.deepEqual(server.clock.pendingDelaysMs, []);
});

test('a connection that comes once the pool is closed is closed as well', async () => {
  const server = new FakeServer();
  const admission = Promise.withResolvers<void>();
  server.admission = admission.promise;
  const [waiting, asked] = [outcomeOf(server.pool.acquire()), outcomeOf(server.pool.ask())];
  await settled();
  server.pool.close();
  admission.resolve();
  await settled();
  assert.match(waiting.fault?.message ?? '', /closed/);
  assert.ok(asked.fault ?? asked.value);
  assert.deepEqual([server.connections.length, server.open], [2, 0]);
  assert.deepEqual(server.clock.pendingDelaysMs, []);
});
