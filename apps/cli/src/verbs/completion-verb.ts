import { Mistake } from '../arguments/mistake.ts';
import type { Verb } from '../arguments/verb.ts';
import { completionScripts } from '../help/completion-scripts.ts';

const shells = Object.keys(completionScripts);

export const completionVerb: Verb = {
  name: 'completion',
  summary: 'print a script that completes commands, options and names in a shell',
  words: {
    usage: `<${shells.join('|')}>`,
    atLeast: 1,
    atMost: 1,
    missing: `Name a shell: ${shells.join(', ')}.`,
    completes: shells,
  },
  options: [],
  examples: [
    { line: 'source <(flotilla completion bash)', does: 'in ~/.bashrc' },
    { line: 'source <(flotilla completion zsh)', does: 'in ~/.zshrc, after compinit' },
    { line: 'flotilla completion fish > ~/.config/fish/completions/flotilla.fish', does: 'once' },
  ],
  async run({ words: [shell = ''] }, { verbs, stdout, cwd }) {
    if (shell === 'names') {
      // For the scripts: a project that cannot be read has no names, and a person who types is not told why.
      const { loadFleet } = await import('@flotilla/fleet/config');
      const loaded = await loadFleet({ folder: cwd, besides: [import.meta.filename] });
      for (const { name } of loaded.ok ? loaded.fleet.programs : []) stdout.write(`${name}\n`);
      return 0;
    }
    const write = completionScripts[shell];
    if (write === undefined) throw new Mistake(`Unknown shell "${shell}". Choose one of: ${shells.join(', ')}.`);
    stdout.write(write(verbs));
    return 0;
  },
};
