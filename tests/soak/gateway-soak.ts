/**
 * An hour's worth of mixed traffic in minutes, with clients that leave at random bytes and upstreams that reset, stall and
 * talk nonsense; then shows what was left behind:
 *
 *   npm run soak:gateway -- --seconds 180 --clients 64 --seed 1
 *
 * Ends with status 1 when a client was answered wrongly, or a socket, a timer, a request or memory was left.
 */
import { parseArgs } from 'node:util';
import { leaksOf, runSoak } from './run-soak.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, clients: { type: 'string' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds ?? 180);
const clients = Number(values.clients ?? 64);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
if (![seconds, clients, seed].every(Number.isSafeInteger) || seconds < 1 || clients < 1 || seed < 0) {
  process.stderr.write('Give --seconds, --clients and --seed as whole numbers.\n');
  process.exit(2);
}

const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`;
process.stdout.write(`Soaking for ${seconds} s with ${clients} clients, seed ${seed}, Node ${process.version}\n`);
const report = await runSoak({
  durationMs: seconds * 1_000,
  roundMs: Math.min(15_000, (seconds * 1_000) / 4),
  seed,
  clients,
  onRound({ requests, heapBytes, externalBytes, sockets, timers }) {
    process.stdout.write(
      `${requests} requests: heap ${megabytes(heapBytes)}, outside ${megabytes(externalBytes)}, ${sockets} sockets, ${timers} timers\n`,
    );
  },
});
const { counts, upstreamRequests } = report;
process.stdout.write(
  `${counts.connections} connections, ${counts.sent} requests sent, ${upstreamRequests} reached an upstream, ${counts.answered} answered, ` +
    `${counts.cut} answers cut, ${counts.left} times a client left; by status ${JSON.stringify(counts.byStatus)}\n`,
);
const leaks = leaksOf(report);
process.stdout.write(leaks.length === 0 ? 'Nothing was left behind.\n' : `Left behind: ${leaks.join('; ')}\n`);
process.exitCode = leaks.length === 0 ? 0 : 1;
