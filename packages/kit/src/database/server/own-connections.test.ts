import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { awayFault, DatabaseFault } from './database-fault.ts';
import { OwnConnections } from './own-connections.ts';

/** A migration whose statement takes long, on a server that answers questions as `answer` says. */
async function migrating(t: TestContext, answer: () => Promise<unknown>) {
  const clock = new FakeClock();
  const state = { asked: 0, isCut: false };
  const own = new OwnConnections({
    clock,
    open: async () => ({
      run: () => new Promise(() => undefined),
      runTogether: () => new Promise(() => undefined),
      lost: false,
      end() {},
      cut() {
        state.isCut = true;
      },
    }),
    ask() {
      state.asked += 1;
      return answer();
    },
  });
  t.after(() => own.close());
  const connection = await own.acquire();
  const statement: { fault?: unknown } = {};
  connection.run('CREATE INDEX', []).catch((fault: unknown) => {
    statement.fault = fault;
  });
  return { clock, state, statement };
}

test('a statement of a migration may take an hour while the server answers, which is asked now and then', async (t) => {
  const { clock, state, statement } = await migrating(t, async () => []);
  await clock.advanceAsync(3_600_000);
  assert.equal(statement.fault, undefined);
  assert.ok(state.asked >= 600 && state.asked <= 720, `${state.asked} questions`);
});

test('a statement of a migration ends once the server has answered nobody for 15 seconds', async (t) => {
  const { clock, state, statement } = await migrating(t, () => Promise.reject(awayFault('it has not answered')));
  await clock.advanceAsync(20_000);
  assert.equal(state.isCut, false);
  await clock.advanceAsync(1_000);
  assert.equal(state.isCut, true);
  assert.match(String(statement.fault), /it has not answered/);
});

test('a server that refuses a question, or answers again, is there', async (t) => {
  const full = new DatabaseFault('too many connections', {
    verdict: { kind: 'unavailable', failure: 'unready' },
    lost: true,
  });
  const refusing = await migrating(t, () => Promise.reject(full));
  await refusing.clock.advanceAsync(60_000);
  assert.equal(refusing.state.isCut, false);
  let answers = false;
  const paused = await migrating(t, () => (answers ? Promise.resolve([]) : Promise.reject(awayFault('silent'))));
  for (let minute = 0; minute < 5; minute += 1) {
    answers = false;
    await paused.clock.advanceAsync(14_000);
    answers = true;
    await paused.clock.advanceAsync(6_000);
  }
  assert.equal(paused.state.isCut, false);
});
