import type { VerbOption } from '../arguments/verb.ts';

/** The option of every verb that has to do with a running fleet. */
export const fleetOption: VerbOption = {
  flag: '--fleet',
  value: '<pid>',
  summary: 'ask this fleet, if several run in the project: the process id of its supervisor',
  example: '4711',
};
