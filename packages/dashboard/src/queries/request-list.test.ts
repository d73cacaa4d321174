import assert from 'node:assert/strict';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { test } from 'node:test';
import { migrateSqlite } from '@flotilla/kit/database/sqlite';
import { migrations } from '../store/migrations.ts';
import { RequestList } from './request-list.ts';
import { Resources } from './resources.ts';

/** Notes what it was asked. */
class NotedDatabase extends DatabaseSync {
  readonly asked: string[] = [];

  override prepare(sql: string): StatementSync {
    this.asked.push(sql);
    return super.prepare(sql);
  }
}

test('whoever asks for a trace by its id waits no longer for each of its spans because it has many', (t) => {
  const database = new NotedDatabase(':memory:');
  t.after(() => database.close());
  migrateSqlite(database, migrations, 0);
  const list = new RequestList(database, new Resources(database));
  for (const filter of [{}, { fromMs: 1, toMs: 2, at: ['gateway'] }]) {
    list.list({ ...filter, text: '0af7651916cd43dd8448eb211c80319c' });
    const asked = database.asked.at(-1) ?? '';
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${asked}`).all(...Array.from(asked.matchAll(/\?/g), () => 1));
    const steps = plan.map((step) => String(step['detail']));
    assert.ok(steps.includes('SEARCH spans USING INDEX spans_of_trace (trace_id=?)'), steps.join('\n'));
    assert.deepEqual(
      steps.filter((step) => step.includes('CORRELATED')),
      [],
    );
  }
});
