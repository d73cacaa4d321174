import { jsonOption, type Verb } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { dashboardOption } from './dashboard-verbs.ts';
import { fleetOption } from './fleet-option.ts';

export const logsVerb: Verb = {
  name: 'logs',
  summary: 'show the logs of programs of the running fleet',
  details: 'Includes what "up" leaves out. The supervisor keeps the last 1,000 lines of each program.',
  words: { usage: '[program…]', atLeast: 0, atMost: Number.POSITIVE_INFINITY, completes: 'programs' },
  options: [
    { flag: '--follow', short: '-f', summary: 'keep showing new lines, until Ctrl-C' },
    {
      flag: '--tail',
      short: '-n',
      value: '<lines>',
      summary: 'begin with this many lines (default: 100)',
      example: '20',
    },
    {
      flag: '--trace',
      value: '<trace id>',
      summary: 'only lines of this request, from the dashboard, which keeps them for longer',
      example: '4bf92f3577b34da6a3ce929d0e0e4736',
    },
    { flag: '--verbose', summary: 'show every field of every line' },
    { ...jsonOption, summary: 'print each line as a JSON document' },
    dashboardOption,
    fleetOption,
    configOption,
  ],
  examples: [
    { line: 'flotilla logs order-service --tail 20', does: 'its last 20 lines' },
    { line: 'flotilla logs --trace 4bf92f3577b34da6a3ce929d0e0e4736', does: 'what all programs said of one request' },
    { line: 'flotilla logs --follow', does: 'all programs, as lines arrive' },
  ],
  async run(given, cli) {
    if (given.has('--trace')) {
      const { showTraceLogs } = await import('../dashboard/show-trace-logs.ts');
      return showTraceLogs(given, cli);
    }
    const { showLogs } = await import('../running/show-logs.ts');
    return showLogs(given, cli);
  },
};
