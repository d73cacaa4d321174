import type { Clock, InstanceStatus, RemovalReason } from '@flotilla/contracts';
import { defaultGuardSettings, type GuardEnd, type GuardSettings, type GuardView } from '../guard/guard-view.ts';
import { defaultKeyLimits, type KeyLimits } from '../keys/key-limits.ts';
import type { RecordStore } from '../store/record-store.ts';
import { defaultLimits, type RegistrationLimits } from '../write/registration-limits.ts';

/** An instance came or went. */
export interface Membership {
  readonly kind: 'added' | RemovalReason;
  readonly name: string;
  readonly id: string;
}

/** Who an instance is, and where. */
export interface NamedPlace {
  readonly name: string;
  readonly id: string;
  readonly address: string;
  readonly port: number;
}

/**
 * Something that an operator wants to find in the log.
 * - `place-taken`: what was registered as `instance` was at an address and port that is registered as `by` now.
 * - `lost`: a process acts for a registration whose place a newer one has taken. Told once for each registration.
 * - `forced`: an instance was deregistered by somebody who did not make its registration.
 * - `check`: a check that the registry makes has found another status than before.
 * - `critical-too-long`: an instance was removed because a check was critical for as long as it may be.
 * - `silence`, `silence-over`: most machines have fallen silent together, so that checks do not believe it; they are heard
 *   again, or it has lasted too long.
 * - `guard-opened`, `guard-closed`: many instances fell silent at once and are kept, and how that ended.
 * - `maintenance`, `maintenance-ended`: an operator took an instance out of traffic, or gave it back.
 */
export type Notice =
  | { readonly kind: 'place-taken'; readonly instance: NamedPlace; readonly by: NamedPlace }
  | { readonly kind: 'lost'; readonly name: string; readonly id: string; readonly doing: string }
  | {
      readonly kind: 'check';
      readonly name: string;
      readonly id: string;
      readonly check: string;
      readonly status: InstanceStatus;
      readonly output?: string | undefined;
    }
  | {
      readonly kind: 'critical-too-long';
      readonly name: string;
      readonly id: string;
      readonly check: string;
      readonly forMs: number;
      readonly output?: string | undefined;
    }
  | { readonly kind: 'silence' | 'silence-over' }
  | { readonly kind: 'guard-opened'; readonly view: Extract<GuardView, { open: true }> }
  | { readonly kind: 'guard-closed'; readonly end: GuardEnd }
  | { readonly kind: 'forced' | 'maintenance' | 'maintenance-ended'; readonly name: string; readonly id: string };

/** Options of a registry. */
export interface RegistryOptions {
  readonly store: RecordStore;
  readonly clock: Clock;
  /** Called for errors that nobody waits for, such as an expiry that could not be stored. Default: ignored. */
  readonly onBackgroundError?: (error: unknown, doing: string) => void;
  /** Called when an instance was added or removed, so that it can be logged. Default: not called. */
  readonly onMembership?: (membership: Membership) => void;
  /** Called for events that operators should find in the log. Default: not called. */
  readonly onNotice?: (notice: Notice) => void;
  /** How much may be registered. Limits that are not set have their defaults. */
  readonly limits?: Partial<RegistrationLimits>;
  /** When instances that fall silent are kept. Settings that are left out have their defaults. */
  readonly guard?: Partial<GuardSettings>;
  /** How much may be kept in keys. Limits that are not set have their defaults. */
  readonly keyLimits?: Partial<KeyLimits>;
  /**
   * How many changes a watch can resume over. Default 16 384: more than a fleet of 10 000 instances makes by all
   * going away at once, and about 10 MB if each event is a different instance.
   */
  readonly historyEvents?: number;
  /**
   * About how many bytes of changes are kept for resuming watches. Default 33 554 432, 32 MiB: as much as all metadata
   * may take. Beyond that, the oldest are forgotten, however few they are.
   */
  readonly historyBytes?: number;
  /** Maximum number of watches at the same time. Default 16 384, long polls included, at about 30 kB of sockets and buffers each. */
  readonly maxWatches?: number;
  /**
   * After a restart, a lease has the time that was left when the registry stopped, and at least this long, so that
   * every instance has time to find the registry again. Default 10 000 ms: longer than clients wait between two
   * attempts.
   */
  readonly minRestartGraceMs?: number;
  /**
   * How long signs of life are collected before they are stored. Default 10 000 ms. A crash only affects what
   * `last_seen` shows right after it.
   */
  readonly noteSeenEveryMs?: number;
  /**
   * How long an operator's maintenance is kept for an instance that has gone, in milliseconds. Default 604 800 000, a
   * week: longer than the repair of a machine takes. Then it is forgotten, for ids that never return.
   */
  readonly keepMaintenanceMs?: number;
  /**
   * Whether checks may ask link-local addresses and those of clouds' metadata services. Default false: whoever may register
   * could otherwise read a machine's credentials in the output of a check.
   */
  readonly allowLinkLocal?: boolean;
  /** A number from 0 to below 1, for what is spread at random. Default: `Math.random`. */
  readonly random?: () => number;
}

/** {@link RegistryOptions} with every default filled in. */
export type ResolvedRegistryOptions = Required<RegistryOptions> & {
  readonly limits: RegistrationLimits;
  readonly keyLimits: KeyLimits;
  readonly guard: GuardSettings;
};

const defaults = {
  onBackgroundError: () => {},
  onMembership: () => {},
  onNotice: () => {},
  historyEvents: 16_384,
  historyBytes: 33_554_432,
  maxWatches: 16_384,
  minRestartGraceMs: 10_000,
  noteSeenEveryMs: 10_000,
  keepMaintenanceMs: 604_800_000,
  allowLinkLocal: false,
  random: Math.random,
} satisfies Partial<RegistryOptions>;

/** Fills in the defaults. */
export function resolveOptions(options: RegistryOptions): ResolvedRegistryOptions {
  return {
    ...defaults,
    ...options,
    limits: { ...defaultLimits, ...options.limits },
    keyLimits: { ...defaultKeyLimits, ...options.keyLimits },
    guard: { ...defaultGuardSettings, ...options.guard },
  };
}

/** Tells of something, so that a listener that throws leaves nothing half done. */
export function tellNotice(
  { onNotice, onBackgroundError }: Pick<ResolvedRegistryOptions, 'onNotice' | 'onBackgroundError'>,
  notice: Notice,
): void {
  try {
    onNotice(notice);
  } catch (error) {
    onBackgroundError(error, 'report a notice');
  }
}
