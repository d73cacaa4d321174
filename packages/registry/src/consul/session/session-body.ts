import type { NewSession } from '../../keys/sessions.ts';
import type { JsonObject } from '../../record/json-object.ts';
import type { SessionLink } from '../../record/session.ts';
import { readGoDuration } from '../base/go-duration.ts';
import { decodeBody, type StructShape, struct } from '../base/go-json.ts';
import { Refusal } from '../base/refusal.ts';
import { serviceChecks } from '../shapes/check-shape.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkOf } from '../shapes/instance-name.ts';
import { isList, objectsOf, textIn, textOf } from '../shapes/service-extra.ts';

/** What a session can be asked for. Numbers of nanoseconds are read as such by {@link lockDelayOf}. */
const sessionShape: StructShape = {
  ...struct('SessionEntry', {
    ...{ ID: 'string', Name: 'string', Node: 'string', LockDelay: 'any', Behavior: 'string', TTL: 'string' },
    Checks: { listOf: 'string' },
    NodeChecks: { listOf: 'string' },
    ServiceChecks: { listOf: struct('ServiceCheck', { ID: 'string', Namespace: 'string' }) },
  }),
  lenient: true,
};

/** The check that every node of Consul's has: it is passing for as long as the node is there. */
const nodeIsThere = 'serfHealth';

const minTtlMs = 10_000;
const maxTtlMs = 86_400_000;
const defaultLockDelayMs = 15_000;
const maxLockDelayMs = 60_000;
/** A smaller number is one of seconds: people write `15`. */
const leastNanoseconds = 1_000;

/** Reads what `session/create` is sent. @throws {Refusal} */
export function readSession(body: unknown, catalog: ConsulCatalog): NewSession {
  const asked = Buffer.isBuffer(body) && body.length > 0 ? decodeBody(body, sessionShape) : {};
  const node = textIn(asked, 'Node') || catalog.ownNode;
  if (catalog.nodes.get(node) === undefined) throw new Refusal(500, `Missing node registration`);
  const behavior = textIn(asked, 'Behavior') || 'release';
  if (behavior !== 'release' && behavior !== 'delete')
    throw new Refusal(500, `Invalid Behavior setting '${behavior.slice(0, 64)}'`);
  const nodeChecks = textsIn(asked, 'Checks') ?? textsIn(asked, 'NodeChecks') ?? [nodeIsThere];
  const serviceCheckIds = objectsOf(asked['ServiceChecks']).map((check) => textIn(check, 'ID'));
  return {
    name: textIn(asked, 'Name'),
    ttlMs: ttlOf(textIn(asked, 'TTL')),
    lockDelayMs: lockDelayOf(asked['LockDelay']),
    behavior,
    links: [...nodeChecks, ...serviceCheckIds].flatMap((check) => linksTo(check, node, catalog)),
    extra: {
      Node: node,
      TTL: textIn(asked, 'TTL'),
      NodeChecks: nodeChecks,
      ServiceChecks: serviceCheckIds.length === 0 ? null : (asked['ServiceChecks'] ?? null),
    },
  };
}

function ttlOf(text: string): number {
  if (text === '') return 0;
  const ms = readGoDuration(text);
  if (ms === undefined)
    throw new Refusal(
      500,
      `Session TTL '${text.slice(0, 64)}' invalid: time: invalid duration ${JSON.stringify(text.slice(0, 64))}`,
    );
  if (ms === 0 || (ms >= minTtlMs && ms <= maxTtlMs)) return ms;
  throw new Refusal(500, `Invalid Session TTL '${Math.round(ms * 1e6)}', must be between [10s=24h0m0s]`);
}

function lockDelayOf(value: JsonObject[string] | undefined): number {
  if (value === undefined) return defaultLockDelayMs;
  const ms =
    typeof value === 'number'
      ? value < leastNanoseconds
        ? value * 1_000
        : value / 1e6
      : typeof value === 'string'
        ? readGoDuration(value)
        : undefined;
  if (ms === undefined || ms < 0) throw new Refusal(400, 'Request decode failed: time: invalid duration for LockDelay');
  return Math.min(ms, maxLockDelayMs);
}

/** What a check's id stands for. That a node is there needs no link: ours always is. */
function linksTo(checkId: string, node: string, catalog: ConsulCatalog): readonly SessionLink[] {
  if (checkId === nodeIsThere) return [];
  const ofNode = catalog.nodes.entry(node)?.value.checks.find(({ check }) => check === checkId);
  if (ofNode !== undefined) return [{ node, check: checkId }];
  for (const { view, node: its } of catalog.all()) {
    if (its.Node !== node || !serviceChecks(view, node).some(({ CheckID }) => CheckID === checkId)) continue;
    const { name, id } = view.shown;
    const check = checkOf(checkId);
    // What we show as a check without there being one stands for the instance.
    return [view.checks.some((one) => one.check === check) ? { name, id, check } : { name, id }];
  }
  throw new Refusal(500, `Missing check '${checkId.slice(0, 64)}' registration`);
}

function textsIn(object: JsonObject, name: string): readonly string[] | undefined {
  const value = object[name];
  return isList(value) ? value.flatMap((item) => textOf(item) ?? []) : undefined;
}
