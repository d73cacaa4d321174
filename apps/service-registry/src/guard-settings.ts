import { durationMs, integer, type Setting } from '@flotilla/kit/config';
import { defaultGuardSettings, defaultTrailBounds, type TrailBounds } from '@flotilla/registry';

interface GuardSettings {
  readonly MASS_LOSS_SHARE: number;
  readonly MASS_LOSS_HOLD_MS: number;
  readonly TRAIL_ENTRIES: number;
  readonly TRAIL_DAYS: number;
}

const msPerDay = 86_400_000;

/** The settings for what becomes of instances that disappear, and what is kept of what happened. */
export const guardSettings: { readonly [K in keyof GuardSettings]: Setting<number> } = {
  MASS_LOSS_SHARE: integer({
    describe:
      'Percentage of the instances, and at least 5 of them, that must fall silent at about the same time for the registry to keep them for a while; 0: never',
    default: defaultGuardSettings.sharePercent,
    min: 0,
    max: 100,
  }),
  MASS_LOSS_HOLD_MS: durationMs({
    describe: 'How long instances that fell silent together are kept at most',
    default: defaultGuardSettings.holdMs,
    min: 1_000,
    max: msPerDay,
  }),
  TRAIL_ENTRIES: integer({
    describe: 'About how many entries of the audit trail are kept',
    default: defaultTrailBounds.maxLines,
    min: 1_000,
    max: 10_000_000,
  }),
  TRAIL_DAYS: integer({
    describe: 'How long entries of the audit trail are kept, in days',
    default: defaultTrailBounds.maxAgeMs / msPerDay,
    min: 1,
    max: 3_650,
  }),
};

/** How much of the audit trail is kept, as the store takes it. */
export function trailBoundsOf(config: GuardSettings): TrailBounds {
  return { maxLines: config.TRAIL_ENTRIES, maxAgeMs: config.TRAIL_DAYS * msPerDay };
}
