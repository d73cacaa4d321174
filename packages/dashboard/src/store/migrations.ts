import type { Migration } from '@flotilla/kit/database/sqlite';

/** The history of the dashboard's database. Released steps never change; a correction is a new step. */
export const migrations: readonly Migration[] = [
  {
    id: '0001-create-telemetry',
    // Times are microseconds since the epoch. Ids of rows ascend in the order of arrival, which is the order in which they go:
    // what a sender says about the time does not decide how long it is kept. What is asked for in bulk stands in narrow rows of
    // its own, and whatever a person sees of one span or line in `data`.
    sql: () => `
      CREATE TABLE resources (
        id INTEGER PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        service TEXT NOT NULL,
        instance_id TEXT,
        attributes TEXT NOT NULL,
        seen_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE spans (
        id INTEGER PRIMARY KEY,
        trace_id BLOB NOT NULL,
        span_id BLOB NOT NULL,
        parent_id BLOB,
        resource INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        duration_us INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        weight REAL NOT NULL,
        entry INTEGER NOT NULL,
        status INTEGER,
        name TEXT NOT NULL,
        method TEXT,
        path TEXT,
        query TEXT,
        route TEXT,
        error_type TEXT,
        protocol TEXT,
        peer TEXT,
        address TEXT
      ) STRICT;
      CREATE UNIQUE INDEX spans_of_trace ON spans (trace_id, span_id, kind);
      CREATE INDEX spans_that_begin ON spans (at_us) WHERE entry = 1;
      CREATE INDEX spans_between_programs ON spans (at_us) WHERE kind > 1;
      CREATE TABLE span_data (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
      CREATE TABLE logs (
        id INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        severity INTEGER NOT NULL,
        resource INTEGER NOT NULL,
        trace_id BLOB,
        span_id BLOB,
        message TEXT NOT NULL,
        fields TEXT NOT NULL
      ) STRICT;
      CREATE INDEX logs_by_time ON logs (at_us);
      CREATE INDEX logs_that_warn ON logs (at_us) WHERE severity >= 13;
      CREATE INDEX logs_of_trace ON logs (trace_id) WHERE trace_id IS NOT NULL;
      CREATE TABLE metrics (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        unit TEXT NOT NULL,
        help TEXT NOT NULL,
        monotonic INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL,
        UNIQUE (name, kind, unit, monotonic)
      ) STRICT;
      CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        metric INTEGER NOT NULL,
        resource INTEGER NOT NULL,
        attributes TEXT NOT NULL,
        seen_ms INTEGER NOT NULL,
        UNIQUE (metric, resource, attributes)
      ) STRICT;
      CREATE TABLE bounds (
        id INTEGER PRIMARY KEY,
        bounds TEXT NOT NULL UNIQUE,
        seen_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE points (
        id INTEGER PRIMARY KEY,
        series INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        start_us INTEGER NOT NULL,
        value REAL NOT NULL,
        count REAL,
        bounds INTEGER,
        buckets BLOB,
        lasting INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX points_of_series ON points (series, at_us);
      CREATE TABLE segments (
        signal TEXT NOT NULL,
        first_id INTEGER NOT NULL,
        last_id INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        began_ms INTEGER NOT NULL,
        ended_ms INTEGER NOT NULL,
        PRIMARY KEY (signal, first_id)
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
