import {
  type ActiveRegistration,
  AppError,
  type Clock,
  type InstanceStatus,
  isAppError,
  type Registrar,
  type Registration,
} from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import { Backoff } from '../retry/backoff.ts';
import { Nudge } from '../retry/nudge.ts';
import { type ClientLogger, OutageLog } from '../retry/outage-log.ts';
import { isUnavailable } from '../retry/registry-addresses.ts';
import { freshId } from './fresh-id.ts';
import { type HeartbeatOptions, keepRenewed, type Report } from './heartbeat.ts';
import type { Grant, RegistrationApi } from './registration-api.ts';

/** What a registrar works with, whatever the kind of registry. */
export interface RegistrarParts {
  readonly api: RegistrationApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
  /** Makes a text that nobody else makes: what shows that a registration is this process's own. */
  readonly newToken: () => string;
}

/** The registrar for any registry that can be spoken to as a {@link RegistrationApi}. */
export function registrarOver(parts: RegistrarParts): Registrar {
  return { register: (registration) => new KeptRegistration(registration, parts) };
}

/** What a try to register came to, if not to a grant. */
type NoGrant = 'lost' | 'stopped';

/** The longest wait before registering again with a registry that has forgotten everybody, so that not all come at once. */
const registerAgainWithinMs = 500;

/**
 * register → renew, renew, … → (forgotten) register again → … → deregister.
 *
 * A registration that is lost to a newer one is not fought for. If the newer one is elsewhere, two processes were given
 * one id: this one goes on under a fresh id. If it is at the same address and port, callers reach the newer one
 * there: this one waits until that one is gone.
 */
class KeptRegistration implements ActiveRegistration {
  readonly acknowledged: Promise<void>;
  #registration: Registration;
  #token: string;
  readonly #parts: RegistrarParts;
  readonly #heartbeat: HeartbeatOptions;
  readonly #firstAcknowledgement: PromiseWithResolvers<void>;
  /** Ends the waits. A call on its way is let finish: a registration that arrives after the deregistration would stay. */
  readonly #stop = new AbortController();
  /** Ends the call on its way too. */
  readonly #abandon = new AbortController();
  readonly #outage: OutageLog;
  readonly #report: Report = { wanted: undefined, told: undefined };
  readonly #nudge = new Nudge();
  readonly #finished: Promise<void>;
  #grant: Grant | undefined;
  #connectionLost = false;
  #waitsForNewer = false;
  #deregistered: Promise<void> | undefined;

