import type { Verb } from '../arguments/verb.ts';
import { registryOptions } from './registry-option.ts';

export const configVerb: Verb = {
  name: 'config',
  summary: 'show the settings that programs use, and change those that the registry keeps for them',
  details:
    'config [program…] shows the settings of the running fleet, or those that its programs would use, and where they come from; for programs without the Flotilla chassis, the variables that they get. Secrets are shown as ***. config set, unset, get and explain are about central config, which the registry keeps for one service, or for all of them under the name "shared".',
  words: {
    usage: '[program…] | <get|set|unset|explain> <service> [setting] [value]',
    atLeast: 0,
    atMost: Number.POSITIVE_INFINITY,
    completes: 'programs',
  },
  options: [
    { flag: '--all', summary: 'explain: also the settings about which central config says nothing' },
    ...registryOptions,
  ],
  examples: [
    { line: 'flotilla config user-service', does: 'its settings' },
    { line: 'flotilla config set user-service LOG_LEVEL debug', does: 'for all its instances, while they run' },
    { line: 'flotilla config set shared DEFAULT_LOCALE zh-CN', does: 'for all services, from their next start' },
    { line: 'flotilla config unset user-service LOG_LEVEL', does: 'back to what its file or its default says' },
    { line: 'flotilla config explain user-service', does: 'which value counts, and whether it fits' },
  ],
  async run(given, cli) {
    const { configCommand, isConfigWord } = await import('../registry/config-commands.ts');
    const [word] = given.words;
    if (isConfigWord(word)) return configCommand(word, given, cli);
    const { showSettings } = await import('../inspect/show-settings.ts');
    return showSettings(given, cli);
  },
};
