import { type ActiveRegistration, AppError, type Clock, type Registrar, type Registration } from '@flotilla/contracts';
import { Backoff } from '../retry/backoff.ts';
import { type ClientLogger, OutageLog } from '../retry/outage-log.ts';
import { pause } from '../retry/pause.ts';
import { isUnavailable } from '../transport/endpoints.ts';
import { type HeartbeatOptions, keepRenewed } from './heartbeat.ts';
import type { Lease, RegistrationApi } from './registration-api.ts';

/** What a registrar works with, whatever the kind of registry. */
export interface RegistrarParts {
  readonly api: RegistrationApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
}

/** The registrar for any registry that can be spoken to as a {@link RegistrationApi}. */
export function registrarOver(parts: RegistrarParts): Registrar {
  return { register: (registration) => new KeptRegistration(registration, parts) };
}

/** register → renew, renew, … → (forgotten) register again → … → deregister. */
class KeptRegistration implements ActiveRegistration {
  readonly acknowledged: Promise<void>;
  readonly #registration: Registration;
  readonly #parts: RegistrarParts;
  readonly #heartbeat: HeartbeatOptions;
  readonly #firstAcknowledgement: PromiseWithResolvers<void>;
  /** Ends the waits. A call on its way is let finish: a registration that arrives after the deregistration would stay. */
  readonly #stop = new AbortController();
  /** Ends the call on its way too. */
  readonly #abandon = new AbortController();
  readonly #outage: OutageLog;
  readonly #finished: Promise<void>;
  #lease: Lease | undefined;
  #deregistered: Promise<void> | undefined;

  constructor(registration: Registration, parts: RegistrarParts) {
    this.#registration = registration;
    this.#parts = parts;
    this.#firstAcknowledgement = Promise.withResolvers<void>();
    this.acknowledged = this.#firstAcknowledgement.promise;
    // Nobody has to wait for it, and then its rejection must not end the process.
    this.acknowledged.catch(() => {});
    this.#outage = new OutageLog(parts.clock, parts.logger, {
      down: 'the registry can not be reached: this instance may not be found by its callers; trying on. Start the registry, or correct REGISTRY_URL',
      up: 'the registry can be reached again',
    });
    this.#heartbeat = {
      api: { renew: (lease) => parts.api.renew(lease, this.#abandon.signal) },
      clock: parts.clock,
      random: parts.random,
      outage: this.#outage,
      logger: parts.logger,
    };
    this.#finished = this.#run(this.#stop.signal);
  }

  deregister(signal: AbortSignal): Promise<void> {
    this.#deregistered ??= this.#end(signal);
    return this.#deregistered;
  }

  async #run(stop: AbortSignal): Promise<void> {
    const { logger } = this.#parts;
    for (let round = 0; !stop.aborted; round += 1) {
      const lease = await this.#registerUntilAcknowledged(stop);
      if (lease === undefined) return;
      this.#lease = lease;
      const fields = { instanceId: lease.id, leaseMs: lease.leaseMs };
      if (round === 0) logger.info(fields, 'registered');
      else logger.info(fields, 're-registered: the registry had forgotten this instance');
      this.#firstAcknowledgement.resolve();
      await keepRenewed(lease, stop, this.#heartbeat);
    }
  }

  async #registerUntilAcknowledged(stop: AbortSignal): Promise<Lease | undefined> {
    const { api, clock, random, logger } = this.#parts;
    const backoff = new Backoff({ random });
    let refusal = '';
    while (!stop.aborted) {
      try {
        const lease = await api.register(this.#registration, this.#abandon.signal);
        this.#outage.succeeded();
        return lease;
      } catch (error) {
        if (isUnavailable(error)) {
          if (!stop.aborted) this.#outage.failed(error);
        } else if (String(error) !== refusal) {
          // The registry is there and says no. It may be restarted in another version, so trying goes on.
          refusal = String(error);
          logger.error({ err: error }, 'the registry refuses this registration: correct what it names and restart');
        }
      }
      await pause(clock, backoff.nextDelayMs(), stop);
    }
    return undefined;
  }

  async #end(signal: AbortSignal): Promise<void> {
    const { api } = this.#parts;
    this.#stop.abort();
    const abandon = (): void => this.#abandon.abort(signal.reason);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon);
    try {
      await this.#finished;
      this.#firstAcknowledgement.reject(
        new AppError('SHUTTING_DOWN', { detail: 'Deregistered before the registry had acknowledged the instance.' }),
      );
      // Without an acknowledgement the registry may still know us: an answer can be lost. With an id we can ask.
      const id = this.#lease?.id ?? this.#registration.id;
      if (id !== undefined) await api.deregister(this.#registration.name, id, signal);
    } catch (error) {
      throw isUnavailable(error) ? error : new AppError('REGISTRY_UNAVAILABLE', { cause: error });
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }
}
