import type { Verb } from '../arguments/verb.ts';
import { exitCodes } from './exit-codes.ts';

/** What `flotilla help --json` prints: all that is known of the verbs, for whoever makes a document or a tool of it. */
export interface DescribedVerbs {
  readonly commands: readonly (Omit<Verb, 'run' | 'words'> & { readonly words?: string })[];
  readonly exitCodes: readonly { readonly code: number; readonly meaning: string }[];
}

/** Describes the verbs. */
export function describeVerbs(verbs: readonly Verb[]): DescribedVerbs {
  return {
    commands: verbs.map(({ name, summary, details, words, options, examples }) => ({
      name,
      summary,
      ...(details === undefined ? {} : { details }),
      ...(words === undefined ? {} : { words: words.usage }),
      options,
      examples,
    })),
    exitCodes: exitCodes.map(([code, meaning]) => ({ code, meaning })),
  };
}
