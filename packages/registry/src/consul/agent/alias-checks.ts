import type { CheckStatus } from '@flotilla/contracts';
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

/** A check that says what another service's checks say. */
interface Alias {
  readonly name: string;
  readonly id: string;
  readonly check: string;
  /** The id of the service whose checks count. */
  readonly target: string;
}

/** How long it waits for a change, in milliseconds. Only so that it is not for ever. */
const waitMs = 86_400_000;

/** Keeps the checks that follow another service up to date, for as long as there are any. */
export class AliasChecks {
  readonly #options: AliasChecksOptions;
  readonly #closed = new AbortController();
  #aliases: readonly Alias[] = [];
  /** When it was looked which there are. */
  #lookedAt = -1;

  constructor(options: AliasChecksOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Stops following. */
  close(): void {
    this.#closed.abort();
  }

  async #run(): Promise<void> {
    const { topics } = this.#options;
    const { signal } = this.#closed;
    for (;;) {
      const names = [topicOf.allMembers, ...(this.#aliases.length > 0 ? [topicOf.health, topicOf.nodes] : [])];
      const after = topics.indexOf(...names);
      await this.#settle();
      // If the first have come meanwhile, there is more to wait for.
      if (names.length === 1 && this.#aliases.length > 0) continue;
      const ended = await topics.wait({ topics: names, after, timeoutMs: waitMs, signal });
      if (ended === 'aborted' || ended === 'closed') return;
    }
  }

  async #settle(): Promise<void> {
    const { catalog, checks, topics } = this.#options;
    const index = topics.indexOf(topicOf.allMembers);
    if (index !== this.#lookedAt) this.#aliases = catalog.own().flatMap(aliases);
    this.#lookedAt = index;
    for (const { name, id, check, target } of this.#aliases) {
      const present = catalog.view.find(name, id)?.checks.find((one) => one.check === check);
      if (present === undefined) continue;
      const found = this.#found(target);
      if (present.status === found.status && present.output === found.output) continue;
      await checks.report({ name, id, check }, found, { via: 'consul' }).catch((error: unknown) => {
        this.#options.onError(error);
      });
    }
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

function aliases({ shown, extra }: InstanceView): readonly Alias[] {
  return Object.entries(aliasesOf(extra)).map(([check, target]) => ({ name: shown.name, id: shown.id, check, target }));
}
