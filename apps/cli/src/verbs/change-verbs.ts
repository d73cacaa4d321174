import { jsonOption, type Verb, type VerbWords } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';

const someWords: VerbWords = {
  usage: '[program…]',
  atLeast: 0,
  atMost: Number.POSITIVE_INFINITY,
  completes: 'programs',
};
const someOptions = [jsonOption, fleetOption, configOption] as const;

export const startVerb: Verb = {
  name: 'start',
  summary: 'start programs of the running fleet that were stopped or have ended',
  details: 'It waits until they are ready.',
  words: someWords,
  options: someOptions,
  examples: [{ line: 'flotilla start order-service', does: 'after flotilla stop order-service' }],
  async run(given, cli) {
    const { changeProcesses } = await import('../running/change-processes.ts');
    return changeProcesses('start', given, cli);
  },
};

export const stopVerb: Verb = {
  name: 'stop',
  summary: 'stop the running fleet, or some of its programs',
  details: 'It waits until they have finished their requests.',
  words: someWords,
  options: [{ flag: '--now', summary: 'end the whole fleet at once, without finishing requests' }, ...someOptions],
  examples: [
    { line: 'flotilla stop', does: 'the whole fleet, like Ctrl-C in its terminal' },
    { line: 'flotilla stop order-service', does: 'until flotilla start order-service' },
  ],
  async run(given, cli) {
    const { changeProcesses, stopFleet } = await import('../running/change-processes.ts');
    return given.words.length === 0 ? stopFleet(given, cli) : changeProcesses('stop', given, cli);
  },
};

export const restartVerb: Verb = {
  name: 'restart',
  summary: 'restart programs of the running fleet',
  details:
    'Without a name, all programs. It waits until they are ready. Instances of one program restart one after the other, so that some always answer; order-service-1 is only the first one.',
  words: someWords,
  options: someOptions,
  examples: [{ line: 'flotilla restart user-service order-service', does: 'both, with their current files' }],
  async run(given, cli) {
    const { restartProcesses } = await import('../running/change-processes.ts');
    return restartProcesses(given, cli);
  },
};

export const scaleVerb: Verb = {
  name: 'scale',
  summary: 'run more or fewer instances of programs of the running fleet',
  details: 'Additional instances use free ports. Surplus ones finish their requests.',
  words: {
    usage: '<program>=<number>…',
    atLeast: 1,
    atMost: Number.POSITIVE_INFINITY,
    missing: 'Name programs and numbers, for example: flotilla scale order-service=3',
    completes: 'programs',
  },
  options: someOptions,
  examples: [{ line: 'flotilla scale order-service=3 user-service=2', does: 'three of one, two of the other' }],
  async run(given, cli) {
    const { scalePrograms } = await import('../running/change-processes.ts');
    return scalePrograms(given, cli);
  },
};
