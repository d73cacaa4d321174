import { jsonOption, type Verb } from '../arguments/verb.ts';

export const versionVerb: Verb = {
  name: 'version',
  summary: 'print the version of flotilla and of Node',
  options: [jsonOption],
  examples: [],
  async run(given, { version, stdout }) {
    const node = process.version;
    stdout.write(
      given.has('--json') ? `${JSON.stringify({ version, node })}\n` : `flotilla ${version} (Node ${node})\n`,
    );
    return 0;
  },
};
