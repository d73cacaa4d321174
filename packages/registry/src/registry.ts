import { AppError, type Registration, type ServiceInstance } from '@flotilla/contracts';
import { showInstance } from './catalog/instance-entry.ts';
import { type InstanceFilter, passes } from './catalog/instance-filter.ts';
import type { ServiceCatalog, StatusCount } from './catalog/service-catalog.ts';
import type { MassLoss } from './guard/mass-loss.ts';
import type { Keys } from './keys/keys.ts';
import type { Sessions } from './keys/sessions.ts';
import { announceIntent } from './operations/announce.ts';
import { Checks } from './operations/checks.ts';
import { Conditions } from './operations/conditions.ts';
import { type KeysAndSessions, keysAndSessions } from './operations/keys-and-sessions.ts';
import { Nodes } from './operations/nodes.ts';
import type { Authority, Registered, RegistryStats, RenewedLease } from './operations/outcomes.ts';
import { RegistryView } from './operations/registry-view.ts';
import { requireInstance, requireWritten } from './operations/require-instance.ts';
import { Trail } from './operations/trail.ts';
import type { LiveState } from './state/live-state.ts';
import {
  type Notice,
  type RegistryOptions,
  type ResolvedRegistryOptions,
  resolveOptions,
  tellNotice,
} from './state/options.ts';
import { openRecordLog, type RecordLog } from './state/record-log.ts';
import type { Watch, WatchRequest } from './watch/ring-watch.ts';
import type { TopicTable } from './watch/topics.ts';
import { type Actor, requireRight } from './write/actor.ts';
import type { Announcement } from './write/announcement-changes.ts';
import { changesOfRegistration } from './write/registration-changes.ts';
import { refuseBeyond } from './write/registration-limits.ts';
import { RegistrationRights } from './write/registration-rights.ts';
import { removalOf } from './write/removal.ts';
import type { Intent } from './write/write-queue.ts';

/** Opens a registry on what its store holds. Rejects with what the store says if it can't be read. */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const resolved = resolveOptions(options);
  return new Registry(resolved, await openRecordLog(resolved));
}

/**
 * The registry: who is where, who is alive, and what has changed. Reads and renewals are answered from memory; what
 * changes a record is durable before it is answered. Everything is checked before it comes here: it trusts its callers
 * to pass values that contracts' schemas accept.
 */
export class Registry implements KeysAndSessions {
  readonly #options: ResolvedRegistryOptions;
  readonly #log: RecordLog;
  readonly #state: LiveState;
  readonly #catalog: ServiceCatalog;
  readonly #rights: RegistrationRights;
  /** What there is, for the APIs of other registries. */
  readonly view: RegistryView;
  /** What has changed, who did it, and when. */
  readonly trail: Trail;
  /** The checks of instances. */
  readonly checks: Checks;
  /** The machines that Consul's clients tell of. */
  readonly nodes: Nodes;
  readonly keys: Keys;
  readonly sessions: Sessions;
  /** What else is said of them. */
  readonly conditions: Conditions;
  #renewals = 0;

  /** Use {@link createRegistry}. */
  constructor(options: ResolvedRegistryOptions, log: RecordLog) {
    this.#options = options;
    this.#log = log;
    this.#state = log.state;
    this.#catalog = log.state.instances.catalog;
    this.view = new RegistryView(log.state.instances);
    ({ keys: this.keys, sessions: this.sessions } = keysAndSessions(options, log));
    this.checks = new Checks({
      ...options,
      log,
      state: log.state,
      owner: options.store.owner,
      onNotice: (notice) => this.#notice(notice),
      onError: options.onBackgroundError,
    });
    this.trail = new Trail(options.store, log.state.departures);
    this.nodes = new Nodes({ log, table: log.state.nodes });
    this.#rights = new RegistrationRights(this.#catalog, (lost) => this.#notice({ kind: 'lost', ...lost }));
    this.conditions = new Conditions({
      log,
      catalog: this.#catalog,
      rights: this.#rights,
      checks: this.checks,
      onNotice: (notice) => this.#notice(notice),
    });
  }

