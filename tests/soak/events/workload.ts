import type { Random } from '../../fuzz/random.ts';

/** What clients know of what they have done. */
export class Knowledge {
  /** Users whose creation was acknowledged, by id. `gone`: their deletion, too. */
  readonly users = new Map<number, { gone: boolean }>();
  /** Orders that were acknowledged, by id. `cancelled`, `gone`: that, too. */
  readonly orders = new Map<number, { readonly userId: number; cancelled: boolean; gone: boolean }>();
  /** The names that users were given with an answer. */
  readonly names: { readonly id: number; readonly name: string }[] = [];
  /** Orders that a client has asked to cancel, with or without an answer. */
  readonly askedToCancel = new Set<number>();
  acknowledged = 0;
  unanswered = 0;
}

/** What clients work with. */
export interface WorkloadOptions {
  readonly userUrls: readonly string[];
  readonly orderUrls: readonly string[];
  readonly knowledge: Knowledge;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const clients = 6;
const answerLimitMs = 3_000;
/** Between two requests of a client, so that a run of minutes can be read back in seconds. */
const pauseMs = 10;
/** Nobody was there. */
const absentMs = 100;

/** Creates, changes, orders, cancels and deletes, from several sides, until it is told to stop. */
export async function work(options: WorkloadOptions): Promise<void> {
  await Promise.all(Array.from({ length: clients }, (_, client) => workAlone(options, client)));
}

async function workAlone(
  { userUrls, orderUrls, knowledge, random, signal }: WorkloadOptions,
  client: number,
): Promise<void> {
  const { users, orders } = knowledge;
  const anyUser = (): number => random.pick([...users.keys()].slice(-40));
  const anyOrder = (): number => random.pick([...orders.keys()].slice(-40));
  const user = (): string => random.pick(userUrls);
  const order = (): string => random.pick(orderUrls);
  for (let turn = 0; !signal.aborted; turn += 1) {
    const name = `${client}x${turn}`;
    const before = knowledge.unanswered;
    const dice = random.below(100);
    if (users.size < 5 || dice < 25) {
      const made = await ask('POST', `${user()}/users`, { name, email: `${name}@example.com` }, knowledge);
      if (made?.status === 201) users.set(idIn(made.body), { gone: false });
    } else if (dice < 40) {
      const id = anyUser();
      const changed = await ask('PATCH', `${user()}/users/${id}`, { name }, knowledge);
      if (changed?.status === 200) knowledge.names.push({ id, name });
    } else if (orders.size < 5 || dice < 70) {
      const userId = anyUser();
      const placed = await ask('POST', `${order()}/orders`, { user_id: userId, item: name, amount: 1 }, knowledge);
      if (placed?.status === 201) orders.set(idIn(placed.body), { userId, cancelled: false, gone: false });
    } else if (dice < 80) {
      const id = anyOrder();
      knowledge.askedToCancel.add(id);
      const known = orders.get(id);
      const cancelled = await ask('POST', `${order()}/orders/${id}/cancel`, undefined, knowledge);
      if (cancelled?.status === 200 && known !== undefined) known.cancelled = true;
    } else if (dice < 85) {
      const known = orders.get(anyOrder());
      const [id] = [...orders].find(([, value]) => value === known) ?? [0];
      const deleted = await ask('DELETE', `${order()}/orders/${id}`, undefined, knowledge);
      if (deleted?.status === 204 && known !== undefined) known.gone = true;
    } else {
      const id = anyUser();
      const deleted = await ask('DELETE', `${user()}/users/${id}`, undefined, knowledge);
      const known = users.get(id);
      if (deleted?.status === 204 && known !== undefined) known.gone = true;
    }
    await new Promise((resolve) => setTimeout(resolve, knowledge.unanswered === before ? pauseMs : absentMs));
  }
}

interface Heard {
  readonly status: number;
  readonly body: unknown;
}

/** The answer; undefined if none came, so that nobody knows what was done. */
async function ask(method: string, url: string, body: unknown, knowledge: Knowledge): Promise<Heard | undefined> {
  try {
    const response = await fetch(url, {
      ...{ method, signal: AbortSignal.timeout(answerLimitMs) },
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status < 300) knowledge.acknowledged += 1;
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch {
    knowledge.unanswered += 1;
    return undefined;
  }
}

function idIn(body: unknown): number {
  return (body as { readonly id: number }).id; // What both services answer with.
}
