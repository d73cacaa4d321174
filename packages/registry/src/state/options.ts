import type { Clock, RemovalReason } from '@flotilla/contracts';
import type { InstanceStore } from '../store/instance-store.ts';

/** An instance came or went. */
export interface Membership {
  readonly kind: 'added' | RemovalReason;
  readonly name: string;
  readonly id: string;
}

/** What a registry is made with. */
export interface RegistryOptions {
  readonly store: InstanceStore;
  readonly clock: Clock;
  /** Told of what goes wrong with nobody waiting for an answer: an expiry that could not be stored. Default: nobody. */
  readonly onBackgroundError?: (error: unknown, doing: string) => void;
  /** Told when an instance was added or has gone, so that it can be logged. Default: nobody. */
  readonly onMembership?: (membership: Membership) => void;
  /**
   * How many changes a watch can resume over. Default 16 384: more than a fleet of 10 000 instances makes by all
   * going away at once, and about 10 MB if each event is a different instance.
   */
  readonly historyEvents?: number;
  /** The most watches at the same time. Default 4096, at about 20 kB of sockets and buffers each. */
  readonly maxWatches?: number;
  /**
   * After a restart every lease runs in full again, and at least this long, so that instances with short leases also get
   * the time to find the registry again. Default 10 000 ms: longer than clients wait between two attempts.
   */
  readonly minRestartGraceMs?: number;
  /**
   * How long signs of life are gathered before the store is told. Default 10 000 ms. What a crash loses of them
   * is only what `last_seen` shows right after it.
   */
  readonly noteSeenEveryMs?: number;
}

/** {@link RegistryOptions} with every default filled in. */
export type ResolvedRegistryOptions = Required<RegistryOptions>;

const defaults = {
  onBackgroundError: () => {},
  onMembership: () => {},
  historyEvents: 16_384,
  maxWatches: 4_096,
  minRestartGraceMs: 10_000,
  noteSeenEveryMs: 10_000,
} satisfies Partial<RegistryOptions>;

/** Fills in the defaults. */
export function resolveOptions(options: RegistryOptions): ResolvedRegistryOptions {
  return { ...defaults, ...options };
}
