/**
 * Compares the codec with Node's own strict parser on generated and damaged messages:
 *
 *   npm run fuzz:http1 -- --count 1000000 --seed 1
 *
 * Ends with status 1 when the codec accepted what Node refuses, or read something else out of what both accept.
 */
import { parseArgs } from 'node:util';
import { runDifferential } from './differential.ts';

const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } });
const count = Number(values.count ?? 1_000_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
if (!Number.isSafeInteger(count) || !Number.isSafeInteger(seed) || count < 1 || seed < 0) {
  process.stderr.write('Give --count and --seed as whole numbers.\n');
  process.exit(2);
}

process.stdout.write(`Comparing ${count} messages, seed ${seed}, Node ${process.version}\n`);
const started = performance.now();
const outcome = await runDifferential({
  count,
  seed,
  onProgress: (done) => {
    if (done % 100_000 === 0) process.stdout.write(`${done} compared\n`);
  },
});
for (const finding of outcome.findings) {
  process.stdout.write(
    `seed ${finding.seed} ${finding.kind} ${JSON.stringify(finding.question) ?? ''}\n  ${finding.problem}\n` +
      `  bytes:  ${JSON.stringify(finding.bytes)}\n  shrunk: ${JSON.stringify(finding.shrunk)}\n`,
  );
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(
  `${outcome.messages} compared in ${seconds} s, ${outcome.accepted} read at least in part, ${outcome.findings.length} findings\n`,
);
process.exitCode = outcome.findings.length === 0 ? 0 : 1;
