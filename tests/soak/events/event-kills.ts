/**
 * Kills both services and a program that follows them, hundreds of times, at labelled points, while clients work; and shows whether
 * an event was lost, or took effect twice:
 *
 *   npm run soak:events -- --kills 300 --seed 1 --database postgres
 *
 * Ends with status 1 if so.
 */
import { parseArgs } from 'node:util';
import { killAndReadBack } from './kill-and-read-back.ts';
import { databasesOf, type TriedKind } from './tried-database.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, database: { type: 'string' } },
});
const kills = Number(values.kills ?? 300);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const kind = (['sqlite', 'postgres', 'mariadb'] as const).find((each) => each === (values.database ?? 'sqlite'));
if (![kills, seed].every(Number.isSafeInteger) || kills < 1 || seed < 0 || kind === undefined) {
  process.stderr.write('Give --kills and --seed as whole numbers, and --database as sqlite, postgres or mariadb.\n');
  process.exit(2);
}
process.exitCode = await run(kind);

async function run(database: TriedKind): Promise<number> {
  process.stdout.write(`${kills} kills of services on ${database}, seed ${seed}, Node ${process.version}\n`);
  const startedMs = performance.now();
  await using databases = await databasesOf(database);
  const report = await killAndReadBack({
    ...{ kills, seed },
    databaseOf: (name) => databases.make(name),
    onKill(killed, { acknowledged }) {
      if (killed % 25 === 0) process.stdout.write(`${killed} kills: ${acknowledged} writes acknowledged\n`);
    },
  });
  const { acknowledged, unanswered, events, caughtUpMs, findings } = report;
  const points = Object.entries(report.kills).toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [point, times] of points) process.stdout.write(`${String(times).padStart(5)} ${point}\n`);
  process.stdout.write(
    `${acknowledged} writes acknowledged, ${unanswered} never answered, ${events} events told; caught up ${caughtUpMs} ms after the last start. ${Math.round((performance.now() - startedMs) / 1_000)} s.\n`,
  );
  process.stdout.write(
    findings.length === 0 ? '0 events lost, 0 applied twice.\n' : `${findings.slice(0, 50).join('\n')}\n`,
  );
  return findings.length === 0 ? 0 : 1;
}
