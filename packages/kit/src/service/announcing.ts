import type { ActiveRegistration, InstanceStatus } from '@flotilla/contracts';
import type { CommonSettings, ConfigOf, Settings } from '../config/index.ts';
import type { ProcessHost } from '../host/process-host.ts';
import { waitForAnnouncedAddress } from './announced-address.ts';
import { type Place, placeOf } from './registration.ts';
import type { BoundServer } from './server-set.ts';
import type { Prepared } from './start-up.ts';

/** What is needed to announce an instance. */
export interface AnnouncingOptions<S extends Settings> {
  readonly prepared: Prepared<S>;
  readonly host: ProcessHost;
  /** Undefined in a program that is not announced. */
  readonly register: ((where: Place) => ActiveRegistration) | undefined;
  /** Aborted when the program is told to stop. */
  readonly ended: AbortSignal;
}

/** Keeps an instance registered, once its address is known, and reports its health. */
export class Announcing<S extends Settings> {
  readonly #options: AnnouncingOptions<S>;
  #status: InstanceStatus = 'passing';
  #registration: ActiveRegistration | undefined;

  constructor(options: AnnouncingOptions<S>) {
    this.#options = options;
  }

  /** Undefined until the registry has been told something. */
  get registration(): ActiveRegistration | undefined {
    return this.#registration;
  }

  /** Reports whether the instance should get traffic. */
  report(ready: boolean): void {
    this.#status = ready ? 'passing' : 'critical';
    this.#registration?.report(this.#status);
  }

  /** Registers the servers as soon as the address to announce is known; not at all if the program stops before. */
  async begin(bound: readonly BoundServer[]): Promise<void> {
    const { prepared, host, register, ended: signal } = this.#options;
    if (signal.aborted || register === undefined) return;
    const { context, findAddress } = prepared;
    const { clock, logger } = context;
    const config: ConfigOf<CommonSettings> = context.config;
    const address = config.ADVERTISE_ADDRESS ?? (await waitForAnnouncedAddress(findAddress, { clock, logger, signal }));
    // It may have been told to stop while it waited.
    if (address === undefined || this.#options.ended.aborted) return;
    this.#registration = register(placeOf({ address, port: config.ADVERTISE_PORT }, bound));
    if (this.#status !== 'passing') this.#registration.report(this.#status);
    // Nobody waits for this; the registrar reports whether the instance is registered.
    this.#registration.acknowledged.then(
      () => (host.connected === true ? host.send?.({ type: 'registered' }) : undefined),
      () => undefined,
    );
  }
}
