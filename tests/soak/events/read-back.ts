import type { Order } from '@flotilla/order-contract';
import type { User } from '@flotilla/user-contract';
import type { Knowledge } from './workload.ts';

/** An event as the feed tells of it. */
export interface ToldEvent<Data> {
  readonly id: string;
  readonly type: string;
  readonly position: number;
  readonly data: Data;
}

/** All events of a service, from the first. */
export async function readFeed<Data>(url: string): Promise<readonly ToldEvent<Data>[]> {
  const all: ToldEvent<Data>[] = [];
  for (;;) {
    const page = await read<{ newest: number; events: ToldEvent<Data>[] }>(
      `${url}/events?after=${all.at(-1)?.position ?? 0}&limit=1000`,
    );
    all.push(...page.events);
    if (page.events.length === 0) return all;
  }
}

/** All records of a list. */
export async function readList<Row>(url: string, path: string): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response: Response = await fetch(url + next);
    all.push(...((await response.json()) as Row[]));
    next = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return all;
}

async function read<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

/** What was read, when all programs run again and have caught up. */
export interface ReadBack {
  readonly users: readonly User[];
  readonly orders: readonly Order[];
  readonly userEvents: readonly ToldEvent<User>[];
  readonly orderEvents: readonly ToldEvent<Order>[];
  /** How often each event took effect, by its id. */
  readonly ledger: ReadonlyMap<string, number>;
}

/** What contradicts what clients know, or itself. */
export function findingsIn(all: ReadBack, knowledge: Knowledge): readonly string[] {
  return [
    ...feedFindings('user-service', all.userEvents, all.users, ['user.created', 'user.deleted']),
    ...feedFindings('order-service', all.orderEvents, all.orders, ['order.placed', 'order.deleted']),
    ...ledgerFindings(all),
    ...userFindings(all, knowledge),
    ...orderFindings(all, knowledge),
  ];
}

/** The events of a record have to tell its life: made once, then changed, then deleted if it is gone; and nothing else. */
function* feedFindings<Data extends { readonly id: number }>(
  service: string,
  events: readonly ToldEvent<Data>[],
  rows: readonly Data[],
  [made, deleted]: readonly [string, string],
): Generator<string> {
  for (const [index, { position }] of events.entries())
    if (position !== index + 1) yield `${service}: event ${position} stands where ${index + 1} is expected`;
  const lives = Map.groupBy(events, ({ data }) => data.id);
  const present = new Map(rows.map((row) => [row.id, row]));
  for (const [id, life] of lives) {
    if (life[0]?.type !== made || life.filter(({ type }) => type === made).length !== 1)
      yield `${service}: ${id} is not made once, at first: ${life.map(({ type }) => type).join()}`;
    const ends = life.filter(({ type }) => type === deleted).length;
    if (ends > 1 || (ends === 1) === present.has(id))
      yield `${service}: ${id} is deleted ${ends} times, but ${present.has(id) ? '' : 'not '}there`;
    const last = life.findLast(({ type }) => type !== deleted);
    const row = present.get(id);
    if (row !== undefined && JSON.stringify(last?.data) !== JSON.stringify(row))
      yield `${service}: ${id} is ${JSON.stringify(row)}, but was told to be ${JSON.stringify(last?.data)}`;
  }
  for (const id of present.keys()) if (!lives.has(id)) yield `${service}: nobody was told of ${id}`;
}

function* ledgerFindings({ userEvents, orderEvents, ledger }: ReadBack): Generator<string> {
  const told = new Set([...userEvents, ...orderEvents].map(({ id }) => id));
  for (const id of told) if (ledger.get(id) !== 1) yield `event ${id} took effect ${ledger.get(id) ?? 0} times`;
  for (const id of ledger.keys()) if (!told.has(id)) yield `event ${id} took effect, but is not in the feed`;
}

function* userFindings({ users, userEvents }: ReadBack, knowledge: Knowledge): Generator<string> {
  const present = new Set(users.map(({ id }) => id));
  const created = new Set(userEvents.filter(({ type }) => type === 'user.created').map(({ data }) => data.id));
  for (const [id, { gone }] of knowledge.users) {
    if (!created.has(id)) yield `user ${id} was acknowledged, but nobody was told`;
    if (gone && present.has(id)) yield `user ${id} was deleted, but is there`;
  }
  const changes = new Map<string, number>();
  for (const { type, data } of userEvents)
    if (type === 'user.changed')
      changes.set(`${data.id} ${data.name}`, (changes.get(`${data.id} ${data.name}`) ?? 0) + 1);
  for (const { id, name } of knowledge.names)
    if (changes.get(`${id} ${name}`) !== 1)
      yield `the change of user ${id} to ${name} was told ${changes.get(`${id} ${name}`) ?? 0} times`;
}

function* orderFindings({ users, userEvents, orders, orderEvents }: ReadBack, knowledge: Knowledge): Generator<string> {
  const present = new Set(users.map(({ id }) => id));
  const deletedUsers = new Set(userEvents.filter(({ type }) => type === 'user.deleted').map(({ data }) => data.id));
  const placed = new Set(orderEvents.filter(({ type }) => type === 'order.placed').map(({ data }) => data.id));
  const cancels = Map.groupBy(
    orderEvents.filter(({ type }) => type === 'order.cancelled'),
    ({ data }) => data.id,
  );
  for (const [id, { cancelled, gone }] of knowledge.orders) {
    if (!placed.has(id)) yield `order ${id} was acknowledged, but nobody was told`;
    const order = orders.find((each) => each.id === id);
    if (gone && order !== undefined) yield `order ${id} was deleted, but is there`;
    if (cancelled && !cancels.has(id)) yield `order ${id} was cancelled, but nobody was told`;
  }
  for (const { id, user_id, cancelled_at } of orders) {
    const isCancelled = cancelled_at !== undefined;
    if (deletedUsers.has(user_id) && !isCancelled) yield `order ${id} is open, but its user ${user_id} is deleted`;
    if (present.has(user_id) && isCancelled && !knowledge.askedToCancel.has(id))
      yield `order ${id} is cancelled, but its user ${user_id} is there`;
    if (!present.has(user_id) && !deletedUsers.has(user_id)) yield `order ${id} is of nobody: ${user_id}`;
  }
  for (const [id, told] of cancels) if (told.length !== 1) yield `order ${id} was cancelled ${told.length} times`;
}
