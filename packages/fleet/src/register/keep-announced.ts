import type { ActiveRegistration, Clock, Logger, Registrar, Registration, Timer } from '@flotilla/contracts';
import type { Health } from '../config/fleet.ts';

/** What {@link keepAnnounced} needs. */
export interface AnnouncementOptions {
  readonly registration: Registration;
  /** Asked for the registrar each time it is needed; takes its time until there is a registry. */
  readonly registrar: () => Promise<Registrar>;
  /** Whether the process is well. */
  readonly isWell: (timeoutMs: number) => Promise<boolean>;
  readonly health: Omit<Health, 'path'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** The registry has acknowledged it, each time it was announced anew. */
  readonly onRegistered: () => void;
}

/** What announces a process. */
export interface Announcement {
  /** Signs the process off, and announces it no more. Resolves also if the registry can't be told. */
  end(): Promise<void>;
}

/** One time of being announced, from when the process is well until it is not. */
interface Round {
  over: boolean;
  active: ActiveRegistration | undefined;
}

/** A process that is to stop waits for no more than this until the registry knows. */
const deregisterLimitMs = 1_000;

/**
 * Announces a process that is well now, asks it again and again whether it still is, and takes it out of the registry
 * while it is not.
 */
export function keepAnnounced(options: AnnouncementOptions): Announcement {
  const { clock, health, logger } = options;
  let round: Round | undefined;
  let timer: Timer | undefined;
  let failures = 0;
  let over = false;

  const announce = (): void => {
    const mine: Round = { over: false, active: undefined };
    round = mine;
    options.registrar().then(
      (registrar) => {
        if (mine.over) return;
        mine.active = registrar.register(options.registration);
        mine.active.acknowledged.then(options.onRegistered, () => undefined);
      },
      (error: unknown) => logger.warn({ err: error }, 'cannot register'),
    );
  };
  const withdraw = async (): Promise<void> => {
    const ended = round;
    round = undefined;
    if (ended === undefined) return;
    ended.over = true;
    // If the registry can't be told, the lease runs out by itself.
    await ended.active?.deregister(AbortSignal.timeout(deregisterLimitMs)).catch(() => undefined);
  };
  const ask = async (): Promise<void> => {
    const isWell = await options.isWell(health.timeoutMs);
    if (over) return;
    failures = isWell ? 0 : failures + 1;
    if (isWell && round === undefined) {
      logger.info({}, 'healthy again; registered');
      announce();
    } else if (failures === health.failures && round !== undefined) {
      logger.warn({ failures }, 'unhealthy; removed from the registry until it is healthy');
      await withdraw();
    }
    plan();
  };
  const plan = (): void => {
    if (!over) timer = clock.after(health.intervalMs, () => void ask());
  };

  announce();
  plan();
  return {
    end() {
      over = true;
      timer?.cancel();
      return withdraw();
    },
  };
}
