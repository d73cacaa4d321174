import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@flotilla/kit/logger';
import { trustRanges } from '../headers/trusted-proxies.ts';
import { AccessLog } from './access-log.ts';
import { ExchangeRecord } from './exchange-record.ts';

test('a line shows the beginning of a long path, and nothing of the query', () => {
  const lines: string[] = [];
  const sink = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ service: 'gateway', instance: 'g', format: 'json', stdout: sink, stderr: sink });
  const log = new AccessLog(logger, trustRanges([]));
  for (const target of [`/${'x'.repeat(20_000)}?secret`, '/short?secret']) {
    const head = { target, method: 'GET', remoteAddress: '127.0.0.1', headers: [], fieldIds: [] };
    // The few parts of a request that its line shows.
    const record = new ExchangeRecord(head as never, { requestId: 'r', trace: { traceId: 't' } } as never, 0);
    record.status = 200;
    log.record(record);
  }
  const paths = lines.map((line) => (JSON.parse(line) as { path: string }).path);
  assert.deepEqual(paths, [`/${'x'.repeat(499)}`, '/short']);
});

test('probes of the gateway itself are lines of debug, unless they fail', () => {
  const levels: string[] = [];
  const sink = { write: (line: string) => levels.push((JSON.parse(line) as { level: string }).level) };
  const logger = createLogger({
    ...{ service: 'gateway', instance: 'g', format: 'json', level: 'debug' },
    ...{ stdout: sink, stderr: sink },
  });
  const log = new AccessLog(logger, trustRanges([]));
  for (const [kind, status] of [
    ['own', 200],
    ['own', 404],
    ['own', 503],
    ['proxy', 200],
  ] as const) {
    const record = new ExchangeRecord(undefined, { requestId: 'r', trace: { traceId: 't' } } as never, 0);
    record.route = { kind, template: '/', services: [] };
    record.status = status;
    log.record(record);
  }
  assert.deepEqual(levels, ['debug', 'info', 'error', 'info']);
});
