import { jsonOption, type Verb } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';
import { registryOption, tokenOption } from './registry-option.ts';

export const kvVerb: Verb = {
  name: 'kv',
  summary: 'read, write and watch the keys that the registry keeps',
  details:
    'kv get <key>, kv put <key> <value>, kv list [prefix], kv delete <key>, kv watch [prefix]. "get" prints the value alone. "watch" prints changes until Ctrl-C.',
  words: {
    usage: '<get|put|list|delete|watch> [key] [value]',
    atLeast: 1,
    atMost: 3,
    missing: 'Say what to do, for example: flotilla kv list config/',
    completes: ['get', 'put', 'list', 'delete', 'watch'],
  },
  options: [
    {
      flag: '--file',
      value: '<file>',
      summary: 'put: read the value from this file; - for standard input',
      example: 'logo.svg',
      completes: 'files',
    },
    {
      flag: '--if-revision',
      value: '<revision>',
      summary: 'put, delete: only if the key has this revision; 0: only if it is not there',
      example: '0',
    },
    { flag: '--keys', summary: 'list: the keys without their values' },
    { flag: '--prefix', summary: 'delete: all keys that begin so' },
    registryOption,
    tokenOption,
    { ...jsonOption, summary: 'print only JSON on stdout; watch: a document for each event' },
    fleetOption,
    configOption,
  ],
  examples: [
    { line: 'flotilla kv list config/', does: 'what central config says' },
    { line: 'flotilla kv put app/colour blue', does: 'write a key' },
    { line: 'flotilla kv put app/lock mine --if-revision 0', does: 'write it unless it is there' },
    { line: 'flotilla kv watch app/', does: 'see each change' },
    { line: 'flotilla kv delete app/ --prefix', does: 'delete all keys below app/' },
  ],
  async run(given, cli) {
    const { kvCommand } = await import('../registry/kv-commands.ts');
    return kvCommand(given, cli);
  },
};
