import { AppError, type Clock } from '@flotilla/contracts';
import type { Registry } from '../registry.ts';
import { type Actor, requireRight } from '../write/actor.ts';
import type { Announcement } from '../write/announcement-changes.ts';
import type { Applications, Member } from './applications.ts';
import { afterRegistration, type EurekaStatus, nativeStatus, type Override, withOverride } from './eureka-status.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { type GivenInstance, readInstance } from './read-instance.ts';
import { idOf } from './show-instance.ts';
import { type AddressRules, announcementOf, givenMetadata, storedExtra } from './stored-instance.ts';

/** Names an instance as Eureka's clients do. */
export interface EurekaPlace {
  /** In capitals. */
  readonly app: string;
  readonly id: string;
}

/** What {@link EurekaWrites} work with. */
export interface EurekaWritesOptions extends AddressRules {
  readonly registry: Pick<Registry, 'announce' | 'renew' | 'deregister' | 'setStatus'>;
  readonly applications: Applications;
  readonly clock: Clock;
}

/** What Eureka's clients change. Reading what is there and changing it is one step for each instance. */
export class EurekaWrites {
  readonly #options: EurekaWritesOptions;
  readonly #inTurn = new OneAtATime();

  constructor(options: EurekaWritesOptions) {
    this.#options = options;
  }

  /**
   * Registers an instance, or renews and changes the one that is there; what an operator has overridden stays. What its process
   * said earlier than what is there already only renews: it has come late.
   */
  register(app: string, body: unknown, actor: Actor): Promise<void> {
    const { registry, clock } = this.#options;
    const given = readInstance(body, app, clock.now());
    return this.#step({ app, id: given.id }, async (member) => {
      const extra = member && storedExtra(member.view);
      if (member !== undefined && extra !== undefined && extra.details.dirtyMs > given.details.dirtyMs) {
        const { name, id } = member.view.shown;
        requireRight(actor, { kind: 'register', service: name });
        registry.renew(name, id, undefined, actor.client);
        return;
      }
      const override = afterRegistration(extra?.override, given.details.status);
      const announcement = this.#announcementOf(given, override, member);
      await registry.announce(announcement, actor);
      // It spells its name in another way than before.
      const before = member?.view.shown;
      if (extra !== undefined && before !== undefined && before.name !== announcement.name)
        await registry.deregister(before.name, before.id, { actor });
    });
  }

  /**
   * Renews a lease.
   *
   * @param dirtyMs when the client last changed what it says, by its own clock: after what is known here, it has to register
   *   again. Undefined: it does not say
   * @throws {AppError} LEASE_NOT_FOUND if it has to register
   */
  renew(place: EurekaPlace, dirtyMs: number | undefined, actor: Actor): void {
    const member = this.#find(place);
    if (member === undefined) throw new AppError('LEASE_NOT_FOUND', { parameters: { name: place.app, id: place.id } });
    const { name, id } = member.view.shown;
    requireRight(actor, { kind: 'register', service: name });
    this.#options.registry.renew(name, id, undefined, actor.client);
    const known = storedExtra(member.view)?.details.dirtyMs;
    if (dirtyMs !== undefined && known !== undefined && dirtyMs > known)
      throw new AppError('LEASE_NOT_FOUND', { parameters: { name: place.app, id: place.id } });
  }

  /** Removes an instance. Rejects with INSTANCE_NOT_FOUND. */
  cancel(place: EurekaPlace, actor: Actor): Promise<void> {
    return this.#step(place, async (member) => {
      const { name, id } = this.#require(member, place);
      await this.#options.registry.deregister(name, id, { actor });
    });
  }

  /**
   * Overrides the status of an instance, or ends that (undefined): an operator's word. `OUT_OF_SERVICE` is the maintenance of
   * our own API. Rejects with INSTANCE_NOT_FOUND.
   */
  override(place: EurekaPlace, value: EurekaStatus | undefined, actor: Actor): Promise<void> {
    return this.#step(place, async (member) => {
      const { name, id, status } = this.#require(member, place);
      const { registry } = this.#options;
      const given = member && givenAgain(member);
      const stored = value === undefined || value === 'OUT_OF_SERVICE' ? undefined : { status: value };
      if (value === 'OUT_OF_SERVICE') {
        if (status !== 'maintenance') await registry.setStatus(name, id, 'maintenance', undefined, actor);
      } else if (status === 'maintenance' || given === undefined) {
        await registry.setStatus(
          name,
          id,
          nativeStatus(given?.details.status ?? value ?? 'UP').status,
          undefined,
          actor,
        );
      }
      if (given !== undefined) await registry.announce(this.#announcementOf(given, stored, member), actor);
    });
  }

  /** Adds entries to the metadata of an instance, or changes them. Rejects with INSTANCE_NOT_FOUND. */
  addMetadata(place: EurekaPlace, entries: Readonly<Record<string, string>>, actor: Actor): Promise<void> {
    return this.#step(place, async (member) => {
      const { name, id } = this.#require(member, place);
      const given = member && givenAgain(member);
      if (member === undefined || given === undefined)
        throw new AppError('INVALID_REQUEST', {
          detail: `${name}/${id} was not registered through the Eureka API: change its metadata where it is registered`,
        });
      const changed = { ...given, metadata: { ...given.metadata, ...entries } };
      const override = storedExtra(member.view)?.override;
      await this.#options.registry.announce(this.#announcementOf(changed, override, member), actor);
    });
  }

  /** What is announced of a member. Whether it drains stays as an operator has set it in our own API, which Eureka knows nothing of. */
  #announcementOf(given: GivenInstance, override: Override | undefined, member: Member | undefined): Announcement {
    const announcement = announcementOf(given, override, this.#options);
    const before = member && storedExtra(member.view);
    const saidSo = before !== undefined && nativeStatus(withOverride(before.details.status, before.override)).draining;
    return announcement.draining === true || saidSo ? announcement : { ...announcement, draining: undefined };
  }

  #step<T>(place: EurekaPlace, step: (member: Member | undefined) => Promise<T>): Promise<T> {
    return this.#inTurn.run(`${place.app}/${place.id}`, () => step(this.#find(place)));
  }

  #find({ app, id }: EurekaPlace): Member | undefined {
    const { applications } = this.#options;
    applications.follow();
    return applications.find(app, id);
  }

  #require(member: Member | undefined, { app, id }: EurekaPlace): Member['view']['shown'] {
    if (member === undefined) throw new AppError('INSTANCE_NOT_FOUND', { parameters: { name: app, id } });
    return member.view.shown;
  }
}

/** What the registration of a member said; undefined if another API registered it. */
function givenAgain({ app, view }: Member): GivenInstance | undefined {
  const extra = storedExtra(view);
  if (extra === undefined) return undefined;
  return { app, id: idOf(view), metadata: givenMetadata(view.shown.metadata, extra), details: extra.details };
}
