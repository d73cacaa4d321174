import { type CheckStatus, isAppError } from '@flotilla/contracts';
import type { Checks } from '../../operations/checks.ts';
import type { InstanceView } from '../../operations/registry-view.ts';
import { type TopicTable, topicOf } from '../../watch/topics.ts';
import { type CheckShape, serviceChecks } from '../shapes/check-shape.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { aliasesOf } from '../shapes/service-extra.ts';

/** What {@link AliasChecks} work with. */
export interface AliasChecksOptions {
  readonly catalog: ConsulCatalog;
  readonly checks: Pick<Checks, 'report'>;
  readonly topics: TopicTable;
  readonly onError: (error: unknown) => void;
}

/** How long it waits for a change, in milliseconds. Only so that it is not for ever. */
const waitMs = 86_400_000;

/** Keeps the checks that follow another service up to date, for as long as there are any. */
export class AliasChecks {
  readonly #options: AliasChecksOptions;
  readonly #closed = new AbortController();
  /** Whose checks follow: the names and ids of instances, by both. */
  readonly #followers = new Map<string, readonly [name: string, id: string]>();
  #isFollowing = false;
  /** One round after the other. */
  #round: Promise<void> = Promise.resolve();

  constructor(options: AliasChecksOptions) {
    this.#options = options;
    for (const { shown, extra } of options.catalog.own())
      if (Object.keys(aliasesOf(extra)).length > 0) this.add(shown.name, shown.id);
  }

  /** An instance has checks that follow. */
  add(name: string, id: string): void {
    this.#followers.set(`${name}/${id}`, [name, id]);
    if (this.#isFollowing) void this.#settle();
    else void this.#follow();
  }

  /** Stops following. */
  close(): void {
    this.#closed.abort();
  }

  async #follow(): Promise<void> {
    const { topics } = this.#options;
    const names = [topicOf.allMembers, topicOf.health, topicOf.nodes];
    this.#isFollowing = true;
    while (this.#followers.size > 0) {
      const after = topics.indexOf(...names);
      await this.#settle();
      const ended = await topics.wait({ topics: names, after, timeoutMs: waitMs, signal: this.#closed.signal });
      if (ended === 'aborted' || ended === 'closed') return;
    }
    this.#isFollowing = false;
  }

  #settle(): Promise<void> {
    this.#round = this.#round.then(async () => {
      for (const [key, [name, id]] of this.#followers) {
        const view = this.#options.catalog.view.find(name, id);
        const aliases = Object.entries(aliasesOf(view?.extra));
        if (view === undefined || aliases.length === 0) this.#followers.delete(key);
        else for (const [check, target] of aliases) await this.#report(view, check, target);
      }
    });
    return this.#round;
  }

  async #report({ shown, checks }: InstanceView, check: string, target: string): Promise<void> {
    const present = checks.find((one) => one.check === check);
    const found = this.#found(target);
    if (present === undefined || (present.status === found.status && present.output === found.output)) return;
    const place = { name: shown.name, id: shown.id, check };
    await this.#options.checks.report(place, found, { via: 'consul' }).catch((error: unknown) => {
      if (!isAppError(error, 'INSTANCE_NOT_FOUND') && !isAppError(error, 'CHECK_NOT_FOUND'))
        this.#options.onError(error);
    });
  }

  /** What the checks of a service come to, in Consul's words; its own aliases left out, so that no two follow each other. */
  #found(target: string): { readonly status: CheckStatus; readonly output: string } {
    const { catalog } = this.#options;
    const view = catalog.ownById(target);
    const checks = [
      ...catalog.checksOfNode(catalog.ownNode).filter(({ CheckID }) => CheckID !== 'serfHealth'),
      ...(view === undefined ? [] : serviceChecks(view, catalog.ownNode)),
    ].filter(({ Type }) => Type !== 'alias');
    const worst = worstOf(checks);
    if (worst === undefined)
      return { status: 'passing', output: view === undefined ? 'No checks found.' : 'All checks passing.' };
    const status = worst.Status === 'critical' ? 'critical' : 'warning';
    return { status, output: `Aliased check ${JSON.stringify(worst.Name)} failing: ${worst.Output}` };
  }
}

function worstOf(checks: readonly CheckShape[]): CheckShape | undefined {
  return checks.find(({ Status }) => Status === 'critical') ?? checks.find(({ Status }) => Status === 'warning');
}
