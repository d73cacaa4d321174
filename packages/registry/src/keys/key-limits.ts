import { AppError } from '@flotilla/contracts';
import type { KeyAmount } from '../write/draft.ts';

/** How much may be kept in keys. A key has at most 512 bytes, its value 512 KiB. */
export interface KeyLimits {
  /** The most keys. Default 100 000. */
  readonly maxKeys: number;
  /** The most bytes of all keys and their values. Default 67 108 864, 64 MiB: all of them are kept in memory. */
  readonly maxKeysBytes: number;
  /** The most sessions. Default 10 000: one that nobody ends and that has no time limit is there for ever. */
  readonly maxSessions: number;
}

export const defaultKeyLimits: KeyLimits = { maxKeys: 100_000, maxKeysBytes: 67_108_864, maxSessions: 10_000 };

/**
 * Refuses a write that would make more of keys than there may be. One that adds nothing to what is over its limit (because it
 * was lowered) is let through.
 *
 * @throws {AppError} KEY_LIMIT
 */
export function refuseMoreKeys(limits: KeyLimits, present: KeyAmount, added: KeyAmount): void {
  const { maxKeys, maxKeysBytes } = limits;
  if (added.keys > 0 && present.keys + added.keys > maxKeys)
    throw beyond('MAX_KEYS', maxKeys, `There are ${present.keys} keys`);
  if (added.bytes > 0 && present.bytes + added.bytes > maxKeysBytes)
    throw beyond(
      'MAX_KEYS_BYTES',
      maxKeysBytes,
      `All keys and their values have ${present.bytes} bytes, and this write adds ${added.bytes}`,
    );
}

/** @throws {AppError} KEY_LIMIT */
export function refuseMoreSessions({ maxSessions }: KeyLimits, present: number): void {
  if (present >= maxSessions) throw beyond('MAX_SESSIONS', maxSessions, `There are ${present} sessions`);
}

function beyond(setting: string, limit: number, detail: string): AppError {
  return new AppError('KEY_LIMIT', { parameters: { setting, limit }, detail });
}
