import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  describeEvents,
  describeMigrations,
  describeTelemetry,
  describeValues,
  describeWriters,
} from '@flotilla/conformance/databases';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const fresh = async (): Promise<string> => `sqlite:${join(folder, `${(made += 1)}.db`)}`;

describeValues('SQLite', fresh);
describeWriters('SQLite', fresh);
const counting = (count: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT count(*) FROM n;`;
describeMigrations('SQLite', fresh, { whole: true, slow: counting(500_000), slower: counting(5_000_000) });
describeEvents('SQLite', fresh);
describeTelemetry('SQLite', fresh, 'sqlite');
