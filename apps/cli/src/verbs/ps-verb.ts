import { jsonOption, type Verb } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';

export const psVerb: Verb = {
  name: 'ps',
  summary: 'show the programs of the running fleet: how they are, where, and what they use',
  details: `CPU is of one core, memory what a program and the processes it has started hold. On a narrow terminal some columns are left out, and it says which.`,
  options: [jsonOption, fleetOption, configOption],
  examples: [
    { line: 'flotilla ps', does: 'what runs, from any folder of the project' },
    { line: `flotilla ps --json | jq '.fleets[].processes[] | select(.state != "ready")'`, does: 'what is not well' },
  ],
  async run(given, cli) {
    const { showProcesses } = await import('../running/show-processes.ts');
    return showProcesses(given, cli);
  },
};
