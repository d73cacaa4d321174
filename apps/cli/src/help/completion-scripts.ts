import type { Completion, Verb } from '../arguments/verb.ts';

/** Prints the names of a project's programs, one a line; nothing where there is no project. */
const namesCommand = 'flotilla completion names';

/** What each shell is given. Made from the verbs as they are: nothing is asked but the names of programs. */
export const completionScripts: Readonly<Record<string, (verbs: readonly Verb[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

function flagsOf(verb: Verb): string[] {
  return [...verb.options.map(({ flag }) => flag), '--help'];
}

function bashScript(verbs: readonly Verb[]): string {
  const reply = (completes: Completion | undefined): string => {
    switch (completes) {
      case 'programs':
        return `COMPREPLY=($(compgen -W "$(${namesCommand} 2>/dev/null)" -- "$current"))`;
      case 'files':
        return 'COMPREPLY=($(compgen -f -- "$current"))';
      case 'folders':
        return 'COMPREPLY=($(compgen -d -- "$current"))';
      case 'verbs':
        return `COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')}" -- "$current"))`;
      case undefined:
        return 'COMPREPLY=()';
      default:
        return `COMPREPLY=($(compgen -W "${completes.join(' ')}" -- "$current"))`;
    }
  };
  const cases = verbs.map((verb) => {
    const valued = verb.options.filter(({ value }) => value !== undefined);
    return [
      `    ${verb.name})`,
      '      case $previous in',
      ...valued.map(({ flag, completes }) => `        ${flag}) ${reply(completes)}; return ;;`),
      '      esac',
      `      if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "${flagsOf(verb).join(' ')}" -- "$current"))`,
      `      else ${reply(verb.words?.completes)}; fi ;;`,
    ].join('\n');
  });
  return `# bash completion of flotilla: source <(flotilla completion bash)
_flotilla() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]}
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')} --help --version" -- "$current"))
    return
  fi
  case $verb in
${cases.join('\n')}
  esac
}
complete -F _flotilla flotilla
`;
}

/** Text within single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function zshScript(verbs: readonly Verb[]): string {
  // In zsh's own specifications these have a meaning.
  const plain = (text: string): string => text.replaceAll(/[[\]:\\]/g, (found) => `\\${found}`);
  const action = (completes: Completion | undefined): string => {
    switch (completes) {
      case 'programs':
        return `($(${namesCommand} 2>/dev/null))`;
      case 'files':
        return '_files';
      case 'folders':
        return '_files -/';
      case 'verbs':
        return `(${verbs.map(({ name }) => name).join(' ')})`;
      case undefined:
        return '';
      default:
        return `(${completes.join(' ')})`;
    }
  };
  const cases = verbs.map(({ name, options, words }) => {
    const specs = options.map(({ flag, value, summary, completes }) =>
      quoted(`${flag}[${plain(summary)}]${value === undefined ? '' : `:${plain(value)}:${action(completes)}`}`),
    );
    const rest = words === undefined ? [] : [quoted(`*:${plain(words.usage)}:${action(words.completes)}`)];
    return `    ${name}) _arguments ${[...specs, quoted('--help[show help]'), ...rest].join(' ')} ;;`;
  });
  return `#compdef flotilla
# zsh completion of flotilla: source <(flotilla completion zsh)
_flotilla() {
  local -a verbs=(
${verbs.map(({ name, summary }) => `    ${quoted(`${name}:${plain(summary)}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${cases.join('\n')}
  esac
}
compdef _flotilla flotilla
`;
}

function fishScript(verbs: readonly Verb[]): string {
  const source = (completes: Completion | undefined): string => {
    switch (completes) {
      case 'programs':
        return ` -f -a ${quoted(`(${namesCommand} 2>/dev/null)`)}`;
      case 'files':
        return ' -F';
      case 'folders':
        return ` -f -a ${quoted('(__fish_complete_directories)')}`;
      case 'verbs':
        return ` -f -a ${quoted(verbs.map(({ name }) => name).join(' '))}`;
      case undefined:
        return ' -f';
      default:
        return ` -f -a ${quoted(completes.join(' '))}`;
    }
  };
  const lines = verbs.flatMap(({ name, summary, options, words }) => {
    const within = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c flotilla -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map(({ flag, value, summary: does, completes }) => {
        const takes = value === undefined ? '' : ` -r${source(completes)}`;
        return `complete -c flotilla ${within} -l ${flag.slice(2)}${takes} -d ${quoted(does)}`;
      }),
      ...(words?.completes === undefined ? [] : [`complete -c flotilla ${within}${source(words.completes)}`]),
    ];
  });
  return `# fish completion of flotilla: flotilla completion fish > ~/.config/fish/completions/flotilla.fish
complete -c flotilla -f
${lines.join('\n')}
`;
}
