import { configurationExitCode } from '@flotilla/fleet/supervise';
import type { Verb } from '../arguments/verb.ts';
import { configOption, findFleet } from '../up/find-fleet.ts';
import { defaultHangLimitSeconds, readUpWords } from '../up/up-words.ts';

export const upVerb: Verb = {
  name: 'up',
  summary: 'start the fleet of flotilla.config.ts on this machine and keep it running',
  details: `It runs until Ctrl-C, which lets every program finish its requests for at most its DRAIN_TIMEOUT_MS; a second Ctrl-C ends all at once.
Environment variables reach every program. To set one for a single program, prefix it with the program's name: USER_SERVICE__LOG_LEVEL=debug.`,
  options: [
    {
      flag: '--only',
      value: '<names>',
      summary: 'run only these programs, separated by commas',
      example: 'user-service,service-registry',
      completes: 'programs',
    },
    {
      flag: '--scale',
      value: '<name>=<number>',
      summary: 'run several instances of a program; additional ones use free ports',
      example: 'order-service=3',
      completes: 'programs',
    },
    {
      flag: '--free-ports',
      summary:
        'use free ports for everything, so that a second fleet, with --data of its own, can run beside the first',
    },
    {
      flag: '--data',
      value: '<folder>',
      summary: 'store the database files here (default: as in flotilla.config.ts, else data)',
      example: '/tmp/flotilla-data',
      completes: 'folders',
    },
    configOption,
    {
      flag: '--hang-limit',
      value: '<seconds>',
      summary: `restart a program that has not answered /livez for this long (default: ${defaultHangLimitSeconds}; 0: never)`,
      example: String(defaultHangLimitSeconds),
    },
    { flag: '--no-dashboard', summary: 'do not start the dashboard, and send it nothing' },
    { flag: '--watch', summary: 'restart a program as soon as one of its files changes' },
    { flag: '--verbose', summary: 'show every log line with all its fields, as LOG_LEVEL=debug does' },
  ],
  examples: [
    { line: 'flotilla up', does: 'start everything' },
    { line: 'flotilla up --scale user-service=2,order-service=3', does: 'with several instances' },
    { line: 'flotilla up --watch', does: 'during development' },
    { line: 'flotilla up --free-ports --data data/second', does: 'a second fleet beside the first' },
    { line: 'flotilla up --only service-registry,user-service', does: 'a part of the fleet' },
  ],
  async run(given, cli) {
    const fleet = await findFleet(given, cli);
    if (fleet === undefined) return configurationExitCode;
    const words = readUpWords(given, fleet);
    // The supervisor and all it needs are loaded by this verb alone: the others answer at once.
    const { up } = await import('../up/up.ts');
    return up(words, cli);
  },
};
