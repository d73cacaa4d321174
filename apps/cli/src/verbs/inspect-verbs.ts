import { jsonOption, type Verb } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';
import { registryOption, registryOptions } from './registry-option.ts';

export const servicesVerb: Verb = {
  name: 'services',
  summary: 'list the instances that the registry knows, and whether they get new work',
  words: { usage: '[service…]', atLeast: 0, atMost: Number.POSITIVE_INFINITY, completes: 'programs' },
  options: registryOptions,
  examples: [
    { line: 'flotilla services', does: 'all' },
    {
      line: 'flotilla services user-service --registry http://10.0.0.5:8500',
      does: 'those of one service, at another registry',
    },
  ],
  async run(given, cli) {
    const { showServices } = await import('../registry/show-services.ts');
    return showServices(given, cli);
  },
};

export const routesVerb: Verb = {
  name: 'routes',
  summary: 'list the routes of the gateway and the services that they call',
  details:
    'It reads the routes file as the gateway does, whether the gateway is running or not, and reports all mistakes at once.',
  options: [
    {
      flag: '--service',
      value: '<name>',
      summary: 'only routes that call this service',
      example: 'user-service',
      completes: 'programs',
    },
    jsonOption,
    configOption,
  ],
  examples: [{ line: 'flotilla routes --service order-service', does: 'the paths that lead to one service' }],
  async run(given, cli) {
    const { showRoutes } = await import('../inspect/show-routes.ts');
    return showRoutes(given, cli);
  },
};

export const doctorVerb: Verb = {
  name: 'doctor',
  summary: 'check for problems with the fleet',
  details:
    'It checks Node, the files, settings, ports, the disk, versions, the registry and its clock, and changes nothing. The exit code is 1 if something is wrong.',
  options: [registryOption, jsonOption, fleetOption, configOption],
  examples: [{ line: 'flotilla doctor', does: 'before you ask for help' }],
  async run(given, cli) {
    const { examine } = await import('../inspect/examine.ts');
    return examine(given, cli);
  },
};
