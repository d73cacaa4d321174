/**
 * What choosing an instance costs, in nanoseconds: `node bench/balance.bench.ts`.
 *
 * One choice with the beginning and the end of its attempt, for each balancer and several sizes of a service; then what it
 * costs that an instance is set aside and comes back, with a choice after each. Each figure is the best of several rounds,
 * since what disturbs a round only makes it longer.
 */

import { FakeCandidates } from '@flotilla/conformance';
import { type BalanceConfig, createBalancer } from '@flotilla/gateway';

const ROUNDS = 15;
const ROUND_SIZE = 20_000;
const SIZES = [2, 10, 100, 1_000, 10_000];
const BALANCES: readonly BalanceConfig[] = [
  { kind: 'weighted-round-robin' },
  { kind: 'least-in-flight' },
  { kind: 'consistent-hash', key: { from: 'client' } },
];

/** Keeps results alive, so that nothing measured can be left out. */
let sink = 0;

function best(rounds: number, size: number, run: () => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < size; i++) sink += run();
    least = Math.min(least, Number(process.hrtime.bigint() - started) / size);
  }
  return least;
}

for (const balance of BALANCES) {
  for (const size of SIZES) {
    const weights = Object.fromEntries(Array.from({ length: size }, (_, at) => [`web-${at}`, 1 + (at % 3)]));
    const candidates = new FakeCandidates(weights);
    const balancer = createBalancer(balance, candidates, Math.random);
    candidates.tell(balancer);
    let key = 1;
    const choose = (): number => {
      key = (key * 48_271) % 1_073_741_789;
      const chosen = balancer.next(key, []);
      if (chosen === undefined) return 0;
      candidates.begin(chosen);
      candidates.end(chosen);
      return chosen.weight;
    };
    const chooseNs = best(ROUNDS, ROUND_SIZE, choose);
    const flapNs = best(ROUNDS, 1_000, () => {
      const one = candidates.all[0];
      if (one === undefined) return 0;
      balancer.left?.(one);
      sink += choose();
      balancer.joined?.(one);
      return choose();
    });
    const columns = [balance.kind.padEnd(22), `${size} instances`.padStart(17), chooseNs.toFixed(0), flapNs.toFixed(0)];
    process.stdout.write(`${columns.map((text) => text.padStart(10)).join('')}\n`);
  }
}
if (sink === 0) throw new Error('Nothing was measured.');
