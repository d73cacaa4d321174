import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '@flotilla/testing';
import { RegistryProcess } from './registry-process.ts';
import { Watcher, type WatchKind } from './watcher.ts';

/**
 * Measures what many watchers cost and how soon they know: half of them follow events, half wait with long polls, each over a
 * socket of its own. `node bench/registry/watchers.ts --watchers 10000 --hot 1000`.
 */
const { values } = parseArgs({
  options: {
    watchers: { type: 'string', default: '10000' },
    hot: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '20' },
    kinds: { type: 'string', default: 'stream,poll' },
  },
});
const count = Number(values.watchers);
const hotCount = Number(values.hot);
const rounds = Number(values.rounds);
const kinds = values.kinds.split(',').filter((kind): kind is WatchKind => kind === 'stream' || kind === 'poll');

const folder = await mkdtemp(join(tmpdir(), 'flotilla-watchers-'));
const port = await freePort();
const registry = new RegistryProcess({ port, file: join(folder, 'registry.db') }, { MAX_WATCHES: String(count + 100) });
const watchers: Watcher[] = [];
try {
  await registry.start();
  for (let index = 0; index < 100; index += 1) await registry.register(`cold-${index}`, 1_000 + index);
  await registry.register('hot', 500);
  const idleBytes = registry.rssBytes;

  // The hot ones last, so that they are not the favoured first.
  for (let index = 0; index < count; index += 1) {
    const service = index < count - hotCount ? `cold-${index % 100}` : 'hot';
    watchers.push(new Watcher(kinds[index % kinds.length] ?? 'stream', service, port));
  }
  const openedMs = performance.now();
  for (let next = 0; next < watchers.length; next += 200)
    await Promise.all(watchers.slice(next, next + 200).map((watcher) => watcher.open()));
  say('watchers open', `${count} in ${ms(performance.now() - openedMs)}`);
  await sleep(3_000);
  const bytes = (registry.rssBytes - idleBytes) / count;
  say('memory', `${mib(idleBytes)} MiB idle, ${(bytes / 1024).toFixed(1)} kB for each watcher`);

  const hot = watchers.slice(count - hotCount);
  const cold = watchers.slice(0, count - hotCount);
  const latencies: number[] = [];
  const cpuBeforeMs = registry.cpuMs;
  for (let round = 0; round < rounds; round += 1) {
    const before = hot.map(({ woken }) => woken);
    const startedMs = performance.now();
    await registry.register('hot', 2_000 + round);
    const answeredMs = performance.now() - startedMs;
    await until(() => hot.every(({ woken }, index) => woken > (before[index] ?? 0)));
    latencies.push(Math.max(...hot.map(({ wokenAtMs }) => wokenAtMs)) - startedMs);
    if (round === 0) say('first registration answered after', ms(answeredMs));
    await sleep(200);
  }
  latencies.sort((a, b) => a - b);
  say(
    `last of ${hotCount} woken after a registration`,
    `median ${ms(latencies[rounds >> 1] ?? 0)}, worst ${ms(latencies.at(-1) ?? 0)} of ${rounds}`,
  );
  say('CPU time of the registry for that', `${ms((registry.cpuMs - cpuBeforeMs) / rounds)} each`);
  say('cold watchers woken by that', String(sum(cold)));

  const calm = sum(hot) + sum(cold);
  await registry.register('elsewhere', 900);
  await registry.register('hot', 500);
  await fetch(`${registry.url}/services/hot/instances/hot-10.0.0.1-500/lease`, { method: 'PUT' });
  await sleep(1_000);
  say('woken by a write elsewhere, a renewal and a repeated registration', String(sum(hot) + sum(cold) - calm));

  await registry.stop();
  for (const watcher of watchers) watcher.close();
  await registry.start();
  await registry.register('hot', 9_000);
  const missed = hot.map(({ revision }) => revision);
  for (let next = 0; next < hot.length; next += 200)
    await Promise.all(hot.slice(next, next + 200).map((watcher) => watcher.open()));
  await until(() => hot.every(({ revision }, index) => revision > (missed[index] ?? 0)));
  say('after a restart', 'each has learned of the change it missed');
  say('failures', String(watchers.reduce((total, { failures }) => total + failures, 0)));
} finally {
  for (const watcher of watchers) watcher.close();
  await registry.stop();
  await rm(folder, { recursive: true });
}

function sum(some: readonly Watcher[]): number {
  return some.reduce((total, { woken }) => total + woken - 1, 0);
}

async function until(isSo: () => boolean): Promise<void> {
  const limitMs = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > limitMs) throw new Error('Not everybody was told within 10 s');
    await sleep(1);
  }
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function mib(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

function say(what: string, value: string): void {
  process.stdout.write(`${what}: ${value}\n`);
}
