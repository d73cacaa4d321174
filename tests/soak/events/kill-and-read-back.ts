import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Order } from '@flotilla/order-contract';
import { freePort } from '@flotilla/testing';
import type { User } from '@flotilla/user-contract';
import { Random } from '../../fuzz/random.ts';
import { findingsIn, readFeed, readList } from './read-back.ts';
import type { TriedDatabase } from './tried-database.ts';
import { Victim } from './victim.ts';
import { Knowledge, work } from './workload.ts';

/** How programs are killed. */
export interface EventKillOptions {
  /** How many times, all programs together. */
  readonly kills: number;
  /** Repeats the choices; what is under way when a process dies, no seed repeats. */
  readonly seed: number;
  /** An empty database for each program. */
  readonly databaseOf: (program: string) => Promise<TriedDatabase>;
  readonly onKill?: (kills: number, knowledge: Knowledge) => void;
}

/** What came of it. */
export interface EventKillReport {
  /** How often programs were killed, by program and point. */
  readonly kills: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly unanswered: number;
  /** How many events were told. */
  readonly events: number;
  /** How long it took until everything was caught up with, after the last kill. */
  readonly caughtUpMs: number;
  readonly findings: readonly string[];
}

const app = (service: string): string =>
  fileURLToPath(new URL(`../../../apps/${service}/src/main.ts`, import.meta.url));
const ledgerEntry = fileURLToPath(new URL('ledger-main.ts', import.meta.url));

const feedPoints = ['event-written', 'change-committed', 'positions-given', 'positions-committed', 'page-read'];
const consumerPoints = ['page-received', 'effects-applied', 'effects-committed'];
const copyPoints = ['copy-part-written', 'copy-written'];
const catchUpLimitMs = 120_000;

/**
 * Two instances each of user-service, of order-service and of a program that counts their events are killed at labelled points
 * while clients work. Then all of it is read back.
 */
export async function killAndReadBack({ kills, seed, databaseOf, onKill }: EventKillOptions): Promise<EventKillReport> {
  const random = new Random(seed);
  const ports = await Promise.all(Array.from({ length: 4 }, freePort));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const [userUrls, orderUrls] = [urls.slice(0, 2), urls.slice(2)];
  const names = ['user-service', 'user-service', 'order-service', 'order-service'];
  const registry = `static:${names.map((name, index) => `${name}=127.0.0.1:${ports[index]}`).join()}`;
  const users = await databaseOf('users');
  const orders = await databaseOf('orders');
  const ledger = await databaseOf('ledger');
  const counts: Record<string, number> = {};
  let killed = 0;
  const dying = new Set<Victim>();
  const knowledge = new Knowledge();
  const stop = new AbortController();
  const victim = (
    ...[name, index, database, points]: readonly [string, number, TriedDatabase, readonly string[]]
  ): Victim => {
    const env = {
      ...{ REGISTRY_URL: registry, SERVER_HOST: '127.0.0.1', LOG_LEVEL: 'error', SEED_DEMO_DATA: 'false' },
      ...{ DATABASE_URL: database.url, SERVER_PORT: String(ports[index] ?? 0), GRPC_PORT: '0' },
    };
    return new Victim({
      ...{ name, entry: name === 'ledger' ? ledgerEntry : app(name), env, points, random },
      async prepare(point) {
        // As after a gap in the events: it has to copy the users again.
        if (copyPoints.includes(point)) await database.rows('DELETE FROM event_consumers').catch(() => undefined);
      },
    });
  };
  const victims = [
    victim('user-service', 0, users, feedPoints),
    victim('user-service', 1, users, feedPoints),
    victim('order-service', 2, orders, [...feedPoints, ...consumerPoints, ...copyPoints]),
    victim('order-service', 3, orders, [...feedPoints, ...consumerPoints]),
    victim('ledger', 4, ledger, consumerPoints),
    victim('ledger', 5, ledger, consumerPoints),
  ];
  /** Kills one after the other; two do so, and leave each other's victims alone. */
  const killer = async (): Promise<void> => {
    while (killed < kills) {
      killed += 1;
      const chosen = random.pick(victims.filter((each) => !dying.has(each)));
      dying.add(chosen);
      const where = await chosen.kill();
      dying.delete(chosen);
      counts[where] = (counts[where] ?? 0) + 1;
      onKill?.(killed, knowledge);
    }
  };
  await Promise.all(victims.map((each) => each.start()));
  const working = work({ userUrls, orderUrls, knowledge, random: new Random(seed + 1), signal: stop.signal });
  try {
    await Promise.all([killer(), killer()]);
    stop.abort();
    await working;
    const [userUrl = '', orderUrl = ''] = [userUrls[0], orderUrls[0]];
    const startedMs = performance.now();
    await caughtUp([userUrl, orderUrl], [orders, ledger]);
    const caughtUpMs = Math.round(performance.now() - startedMs);
    const all = {
      users: await readList<User>(userUrl, '/users'),
      orders: await readList<Order>(orderUrl, '/orders'),
      userEvents: await readFeed<User>(userUrl),
      orderEvents: await readFeed<Order>(orderUrl),
      ledger: await readLedger(ledger),
    };
    const { acknowledged, unanswered } = knowledge;
    const events = all.userEvents.length + all.orderEvents.length;
    return { kills: counts, acknowledged, unanswered, events, caughtUpMs, findings: findingsIn(all, knowledge) };
  } finally {
    stop.abort();
    await Promise.all(victims.map((each) => each.end()));
  }
}

/** Waits until order-service and the ledger have applied all that there is to apply. */
async function caughtUp(
  [userUrl, orderUrl]: readonly [string, string],
  [orderDatabase, ledger]: readonly [TriedDatabase, TriedDatabase],
): Promise<void> {
  const newest = async (url: string): Promise<number> =>
    ((await (await fetch(`${url}/events`)).json()) as { readonly newest: number }).newest;
  const endMs = performance.now() + catchUpLimitMs;
  for (;;) {
    const users = await newest(userUrl);
    const known = await positions(orderDatabase);
    // Only then: its effects are events of order-service.
    const orders = await newest(orderUrl);
    const counted = await positions(ledger);
    if (known.get('users') === users && counted.get('users') === users && counted.get('orders') === orders) return;
    if (performance.now() > endMs)
      throw new Error(`Not caught up: users ${users}, orders ${orders}, but ${JSON.stringify([...known, ...counted])}`);
    await sleep(200);
  }
}

async function positions(database: TriedDatabase): Promise<ReadonlyMap<string, number>> {
  const rows = await database.rows('SELECT name, position FROM event_consumers');
  return new Map(rows.map(([name = '', position]) => [name, Number(position)]));
}

async function readLedger(database: TriedDatabase): Promise<ReadonlyMap<string, number>> {
  const rows = await database.rows('SELECT event_id, times FROM ledger');
  return new Map(rows.map(([id = '', times]) => [id, Number(times)]));
}
