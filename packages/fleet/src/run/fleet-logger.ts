import type { Logger } from '@flotilla/contracts';

/** What is told of a process that does not tell it itself. */
export type FleetLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const nothing = (): void => undefined;

/** Tells nobody. */
export const silent: FleetLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
