/**
 * Kills a registry hundreds of times while it is written to, and shows whether anything that it has acknowledged was lost:
 *
 *   npm run soak:registry -- --kills 300 --seed 1
 *
 * Ends with status 1 if so, or if a revision stood for two things.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killAgainAndAgain } from './kill-again-and-again.ts';

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
const kills = Number(values.kills ?? 300);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
if (![kills, seed].every(Number.isSafeInteger) || kills < 1 || seed < 0) {
  process.stderr.write('Give --kills and --seed as whole numbers.\n');
  process.exit(2);
}
process.stdout.write(`Killing a registry ${kills} times, seed ${seed}, Node ${process.version}\n`);
const report = await killAgainAndAgain({
  kills,
  seed,
  folder: await mkdtemp(join(tmpdir(), 'flotilla-kills-')),
  onKill(kill, { counts, findings }) {
    if (kill % 25 === 0)
      process.stdout.write(`${kill} kills: ${counts.acknowledged} writes acknowledged, ${findings.length} findings\n`);
  },
});
const { acknowledged, unanswered, duringStart, findings } = report;
process.stdout.write(
  `${report.kills} kills, ${duringStart} of them while it started; ${acknowledged} writes acknowledged, ${unanswered} were never answered.\n`,
);
process.stdout.write(
  findings.length === 0 ? 'Nothing was lost, and no revision came twice.\n' : `${findings.join('\n')}\n`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
