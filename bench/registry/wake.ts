import { Agent, get } from 'node:http';
import { memory } from '../gateway/measure/process-figures.ts';
import { register } from './load.ts';
import type { Subject } from './registries.ts';

/** What waiting costs. */
export interface WakeResult {
  /** From the registration to the last answer, in milliseconds, one for each round. */
  readonly lastMs: readonly number[];
  /** Resident memory of the server for one who waits. */
  readonly bytesPerWaiter: number;
}

/** Lets so many wait for one service, and registers an instance of it, several times. */
export async function measureWake(subject: Subject, waiters: number, rounds: number): Promise<WakeResult> {
  const service = `woken-${waiters}`;
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  await register(subject, 'instance-1', service, 'first');
  const lastMs: number[] = [];
  let bytesPerWaiter = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { index } = await ask(subject, agent, subject.api.blockingPath(service, '0'));
    const before = memory(subject.registry.process.pid).rssBytes;
    const answers = Array.from({ length: waiters }, () =>
      ask(subject, agent, subject.api.blockingPath(service, index)),
    );
    // All have been sent and taken in; nothing tells when a server waits.
    await new Promise((resolve) => setTimeout(resolve, 500 + waiters));
    bytesPerWaiter = Math.max(bytesPerWaiter, (memory(subject.registry.process.pid).rssBytes - before) / waiters);
    const sentMs = performance.now();
    await register(subject, 'instance-1', service, `round ${round}`);
    const ended = await Promise.all(answers);
    if (ended.some((answer) => answer.index === index)) throw new Error('an answer came without a change');
    lastMs.push(Math.max(...ended.map(({ atMs }) => atMs)) - sentMs);
  }
  agent.destroy();
  return { lastMs, bytesPerWaiter };
}

/** Asks, and says which index the answer has and when it was complete. */
function ask({ api, registry }: Subject, agent: Agent, path: string): Promise<{ index: string; atMs: number }> {
  return new Promise((resolve, reject) => {
    get(registry.url + path, { agent }, (answer) => {
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`${path}: ${answer.statusCode}`));
        resolve({ index: String(answer.headers[api.indexHeader]), atMs: performance.now() });
      });
      answer.resume();
    }).on('error', reject);
  });
}
