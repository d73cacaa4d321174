import { jsonOption, type Verb } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';

export const psVerb: Verb = {
  name: 'ps',
  summary: 'show the programs of the running fleet: their state, address and resource usage',
  details: `CPU is relative to one core; memory includes child processes. On a narrow terminal some columns are left out, and it says which.`,
  options: [jsonOption, fleetOption, configOption],
  examples: [
    { line: 'flotilla ps', does: 'the running programs, from any folder of the project' },
    {
      line: `flotilla ps --json | jq '.fleets[].processes[] | select(.state != "ready")'`,
      does: 'programs that are not ready',
    },
  ],
  async run(given, cli) {
    const { showProcesses } = await import('../running/show-processes.ts');
    return showProcesses(given, cli);
  },
};