  constructor(registration: Registration, parts: RegistrarParts) {
    this.#registration = registration;
    this.#token = parts.newToken();
    this.#parts = parts;
    this.#firstAcknowledgement = Promise.withResolvers<void>();
    this.acknowledged = this.#firstAcknowledgement.promise;
    // Nobody has to wait for it, and then its rejection must not end the process.
    this.acknowledged.catch(() => {});
    this.#outage = new OutageLog(parts.clock, parts.logger, {
      down: 'cannot reach the registry; callers may not find this instance; retrying. Start the registry, or correct REGISTRY_URL',
      up: 'reached the registry again',
    });
    const { api, clock, random, logger } = parts;
    const abandon = this.#abandon.signal;
    this.#heartbeat = {
      api: {
        renew: (grant) => api.renew(grant, abandon),
        report: (grant, status) => api.report(grant, status, abandon),
      },
      clock,
      random,
      outage: this.#outage,
      logger,
      report: this.#report,
      nudge: this.#nudge,
      takeConnectionLost: () => {
        const was = this.#connectionLost;
        this.#connectionLost = false;
        return was;
      },
    };
    this.#finished = this.#run(this.#stop.signal);
  }

  report(status: InstanceStatus): void {
    this.#report.wanted = status;
    this.#nudge.ring();
  }

  handOver(): void {
    this.#stop.abort();
  }

  deregister(signal: AbortSignal): Promise<void> {
    this.#deregistered ??= this.#end(signal);
    return this.#deregistered;
  }

  async #run(stop: AbortSignal): Promise<void> {
    const { api } = this.#parts;
    const endListening = api.onConnectionLost(() => {
      this.#connectionLost = true;
      this.#nudge.ring();
    });
    for (let round = 0; !stop.aborted; round += 1) {
      const grant = await this.#registerUntilAcknowledged(stop);
      if (grant === 'stopped') break;
      if (grant !== 'lost') {
        this.#acknowledge(grant, round);
        const end = await keepRenewed(grant, stop, this.#heartbeat);
        if (end === 'forgotten') await this.#pauseByChance(registerAgainWithinMs, stop);
        if (end !== 'lost') continue;
      }
      await this.#giveWay(stop);
    }
    endListening();
  }

  #acknowledge(grant: Grant, round: number): void {
    const { logger } = this.#parts;
    this.#grant = grant;
    this.#connectionLost = false;
    this.#waitsForNewer = false;
    const fields = { instanceId: grant.id, leaseMs: grant.leaseMs };
    if (round === 0) logger.info(fields, 'registered');
    else logger.info(fields, 'registered again: the registry no longer knew this instance');
    this.#firstAcknowledgement.resolve();
  }

  async #registerUntilAcknowledged(stop: AbortSignal): Promise<Grant | NoGrant> {
    const { api, clock, random, logger } = this.#parts;
    const backoff = new Backoff({ random });
    let refusal = '';
    while (!stop.aborted) {
      const { wanted } = this.#report;
      const registration = { ...this.#registration, ...(wanted === undefined ? {} : { status: wanted }) };
      try {
        const grant = await api.register(registration, this.#token, this.#abandon.signal);
        this.#outage.succeeded();
        this.#report.told = wanted;
        return grant;
      } catch (error) {
        if (isUnavailable(error)) {
          if (!stop.aborted) this.#outage.failed(error);
        } else if (isAppError(error, 'REGISTRATION_LOST')) {
          this.#outage.succeeded();
          return 'lost';
        } else if (String(error) !== refusal) {
          // The registry is there and says no. It may be restarted in another version, so trying goes on.
          refusal = String(error);
          logger.error({ err: error }, 'the registry refuses this registration; correct what it names, and restart');
        }
      }
      await pause(clock, backoff.nextDelayMs(), stop);
    }
    return 'stopped';
  }

  /** A newer registration has this one's id or place: takes a fresh id, or waits before asking again. */
  async #giveWay(stop: AbortSignal): Promise<void> {
    const { logger, newToken, clock } = this.#parts;
    const id = this.#grant?.id ?? this.#registration.id;
    if (id !== undefined && (await this.#isElsewhere(id))) {
      const instanceId = freshId(this.#registration.id ?? id, newToken());
      logger.warn(
        { instanceId, lostId: id },
        'another process has registered with the id of this one; continuing with a new id. Give each process its own INSTANCE_ID',
      );
      this.#registration = { ...this.#registration, id: instanceId };
      this.#token = newToken();
      return;
    }
    if (!this.#waitsForNewer)
      logger.warn(
        { instanceId: id, address: this.#registration.address, port: this.#registration.port },
        'another process has registered with the address and port of this one; not announced until that process is gone. Correct ADVERTISE_ADDRESS or SERVER_PORT of one of them',
      );
    this.#waitsForNewer = true;
    await pause(clock, this.#grant?.leaseMs ?? askAgainAfterMs, stop);
  }

  async #isElsewhere(id: string): Promise<boolean> {
    const { name, address, port } = this.#registration;
    try {
      const place = await this.#parts.api.locate(name, id, this.#abandon.signal);
      return place !== undefined && (place.port !== port || place.address.toLowerCase() !== address.toLowerCase());
    } catch (error) {
      // Not known, so the careful way: nothing is taken from anybody by waiting.
      this.#outage.failed(error);
      return false;
    }
  }

  #pauseByChance(withinMs: number, stop: AbortSignal): Promise<void> {
    const { clock, random } = this.#parts;
    return pause(clock, random() * withinMs, stop);
  }

  async #end(signal: AbortSignal): Promise<void> {
    const { api, logger } = this.#parts;
    this.#stop.abort();
    const abandon = (): void => this.#abandon.abort(signal.reason);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon);
    try {
      await this.#finished;
      this.#firstAcknowledgement.reject(
        new AppError('SHUTTING_DOWN', { detail: 'Deregistered before the registry acknowledged the instance.' }),
      );
      // Without an acknowledgement the registry may still know us: an answer can be lost. With an id we can ask.
      const { name, id = this.#grant?.id } = this.#registration;
      if (id !== undefined) await api.deregister({ name, id, token: this.#token }, signal);
    } catch (error) {
      if (isAppError(error, 'REGISTRATION_LOST')) {
        logger.warn({ reason: error.detail }, 'not deregistered: a newer registration has replaced this one');
        return;
      }
      throw isUnavailable(error) ? error : new AppError('REGISTRY_UNAVAILABLE', { cause: error });
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }
}

/** How long the loser of a place waits before it asks again, where the registry never told it the length of a lease. */
const askAgainAfterMs = 60_000;
