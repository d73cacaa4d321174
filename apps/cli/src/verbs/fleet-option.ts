import type { VerbOption } from '../arguments/verb.ts';

/** The option of every verb for a running fleet. */
export const fleetOption: VerbOption = {
  flag: '--fleet',
  value: '<pid>',
  summary: 'use this fleet, if the project has several: the process id of its supervisor',
  example: '4711',
};
