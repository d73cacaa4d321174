/**
 * Reads and writes through several caches while Redis fails in every manner, and shows whether a read ever found less than what
 * was acknowledged before it began:
 *
 *   npm run soak:cache -- --minutes 5 --seed 1
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findRedis, startRedis } from '@flotilla/conformance/databases';
import { runHistory } from './cache-history.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 3);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const engine = findRedis();
if (!(minutes > 0) || !Number.isSafeInteger(seed) || engine.kind === 'missing') {
  process.stderr.write('Give --minutes as a number and --seed as a whole number, and install redis-server.\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'flotilla-cache-'));
process.stdout.write(`Reading and writing for ${minutes} min, seed ${seed}, Node ${process.version}\n`);
const redis = await startRedis({ path: engine.path });
const { findings, ...report } = await runHistory({
  redis,
  databaseUrl: `sqlite:${join(folder, 'history.db')}`,
  seed,
  durationMs: minutes * 60_000,
  onFault: () => undefined,
});
await redis[Symbol.asyncDispose]();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.stdout.write(
  findings.length === 0 ? 'No read found less than what was acknowledged.\n' : `${findings.join('\n')}\n`,
);
process.exit(findings.length === 0 ? 0 : 1);
