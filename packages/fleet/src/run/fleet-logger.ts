import type { Logger } from '@flotilla/contracts';

/** What is told of a process that does not tell it itself. */
export type FleetLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
