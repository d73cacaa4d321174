import type { SessionEntry } from '../../keys/session-entry.ts';
import type { Json } from '../../record/json-object.ts';

/** A session as Consul's clients are shown it. */
export interface SessionShape {
  readonly ID: string;
  readonly Name: string;
  readonly Node: string;
  /** In nanoseconds. */
  readonly LockDelay: number;
  readonly Behavior: string;
  readonly TTL: string;
  readonly NodeChecks: Json;
  readonly ServiceChecks: Json;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** @param ownNode the node of sessions that our own API has made */
export function sessionShape({ value, createdRevision, revision }: SessionEntry, ownNode: string): SessionShape {
  const { id, name, ttlMs, lockDelayMs, behavior, extra } = value;
  return {
    ID: id,
    Name: name,
    Node: typeof extra?.['Node'] === 'string' ? extra['Node'] : ownNode,
    LockDelay: Math.round(lockDelayMs * 1e6),
    Behavior: behavior,
    TTL: typeof extra?.['TTL'] === 'string' ? extra['TTL'] : ttlMs === 0 ? '' : `${ttlMs}ms`,
    NodeChecks: extra?.['NodeChecks'] ?? [],
    ServiceChecks: extra?.['ServiceChecks'] ?? null,
    CreateIndex: createdRevision,
    ModifyIndex: revision,
  };
}
