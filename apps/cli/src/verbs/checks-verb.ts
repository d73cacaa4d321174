import type { Verb } from '../arguments/verb.ts';
import { registryOptions } from './registry-option.ts';

export const checksVerb: Verb = {
  name: 'checks',
  summary: 'list the health checks of instances, and what each said last',
  words: { usage: '[service]', atLeast: 0, atMost: 1, completes: 'programs' },
  options: [
    {
      flag: '--status',
      value: '<status>',
      summary: 'only those that are passing, warning, critical or maintenance',
      example: 'critical',
      completes: ['passing', 'warning', 'critical', 'maintenance'],
    },
    ...registryOptions,
  ],
  examples: [
    { line: 'flotilla checks user-service', does: 'those of one service' },
    { line: 'flotilla checks --status critical', does: 'what fails' },
  ],
  async run(given, cli) {
    const { listChecks } = await import('../registry/list-checks.ts');
    return listChecks(given, cli);
  },
};