  /** The name of the history that the revisions belong to. */
  get history(): string {
    return this.#state.history;
  }

  /** What has changed when, and who waits for it. */
  get topics(): TopicTable {
    return this.#state.topics;
  }

  /** What keeps instances when too many fall silent at once to be believed. */
  get guard(): Pick<MassLoss, 'view' | 'suspects' | 'openings'> {
    return this.#log.guard;
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#state.revision;
  }

  /**
   * Adds an instance, or renews and updates the one of that name at that address and port, which keeps its id whatever
   * id the registration names. An id, and an address and port, belong to the newest registration: an instance elsewhere
   * that had the id, and one of another service that was there, are removed as `replaced`. Rejects with
   * REGISTRATION_LOST if the token is of a registration whose place a newer one has taken, with REGISTRATION_LIMIT if
   * there would be too much.
   *
   * @param token shows whose registration it is; only who shows it can renew or end it. Without one, anybody can
   * @param client the address or network it comes from, for the limits. Default: it counts for no client
   */
  register(registration: Registration, token?: string, client?: string, actor?: Actor): Promise<Registered> {
    return this.#log.submit((draft): Intent<Registered> => {
      const nowMs = this.#options.clock.now();
      this.#rights.refuseLost({ name: registration.name, id: registration.id ?? '', token, doing: 'register' });
      const { keepMaintenanceMs, limits } = this.#options;
      const lease = { owner: this.#options.store.owner, seenMs: nowMs };
      const by = { token, client, lease };
      const outcome = changesOfRegistration(draft, registration, by, { nowMs, keepMaintenanceMs });
      const { record, there, ousted } = outcome;
      refuseBeyond(limits, draft, outcome.counted);
      // A sign of life counts from now: an expiry in the same batch must see it.
      const { instances } = this.#state;
      if (there !== undefined) instances.touch(there, nowMs, client);
      const losers = [there, ousted, outcome.moved].map((present) => present?.record);
      const finish = (): Registered => {
        const entry = requireWritten(this.#catalog, record.name, record.id);
        if (client !== undefined && outcome.changes.length > 0) this.#catalog.claim(entry, client);
        instances.touch(entry, nowMs, client);
        this.#rights.taken(entry.record, losers);
        if (ousted !== undefined) this.#notice({ kind: 'place-taken', instance: ousted.record, by: entry.record });
        return { instance: showInstance(entry), created: there === undefined };
      };
      return { ...outcome, actor, finish };
    });
  }

