import type { InstanceStatus, ServiceInstance } from '@flotilla/contracts';
import { showInstance } from '../catalog/instance-entry.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { Notice } from '../state/options.ts';
import type { RecordLog } from '../state/record-log.ts';
import { type Actor, requireRight } from '../write/actor.ts';
import type { Claim, RegistrationRights } from '../write/registration-rights.ts';
import { changesOfDraining, changesOfReport, changesOfWish } from '../write/status-changes.ts';
import type { Intent } from '../write/write-queue.ts';
import type { Checks } from './checks.ts';
import { instanceNotFound, requireInstance, requireWritten } from './require-instance.ts';

/** What {@link Conditions} work with. */
export interface ConditionsOptions {
  readonly log: Pick<RecordLog, 'submit'>;
  readonly catalog: ServiceCatalog;
  readonly rights: RegistrationRights;
  readonly checks: Pick<Checks, 'heard'>;
  readonly onNotice: (notice: Notice) => void;
}

/** What processes and operators say of instances. */
export class Conditions {
  readonly #options: ConditionsOptions;

  constructor(options: ConditionsOptions) {
    this.#options = options;
  }

  /**
   * Changes whether an instance gets traffic; no sign of life. With `token` its process reports how well it is; without,
   * an operator speaks: `maintenance` stands until an operator ends it, also over a restart of the instance. Rejects
   * with INSTANCE_NOT_FOUND if it is not there, with REGISTRATION_LOST or REGISTRATION_HELD if it is not the caller's.
   */
  setStatus(
    name: string,
    id: string,
    status: InstanceStatus,
    token?: string,
    actor?: Actor,
    reason?: string,
  ): Promise<ServiceInstance> {
    return this.#options.log.submit((draft): Intent<ServiceInstance> => {
      requireRight(actor, { kind: 'register', service: name });
      const claim = { name, id, token, doing: 'report status' };
      this.#options.rights.refuseLost(claim);
      const present = requireInstance(draft, name, id);
      if (token !== undefined) this.#options.rights.requireHolder(present.record, claim);
      const decision =
        token === undefined
          ? changesOfWish(draft, present, status, reason)
          : changesOfReport(draft, present, this.#options.checks.heard(name, id, status));
      const wished = decision.changes.find(({ kind }) => kind === 'maintenance');
      const finish = (): ServiceInstance => {
        if (wished !== undefined)
          this.#options.onNotice({ kind: wished.type === 'put' ? 'maintenance' : 'maintenance-ended', name, id });
        return showInstance(requireWritten(this.#options.catalog, name, id));
      };
      return { ...decision, actor, finish };
    });
  }

  /**
   * Says whether an instance gets new work: its process, with its token, or an operator, without. Rejects with
   * INSTANCE_NOT_FOUND if it is not there, with REGISTRATION_LOST or REGISTRATION_HELD if it is not the caller's.
   */
  setDraining(name: string, id: string, isDraining: boolean, token?: string, actor?: Actor): Promise<ServiceInstance> {
    return this.#options.log.submit((draft): Intent<ServiceInstance> => {
      requireRight(actor, { kind: 'register', service: name });
      const claim = { name, id, token, doing: 'report draining' };
      this.#options.rights.refuseLost(claim);
      const present = requireInstance(draft, name, id);
      if (token !== undefined) this.#options.rights.requireHolder(present.record, claim);
      const finish = (): ServiceInstance => showInstance(requireWritten(this.#options.catalog, name, id));
      return { ...changesOfDraining(present, isDraining), actor, finish };
    });
  }

  /**
   * Asks that the sender of a registration token may act for an instance. A sender without one is an operator.
   *
   * @throws {AppError} INSTANCE_NOT_FOUND, REGISTRATION_LOST, REGISTRATION_HELD
   */
  requireClaim(claim: Claim): void {
    this.#options.rights.refuseLost(claim);
    const present = this.#options.catalog.get(claim.name, claim.id);
    if (present === undefined) throw instanceNotFound(claim.name, claim.id);
    if (claim.token !== undefined) this.#options.rights.requireHolder(present.record, claim);
  }
}
