import type { Verb } from '../arguments/verb.ts';
import { registryOptions } from './registry-option.ts';

export const explainVerb: Verb = {
  name: 'explain',
  summary: 'say why each instance of a service gets requests, or why not',
  details: 'It shows what the registry knows: signs of life, checks, drains, and who removed what and when.',
  words: {
    usage: '<service>',
    atLeast: 1,
    atMost: 1,
    missing: 'Say which service, for example: flotilla explain user-service',
    completes: 'programs',
  },
  options: registryOptions,
  examples: [{ line: 'flotilla explain user-service', does: 'why it is served, or why not' }],
  async run(given, cli) {
    const { explainService } = await import('../registry/explain-service.ts');
    return explainService(given, cli);
  },
};