  /**
   * Adds, changes or renews an instance that the API of another registry announces. Rejects with REGISTRATION_HELD if our own
   * API has registered one of that name and id with a token, with REGISTRATION_LIMIT if there would be too much.
   */
  announce(announcement: Announcement, actor: Actor): Promise<Registered> {
    const context = { ...this.#options, instances: this.#state.instances };
    return this.#log.submit((draft) => announceIntent(draft, announcement, actor, context));
  }

  /**
   * Lets an instance live for another lease.
   *
   * @throws {AppError} LEASE_NOT_FOUND: it has to register again. REGISTRATION_LOST: it must not, a newer one is in its
   *   place. REGISTRATION_HELD: it is not the caller's
   */
  renew(name: string, id: string, token?: string, client?: string): RenewedLease {
    const claim = { name, id, token, doing: 'renew' };
    this.#rights.refuseLost(claim);
    const entry = this.#catalog.get(name, id);
    if (entry === undefined) throw new AppError('LEASE_NOT_FOUND', { parameters: { name, id } });
    this.#rights.requireHolder(entry.record, claim);
    this.#state.instances.touch(entry, this.#options.clock.now(), client);
    this.#renewals += 1;
    const { lease_ms } = entry.record;
    if (lease_ms === 0) return { lease_ms };
    return { lease_ms, expires_at: new Date(entry.lastSeenMs + lease_ms).toISOString() };
  }

  /**
   * Removes an instance. Rejects with INSTANCE_NOT_FOUND if it is not there, with REGISTRATION_LOST or REGISTRATION_HELD
   * if it is not the caller's, unless `force` says that this is known.
   */
  deregister(name: string, id: string, { token, force = false, actor }: Authority = {}): Promise<void> {
    return this.#log.submit((draft): Intent<void> => {
      requireRight(actor, { kind: 'register', service: name });
      const claim = { name, id, token, doing: 'deregister' };
      if (!force) this.#rights.refuseLost(claim);
      const present = requireInstance(draft, name, id);
      if (!force) this.#rights.requireHolder(present.record, claim);
      const isForeign = present.record.token !== undefined && present.record.token !== token;
      return {
        ...removalOf(draft, present, 'deregistered', this.#options.clock.now()),
        actor,
        finish: () => (isForeign ? this.#notice({ kind: 'forced', name, id }) : undefined),
      };
    });
  }

  /** See {@link Conditions.setStatus}. */
  setStatus(...of: Parameters<Conditions['setStatus']>): Promise<ServiceInstance> {
    return this.conditions.setStatus(...of);
  }

  /** See {@link Conditions.setDraining}. */
  setDraining(...of: Parameters<Conditions['setDraining']>): Promise<ServiceInstance> {
    return this.conditions.setDraining(...of);
  }

  /** The next instance of a service that should get traffic. Asking is no sign of life. */
  pick(name: string): ServiceInstance | undefined {
    const entry = this.#catalog.pick(name);
    return entry && showInstance(entry);
  }

  /** One instance. */
  get(name: string, id: string): ServiceInstance | undefined {
    const entry = this.#catalog.get(name, id);
    return entry?.lapsed === false ? showInstance(entry) : undefined;
  }

  /** The instances of a service, by id. */
  list(name: string, filter: InstanceFilter = {}): readonly ServiceInstance[] {
    return this.#catalog
      .instances(name)
      .filter((entry) => passes(entry, filter))
      .map(showInstance);
  }

  /** Every instance, by name and id. */
  listAll(filter: InstanceFilter = {}): readonly ServiceInstance[] {
    return this.#catalog.names.flatMap((name) => this.list(name, filter));
  }

  /** Follows the changes. @throws {AppError} OVERLOADED when too many do already, SHUTTING_DOWN after `endWatches` */
  watch(request: WatchRequest): Watch {
    this.refuseMoreWatches();
    return this.#state.hub.watch(request);
  }

  /** Refuses another one who watches or waits. @throws {AppError} OVERLOADED when too many do already */
  refuseMoreWatches(): void {
    const { maxWatches } = this.#options;
    if (this.stats().watches < maxWatches) return;
    throw new AppError('OVERLOADED', {
      detail: `The registry serves at most ${maxWatches} watches and long polls at the same time (MAX_WATCHES)`,
      retryAfterMs: 5_000,
    });
  }

  /** Ends every watch and refuses new ones, so that a server which waits for its requests can stop. */
  endWatches(): void {
    this.#state.endWatches();
  }

  stats(): RegistryStats {
    return {
      instances: this.#catalog.size,
      watches: this.#state.hub.size + this.#state.keys.hub.size + this.#state.topics.waiting,
      revision: this.#state.revision,
      renewals: this.#renewals,
      expired: this.#log.expired,
    };
  }

  /** How many instances each service has in each status. */
  counts(): readonly StatusCount[] {
    return this.#catalog.counts();
  }

  /** Resolves if what is written now is there after a restart. */
  check(): Promise<void> {
    return this.#options.store.check();
  }

  /** Answers the writes under way, notes the last signs of life, and closes the store. */
  async close(): Promise<void> {
    this.checks.close();
    await this.#log.close();
    await this.#options.store.close();
  }

  #notice(notice: Notice): void {
    tellNotice(this.#options, notice);
  }
}
