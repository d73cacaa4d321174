/** What the exit codes mean, for help and for the reference. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'success, or stopped as told'],
  [1, 'failure, or ended at once by a second Ctrl-C'],
  [64, 'the command line is wrong'],
  [69, 'something that it needs is not running or does not answer'],
  [78, 'the configuration is wrong, or a port is in use'],
];

/** EX_USAGE of sysexits.h. */
export const usageExitCode = 64;
/** EX_UNAVAILABLE. */
export const unavailableExitCode = 69;
/** EX_CONFIG. */
export const configurationExitCode = 78;
