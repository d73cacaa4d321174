import { durationMs, type Setting } from '../config/index.ts';

/** See `EventFeedOptions`. */
export const defaultRetentionMs: number = 7 * 86_400_000;

/** The settings of a service that publishes events. */
export interface EventSettings {
  readonly EVENTS_RETENTION_MS: Setting<number>;
}

/** See {@link EventSettings}; spread it into the settings of the service. */
export const eventSettings: EventSettings = {
  EVENTS_RETENTION_MS: durationMs({
    describe: 'How long events are kept for services that follow them; one that was away for longer copies all records',
    default: defaultRetentionMs,
    min: 60_000,
    max: 366 * 86_400_000,
  }),
};

/** The values of these settings. */
export interface EventConfig {
  readonly EVENTS_RETENTION_MS: number;
}
