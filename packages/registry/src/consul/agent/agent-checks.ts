import type { CheckView, InstanceView } from '../../operations/registry-view.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { checkOf } from '../shapes/instance-name.ts';

/** A check of an instance on our own node. */
export interface FoundCheck {
  readonly instance: InstanceView;
  readonly check: CheckView;
}

/**
 * Finds the checks of our own node by their id alone, as agents know them: Consul's ids are unique on a node. Most name their
 * service; of the others it is remembered where they were.
 */
export class AgentChecks {
  readonly #catalog: ConsulCatalog;
  /** The id of the check, and the name and the id of its instance. */
  readonly #places = new Map<string, readonly [name: string, id: string]>();
  /** All checks have been looked at when the registry was at this revision. */
  #lookedAt = -1;
  readonly #revision: () => number;

  constructor(catalog: ConsulCatalog, revision: () => number) {
    this.#catalog = catalog;
    this.#revision = revision;
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

  #lookAtAll(check: string): FoundCheck | undefined {
    if (this.#lookedAt === this.#revision()) return undefined;
    this.#lookedAt = this.#revision();
    this.#places.clear();
    for (const instance of this.#catalog.own())
      for (const one of instance.checks) this.#places.set(one.check, [instance.shown.name, instance.shown.id]);
    return this.#remembered(check);
  }
}

function foundIn(instance: InstanceView, check: string): FoundCheck | undefined {
  const found = instance.checks.find((one) => one.check === check);
  return found && { instance, check: found };
}
