import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Transaction, UniqueViolation } from '@flotilla/kit/database';
import { createMetrics, idleTracer, type TraceContext, withinTrace } from '@flotilla/kit/telemetry';
import { type RecordingTracer, recordingTracer } from '../recording-tracer.ts';
import { type CartRow, openCarts } from './carts.ts';

/** The trace of a request. */
function request(sampled = true): TraceContext {
  return { ...idleTracer().begin(undefined), sampled };
}

function names({ spans }: RecordingTracer): readonly string[] {
  return spans.map(({ name }) => name);
}

/** What a kind of database tells of its statements. `system`: its name by OpenTelemetry's conventions. */
export function describeTelemetry(name: string, fresh: () => Promise<string>, system: string): void {
  describe(`${name} tells of its statements`, () => {
    test('each one that runs for a traced request is a span, without its values', async () => {
      const tracer = recordingTracer();
      await using opened = await openCarts(await fresh(), { tracer });
      assert.deepEqual(names(tracer), [], 'a start is no request');
      const trace = request();
      await withinTrace(trace, async () => {
        const { id } = await opened.carts.add({ owner: 'Ada Secret', note: null, total_cents: 7 });
        await opened.carts.get(id);
      });
      assert.deepEqual(names(tracer), ['INSERT carts', 'SELECT carts']);
      for (const span of tracer.spans) {
        assert.equal(span.kind, 'client');
        assert.equal(span.context.traceId, trace.traceId);
        assert.equal(span.parentSpanId, trace.spanId);
        assert.notEqual(span.context.spanId, trace.spanId);
        assert.equal(span.failed, false);
        assert.equal(span.attributes['db.system.name'], system);
        assert.notEqual(span.attributes['db.namespace'], '');
        assert.equal(span.attributes['db.collection.name'], 'carts');
        assert.ok(Math.abs(span.startedMs + span.durationMs - Date.now()) < 60_000);
      }
      assert.doesNotMatch(JSON.stringify(tracer.spans), /Secret/);
    });

    test('a transaction shows where it began and was committed or undone', async () => {
      const tracer = recordingTracer();
      await using opened = await openCarts(await fresh(), { tracer });
      const { database } = opened;
      await withinTrace(request(), async () => {
        await database.transaction(async ({ query }) => {
          await query.selectFrom('carts').selectAll().execute();
        });
        await assert.rejects(database.transaction(() => Promise.reject(new Error('no'))));
      });
      assert.deepEqual(names(tracer), ['BEGIN', 'SELECT carts', 'COMMIT', 'BEGIN', 'ROLLBACK']);
    });

    test('what is left for the end of a transaction is shown with its commit', async () => {
      const tracer = recordingTracer();
      await using opened = await openCarts(await fresh(), { tracer });
      const { database } = opened;
      const insert = database.prepare(({ owner }: { readonly owner: string }) =>
        database.query.insertInto('carts').values({ owner, total_cents: 1 } as CartRow),
      );
      await withinTrace(request(), () =>
        database.transaction(async (transaction) => {
          await insert.later({ owner: 'Ada' }, transaction as Transaction);
          await transaction.query.selectFrom('carts').selectAll().execute();
        }),
      );
      assert.deepEqual(names(tracer).toSorted(), ['BEGIN', 'COMMIT', 'INSERT carts', 'SELECT carts']);
    });

    test('a request that waits for the connection of another keeps its own statements', async () => {
      const tracer = recordingTracer();
      await using opened = await openCarts(await fresh(), { tracer, poolSize: 1 });
      const { database, carts } = opened;
      const traces = Array.from({ length: 8 }, () => request());
      await Promise.all(
        traces.map((trace, n) =>
          withinTrace(trace, async () => {
            if (n % 2 === 0) await carts.find(n);
            else
              await database.transaction(async (transaction) => {
                await transaction.query.selectFrom('carts').selectAll().execute();
              });
          }),
        ),
      );
      const expected = traces.map((_trace, n) =>
        n % 2 === 0 ? ['SELECT carts'] : ['BEGIN', 'SELECT carts', 'COMMIT'],
      );
      const seen = traces.map(({ traceId, spanId }) =>
        tracer.spans
          .filter(({ context, parentSpanId }) => context.traceId === traceId && parentSpanId === spanId)
          .map((span) => span.name),
      );
      assert.deepEqual(seen, expected);
    });

    test('a value that is taken is no failure of the database, and a wrong statement is one', async () => {
      const tracer = recordingTracer();
      const metrics = createMetrics();
      await using opened = await openCarts(await fresh(), { tracer, metrics });
      const { database, carts } = opened;
      await carts.add({ owner: 'Ada', note: null, total_cents: 7 });
      await withinTrace(request(), async () => {
        const again = database.query.insertInto('carts').values({ id: 99, owner: 'Ada', note: null, total_cents: 7 });
        await assert.rejects(again.execute(), UniqueViolation);
      });
      const [taken] = tracer.spans;
      assert.equal(taken?.failed, false);
      assert.notEqual(taken?.attributes['db.response.status_code'], undefined);
      assert.equal(taken?.attributes['error.type'], undefined);
      // A failure is kept though its trace is not sampled.
      await withinTrace(request(false), async () => {
        await carts.page({ limit: 1, cursor: undefined });
        await assert.rejects(
          database.query
            .selectFrom('nowhere' as 'carts')
            .selectAll()
            .execute(),
        );
      });
      assert.deepEqual(names(tracer), ['INSERT carts', 'SELECT nowhere']);
      const [, wrong] = tracer.spans;
      assert.equal(wrong?.failed, true);
      assert.notEqual(wrong?.attributes['error.type'], undefined);
      assert.match(wrong?.message ?? '', /nowhere/);
      const { body } = metrics.render();
      assert.match(body, new RegExp(`count\\{db_system_name="${system}",.*"INSERT carts",error_type=""\\} 2`));
      assert.match(body, /db_query_summary="SELECT nowhere",error_type="[^"]+"\} 1/);
    });
  });
}
