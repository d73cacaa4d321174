import type { Clock } from '@flotilla/contracts';
import type { CheckView, InstanceView } from '../../operations/registry-view.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkOf } from '../shapes/instance-name.ts';

/** A check of an instance on our own node. */
export interface FoundCheck {
  readonly instance: InstanceView;
  readonly check: CheckView;
}

/** So many are remembered, whatever there is. */
const leastPlaces = 16_384;

/**
 * Finds the checks of our own node by their id alone, as agents know them: Consul's ids are unique on a node. Most name their
 * service; of the others it is remembered where they were.
 */
export class AgentChecks {
  readonly #catalog: ConsulCatalog;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** The id of the check, and the name and the id of its instance. */
  readonly #places = new Map<string, readonly [name: string, id: string]>();
  /** When more are remembered than this, those that have gone are forgotten. */
  #mostPlaces = leastPlaces;
  /** When all checks were looked at. */
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(catalog: ConsulCatalog, clock: Pick<Clock, 'monotonicMs'>) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  /** An instance has such checks. */
  remember(name: string, id: string, checks: readonly { readonly check: string }[]): void {
    for (const { check } of checks) if (!namesItsService(check, id)) this.#places.set(check, [name, id]);
    if (this.#places.size > this.#mostPlaces) this.#rememberAll();
  }

  find(checkId: string): FoundCheck | undefined {
    const check = checkOf(checkId);
    return this.#byName(checkId, check) ?? this.#remembered(check) ?? this.#lookAtAll(check);
  }

  /** `service:<id>`, or `service:<id>:<n>`. */
  #byName(checkId: string, check: string): FoundCheck | undefined {
    if (!checkId.startsWith('service:')) return undefined;
    const id = checkId.slice('service:'.length);
    for (const serviceId of [id, id.replace(/:\d+$/, '')]) {
      const instance = this.#catalog.ownById(serviceId);
      const found = instance && foundIn(instance, check);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #remembered(check: string): FoundCheck | undefined {
    const place = this.#places.get(check);
    const instance = place && this.#catalog.view.find(...place);
    return instance && foundIn(instance, check);
  }

  /** Now and then: others may have added it. A crowd that asks for what is gone must not make us look each time. */
  #lookAtAll(check: string): FoundCheck | undefined {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lookedAtMs < 1_000) return undefined;
    this.#lookedAtMs = nowMs;
    this.#rememberAll();
    return this.#remembered(check);
  }

  #rememberAll(): void {
    this.#places.clear();
    this.#mostPlaces = Number.POSITIVE_INFINITY;
    for (const { shown, checks } of this.#catalog.own()) this.remember(shown.name, shown.id, checks);
    this.#mostPlaces = Math.max(leastPlaces, 2 * this.#places.size);
  }
}

/** `service:<id>`, or `service:<id>:<n>`: what else begins so is an id like any other, such as `service:<id>:lease`. */
function namesItsService(check: string, id: string): boolean {
  return check === `service:${id}` || check.replace(/:\d+$/, '') === `service:${id}`;
}

function foundIn(instance: InstanceView, check: string): FoundCheck | undefined {
  const found = instance.checks.find((one) => one.check === check);
  return found && { instance, check: found };
}
