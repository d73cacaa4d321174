import type { InstanceStatus, Locale, RemovalReason, ServiceInstance } from '@flotilla/contracts';
import type { GuardView } from '../guard/guard-view.ts';
import type { TrailEntry } from '../trail/read-trail.ts';
import type { TrailNote } from '../trail/trail-note.ts';
import { summaryOf, whyGone, whyNotReady } from './explain-words.ts';
import type { InstanceView, RegistryView } from './registry-view.ts';
import type { Trail } from './trail.ts';

/** What a check of an instance says, and for how long. Times are RFC 3339, UTC. */
export interface ExplainedCheck {
  readonly check: string;
  readonly title: string;
  /** `report` if it takes what is reported. */
  readonly type: string;
  readonly status: InstanceStatus;
  readonly output: string;
  /** Since when it has that status; left out if that is not known. */
  readonly since?: string;
}

/** An instance that is there: whether callers get it, and why. Times are RFC 3339, UTC. */
export interface ExplainedInstance {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** Whether it gets new work. */
  readonly ready: boolean;
  readonly why: string;
  readonly status: InstanceStatus;
  readonly draining: boolean;
  readonly weight: number;
  readonly last_seen: string;
  /** 0: it lives without signs of life. */
  readonly lease_ms: number;
  readonly suspect_since?: string;
  readonly registered_at: string;
  readonly revision: number;
  /** Who took it out of traffic, or let it drain, and when, as far as the trail tells. */
  readonly set_by?: { readonly what: string; readonly by: TrailNote['by']; readonly at: string };
  readonly checks: readonly ExplainedCheck[];
}

/** An instance that has gone. Times are RFC 3339, UTC. */
export interface ExplainedDeparture {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly why: string;
  readonly reason: RemovalReason;
  readonly at: string;
  readonly last_seen: string;
  readonly by: TrailNote['by'];
}

/** Why each instance of a service gets new work, or not. */
export interface Explanation {
  readonly service: string;
  readonly summary: string;
  readonly instances: readonly ExplainedInstance[];
  /** Those that went lately and have not come back, the last one first. */
  readonly removed: readonly ExplainedDeparture[];
  readonly guard: GuardView;
}

/** What an explanation is made from. */
export interface ExplainSources {
  readonly view: Pick<RegistryView, 'instances'>;
  readonly trail: Pick<Trail, 'departed' | 'read'>;
  readonly guard: { readonly view: GuardView };
}

/** How far back the trail is looked through for who set what is set now. */
const lookBack = 1_000;

/**
 * Explains a service; one that nobody has known has neither instances nor departures.
 *
 * @param locale the language of its sentences
 */
export async function explainService(sources: ExplainSources, name: string, locale: Locale): Promise<Explanation> {
  const { trail, guard } = sources;
  const set = sources.view.instances(name).some(({ shown }) => shown.draining || shown.status === 'maintenance');
  const entries = set ? (await trail.read({ service: name, limit: lookBack })).entries : [];
  const instances = sources.view.instances(name).map((instance) => explained(instance, entries, locale));
  const there = new Set(instances.map(({ id }) => id));
  const departed = trail.departed(name).filter(({ id }) => !there.has(id));
  const removed = departed.map((departure): ExplainedDeparture => {
    const { id, address, port, reason, by, atMs, last_seen } = departure;
    return {
      id,
      address,
      port,
      why: whyGone(departure, locale),
      reason,
      at: new Date(atMs).toISOString(),
      last_seen,
      by,
    };
  });
  return { service: name, summary: summaryOf(instances, locale), instances, removed, guard: guard.view };
}

function explained({ shown, checks }: InstanceView, entries: readonly TrailEntry[], locale: Locale): ExplainedInstance {
  const { id, address, port, ready, status, draining, weight, last_seen, lease_ms, suspect_since } = shown;
  const setBy = setterOf(shown, entries);
  return {
    id,
    address,
    port,
    ready,
    why: whyNotReady(shown, checks, setBy, locale),
    status,
    draining,
    weight,
    last_seen,
    lease_ms,
    ...(suspect_since === undefined ? {} : { suspect_since }),
    registered_at: shown.registered_at,
    revision: shown.revision,
    ...(setBy === undefined ? {} : { set_by: setBy }),
    checks: checks.map(({ check, title, definition, status: found, output, changedMs }) => ({
      check,
      title: title ?? check,
      type: definition?.type ?? 'report',
      status: found,
      output,
      ...(changedMs === undefined ? {} : { since: new Date(changedMs).toISOString() }),
    })),
  };
}

/** Who set the maintenance, or the draining, that is set now. */
function setterOf(shown: ServiceInstance, entries: readonly TrailEntry[]): ExplainedInstance['set_by'] {
  const { status, draining, id } = shown;
  const what = status === 'maintenance' ? 'maintenance' : draining ? 'draining' : undefined;
  const entry = entries.find((one) => one.what === what && 'id' in one && one.id === id);
  return what === undefined || entry === undefined ? undefined : { what, by: entry.by, at: entry.at };
}
