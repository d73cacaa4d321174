import { jsonOption, type Verb, type VerbOption } from '../arguments/verb.ts';
import { pageNames } from '../dashboard/page-names.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';

/** The option of every verb that asks the dashboard. */
export const dashboardOption: VerbOption = {
  flag: '--dashboard',
  value: '<url>',
  summary:
    'ask this dashboard (default: that of the running fleet); DASHBOARD_TOKEN is shown to one that wants a token',
  example: 'http://127.0.0.1:8090',
};

const dashboardOptions: readonly VerbOption[] = [dashboardOption, jsonOption, fleetOption, configOption];

export const traceVerb: Verb = {
  name: 'trace',
  summary: 'show where the time of a request went, or list the last requests',
  details:
    'A trace has the spans of all programs that worked for a request: attempts, calls, database statements, events. Its id stands in the header x-trace-id of the answer and in log lines; a traceparent will do as well. Without an id it lists the requests that came in at the gateway.',
  words: { usage: '[trace id]', atLeast: 0, atMost: 1 },
  options: [
    {
      flag: '--service',
      value: '<name>',
      summary: 'list the requests that this service took part in, wherever they came in',
      example: 'order-service',
      completes: 'programs',
    },
    {
      flag: '--status',
      value: '<status>',
      summary: 'list only requests that were answered so: 404, or 5xx',
      example: '5xx',
      completes: ['2xx', '3xx', '4xx', '5xx'],
    },
    ...dashboardOptions,
  ],
  examples: [
    { line: 'flotilla trace', does: 'the last requests, with their ids' },
    { line: 'flotilla trace --status 5xx', does: 'the last that failed' },
    { line: 'flotilla trace 4bf92f3577b34da6a3ce929d0e0e4736', does: 'one of them, span by span' },
  ],
  async run(given, cli) {
    const { showTrace } = await import('../dashboard/show-trace.ts');
    return showTrace(given, cli);
  },
};

export const topVerb: Verb = {
  name: 'top',
  summary: 'show live what each program is asked, how it answers and what it uses',
  details:
    'Rates, errors and the 95th percentile are of the last minute. In a terminal it goes on until Ctrl-C; elsewhere it prints once.',
  options: [{ flag: '--once', summary: 'print once, also in a terminal' }, ...dashboardOptions],
  examples: [
    { line: 'flotilla top', does: 'live' },
    { line: `flotilla top --json | jq '.alerts[].text.en'`, does: 'what is the matter' },
  ],
  async run(given, cli) {
    const { showTop } = await import('../dashboard/show-top.ts');
    return showTop(given, cli);
  },
};

export const openVerb: Verb = {
  name: 'open',
  summary: 'open the dashboard in a browser',
  details: 'Without a desktop, as over SSH, it prints the address.',
  words: {
    usage: '[page or trace id]',
    atLeast: 0,
    atMost: 1,
    completes: pageNames,
  },
  options: [{ flag: '--print', summary: 'only print the address' }, ...dashboardOptions],
  examples: [
    { line: 'flotilla open', does: 'the overview' },
    { line: 'flotilla open logs', does: 'another page' },
  ],
  async run(given, cli) {
    const { openPage } = await import('../dashboard/open-page.ts');
    return openPage(given, cli);
  },
};
