import { jsonOption, type Verb } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';

export const gatewayVerb: Verb = {
  name: 'gateway',
  summary: 'ask the running gateway for its routes and instances, and what it would do with a request',
  details:
    'gateway routes, gateway upstreams, gateway explain [method] <path>. "explain" sends nothing to a service. If the gateway has a port for operators (ADMIN_PORT), name that with --gateway.',
  words: {
    usage: '<routes|upstreams|explain> [method] [path]',
    atLeast: 1,
    atMost: 3,
    missing: 'Say what to ask, for example: flotilla gateway explain /users/1',
    completes: ['routes', 'upstreams', 'explain'],
  },
  options: [
    {
      flag: '--header',
      short: '-H',
      value: '<field>',
      summary: 'explain: a field of the request; may be repeated',
      example: 'Accept: application/json',
    },
    {
      flag: '--service',
      value: '<name>',
      summary: 'routes, upstreams: only what concerns this service',
      example: 'user-service',
      completes: 'programs',
    },
    {
      flag: '--gateway',
      value: '<url>',
      summary:
        'ask this gateway (default: that of the running fleet, else GATEWAY_URL, else port 8080 of this machine)',
      example: 'http://127.0.0.1:8080',
    },
    jsonOption,
    fleetOption,
    configOption,
  ],
  examples: [
    { line: 'flotilla gateway routes', does: 'its routes and their policies' },
    { line: 'flotilla gateway upstreams', does: 'which instances it uses, and why not the others' },
    { line: 'flotilla gateway explain /users/1', does: 'where a GET goes, step by step' },
    {
      line: 'flotilla gateway explain POST /orders -H \'Idempotency-Key: "a"\'',
      does: 'the same for a POST with a field',
    },
  ],
  async run(given, cli) {
    const { askGateway } = await import('../gateway/ask-gateway.ts');
    return askGateway(given, cli);
  },
};
